-- Removals held by earlier runs in the scopes of this one: it judges them anew. Gives a row when others are held still.
WITH released AS (
    DELETE FROM catalog.held_removals AS h
    USING run_scopes AS c
    WHERE h.connector_id = %(connector)s AND catalog.is_within(h.urn, c.scope_urn)
    RETURNING h.stream, h.object_key
)
SELECT
FROM catalog.held_removals AS h
WHERE h.connector_id = %(connector)s
  AND NOT EXISTS (SELECT FROM released AS r WHERE r.stream = h.stream AND r.object_key = h.object_key)
LIMIT 1;
