-- Streams that earlier runs told of in a place, and that this one sends but says nothing of there, although it tells of
-- other streams in the same place: a line of coverage was lost on the way.
WITH unsaid AS MATERIALIZED (
    SELECT o.stream, o.scope_urn
    FROM catalog.coverage AS o
    LEFT JOIN run_scopes AS same ON same.stream = o.stream AND same.scope_urn = o.scope_urn
    WHERE o.connector_id = %(connector)s AND o.stream = ANY (%(announced)s) AND same.stream IS NULL
      AND o.scope_urn IN (SELECT scope_urn FROM run_scopes)
)
SELECT u.stream, u.scope_urn
FROM unsaid AS u
WHERE NOT EXISTS (
    SELECT FROM run_scopes AS c
    WHERE c.stream = u.stream
      AND (catalog.is_within(u.scope_urn, c.scope_urn) OR catalog.is_within(c.scope_urn, u.scope_urn))
)
ORDER BY u.stream, u.scope_urn
LIMIT 20;
