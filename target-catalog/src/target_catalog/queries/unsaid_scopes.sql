-- Streams that earlier runs told of in a place, and that this one sends but says nothing of there, although it tells of
-- other streams in the same place: a line of coverage was lost on the way.
SELECT o.stream, o.scope_urn
FROM catalog.coverage AS o
WHERE o.connector_id = %(connector)s AND o.stream = ANY (%(announced)s)
  AND EXISTS (SELECT FROM run_scopes AS c WHERE c.scope_urn = o.scope_urn)
  AND NOT EXISTS (
      SELECT FROM run_scopes AS c
      WHERE c.stream = o.stream
        AND (catalog.is_within(o.scope_urn, c.scope_urn) OR catalog.is_within(c.scope_urn, o.scope_urn))
  )
ORDER BY o.stream, o.scope_urn
LIMIT 20;
