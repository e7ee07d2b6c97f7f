-- The staged rows that differ from the catalog, so that nothing else is touched.
CREATE TEMPORARY TABLE delta ON COMMIT DROP AS
SELECT
    s.seq,
    t.connector_id IS NULL AS is_new,
    t.connector_id IS NOT NULL AND {t_lasting} IS DISTINCT FROM {s_lasting} AS is_changed,
    t.left_scope_at IS NOT NULL AS is_back
FROM {staging} AS s
LEFT JOIN {table} AS t ON t.connector_id = %(connector)s AND {same_key}
WHERE t.connector_id IS NULL OR t.left_scope_at IS NOT NULL OR {t_all} IS DISTINCT FROM {s_all};
