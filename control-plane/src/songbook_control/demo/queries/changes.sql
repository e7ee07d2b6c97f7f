-- The change feed of one run, what breaks readers first.
SELECT stream, urn, kind, field, before, after, counts, breaking
FROM catalog.changes
WHERE run_id = %(run)s
ORDER BY breaking DESC, urn, field;
