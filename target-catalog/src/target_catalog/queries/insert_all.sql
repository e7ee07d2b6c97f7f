-- Rows for a table that holds nothing of this connector.
INSERT INTO {table} (connector_id, {columns}, first_seen_at, changed_at)
SELECT %(connector)s, {s_columns}, now(), now()
FROM {staging} AS s;
