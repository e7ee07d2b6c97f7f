-- Whole objects that go, leave or come back, without those that lie below another: what is below follows them.
CREATE TEMPORARY TABLE moved_wholes ON COMMIT DROP AS
SELECT m.direction, m.kind, m.urn, m.in_scope_hash
FROM moved AS m
WHERE m.direction <> 'in' AND m.is_object AND m.stream = ANY (%(wholes)s)
  AND NOT EXISTS (
      SELECT
      FROM catalog.urn_ancestors(m.urn) AS up (urn)
      JOIN moved AS above ON above.urn = up.urn AND above.is_object AND above.direction = m.direction
  );
