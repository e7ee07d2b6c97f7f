-- What the run said about its scopes replaces what earlier runs said about the same places.
WITH replaced AS (
    DELETE FROM catalog.coverage AS o
    USING run_scopes AS c
    WHERE o.connector_id = %(connector)s AND o.stream = c.stream AND o.scope_urn <> c.scope_urn
      AND (catalog.is_within(o.scope_urn, c.scope_urn) OR catalog.is_within(c.scope_urn, o.scope_urn))
)
INSERT INTO catalog.coverage AS o (connector_id, {columns}, arrived, run_id)
SELECT %(connector)s, {s_columns}, c.arrived, %(run)s
FROM {staging} AS s
JOIN run_scopes AS c USING (stream, scope_urn)
ON CONFLICT (connector_id, stream, scope_urn) DO UPDATE
SET ({updated}, arrived, run_id) = ROW({excluded}, excluded.arrived, excluded.run_id);
