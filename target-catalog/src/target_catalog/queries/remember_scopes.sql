-- Scopes that are complete now replace what lay within them.
WITH replaced AS (
    DELETE FROM catalog.scopes AS o
    USING run_scopes AS c
    WHERE o.connector_id = %(connector)s AND o.stream = c.stream AND c.settles
      AND o.scope_urn <> c.scope_urn AND catalog.is_within(o.scope_urn, c.scope_urn)
)
INSERT INTO catalog.scopes (connector_id, stream, scope_urn, filter_hash, extracted, run_id, complete_at)
SELECT %(connector)s, stream, scope_urn, filter_hash, extracted, %(run)s, clock_timestamp()
FROM run_scopes
WHERE settles
ON CONFLICT (connector_id, stream, scope_urn) DO UPDATE
SET filter_hash = excluded.filter_hash, extracted = excluded.extracted, run_id = excluded.run_id,
    complete_at = excluded.complete_at;
