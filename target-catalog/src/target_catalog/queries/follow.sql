-- What lies below an object follows it, unless it arrived itself.
INSERT INTO moved (direction, kind, stream, urn, object_key, parent_urn, is_object, breaking, in_scope_hash)
SELECT DISTINCT ON ({t_object_key})
    w.direction, w.kind, {stream}, {t_urn}, {t_object_key}, {t_parent}, {is_object},
    w.direction = 'out' AND catalog.removal_breaks({stream}, to_jsonb(t)), w.in_scope_hash
FROM moved_wholes AS w
JOIN {table} AS t ON {below}
WHERE t.connector_id = %(connector)s
  AND (w.direction = 'out' OR (w.direction = 'left') = (t.left_scope_at IS NULL))
  AND NOT EXISTS (SELECT FROM {staging} AS s WHERE {same_key})
  AND NOT EXISTS (SELECT FROM alive AS a WHERE a.stream = {stream} AND a.urn = {t_object_key})
ORDER BY {t_object_key}, w.direction DESC
ON CONFLICT DO NOTHING;
