-- Rows that differ, volatile fields included; only lasting ones count as a change.
UPDATE {table} AS t
SET {assignments}, left_scope_at = NULL, in_scope_hash = NULL,
    changed_at = CASE WHEN d.is_changed THEN now() ELSE t.changed_at END {forget_resolution}
FROM {staging} AS s
JOIN delta AS d USING (seq)
WHERE t.connector_id = %(connector)s AND {same_key} AND NOT d.is_new;
