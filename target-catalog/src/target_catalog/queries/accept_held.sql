-- The held removals of a run, as rows that go.
INSERT INTO moved (direction, kind, stream, urn, object_key, parent_urn, is_object, breaking)
SELECT 'out', 'removed', {stream}, {t_urn}, {t_object_key}, {t_parent}, {is_object},
    catalog.removal_breaks({stream}, to_jsonb(t))
FROM catalog.held_removals AS h
JOIN {table} AS t ON t.connector_id = %(connector)s AND h.object_key = {t_object_key}
WHERE h.connector_id = %(connector)s AND h.run_id = %(run)s AND h.stream = {stream};
