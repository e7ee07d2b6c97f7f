-- Rows that the catalog doesn't have yet.
INSERT INTO {table} (connector_id, {columns}, first_seen_at, changed_at)
SELECT %(connector)s, {s_columns}, now(), now()
FROM {staging} AS s
JOIN delta AS d USING (seq)
WHERE d.is_new;
