-- What the run said about its scopes replaces what earlier runs said about the same places.
WITH replaced AS (
    DELETE FROM catalog.coverage AS o
    WHERE o.connector_id = %(connector)s
      AND (o.stream, o.scope_urn) IN (
          SELECT c.stream, above.urn
          FROM run_scopes AS c
          CROSS JOIN LATERAL catalog.urn_ancestors(c.scope_urn) AS above (urn)
          UNION ALL
          SELECT inner_scope.stream, inner_scope.scope_urn
          FROM catalog.coverage AS inner_scope
          CROSS JOIN LATERAL catalog.urn_ancestors(inner_scope.scope_urn) AS above (urn)
          JOIN run_scopes AS c ON c.stream = inner_scope.stream AND c.scope_urn = above.urn
          WHERE inner_scope.connector_id = %(connector)s
      )
)
INSERT INTO catalog.coverage AS o (connector_id, {columns}, arrived, run_id)
SELECT %(connector)s, {s_columns}, c.arrived, %(run)s
FROM {staging} AS s
JOIN run_scopes AS c USING (stream, scope_urn)
ON CONFLICT (connector_id, stream, scope_urn) DO UPDATE
SET ({updated}, arrived, run_id) = ROW({excluded}, excluded.arrived, excluded.run_id);
