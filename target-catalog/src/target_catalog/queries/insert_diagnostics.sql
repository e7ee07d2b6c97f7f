-- The diagnostics of the run.
INSERT INTO catalog.diagnostics AS d (connector_id, {columns}, run_id)
SELECT %(connector)s, {s_columns}, %(run)s
FROM {staging} AS s
ON CONFLICT (connector_id, code, stream, scope_urn) DO UPDATE
SET ({updated}, run_id) = ROW({excluded}, excluded.run_id);
