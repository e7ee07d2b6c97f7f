-- One change row for each field that differs.
INSERT INTO catalog.changes
    (at, connector_id, run_id, stream, urn, object_key, kind, field, before, after, breaking)
SELECT
    now(), %(connector)s, %(run)s, {stream}, {t_urn}, {t_object_key}, 'changed', field.name,
    nullif(before.value, 'null'), nullif(after.value, 'null'),
    coalesce(catalog.is_breaking(
        {stream}, field.name, nullif(before.value, 'null'), nullif(after.value, 'null'), to_jsonb(s)
    ), false)
FROM delta AS d
JOIN {staging} AS s USING (seq)
JOIN {table} AS t ON t.connector_id = %(connector)s AND {same_key}
CROSS JOIN LATERAL (SELECT to_jsonb(t) AS t, to_jsonb(s) AS s) AS row
CROSS JOIN LATERAL unnest({lasting}::text[]) AS field (name)
CROSS JOIN LATERAL (SELECT row.t -> field.name AS value) AS before
CROSS JOIN LATERAL (SELECT row.s -> field.name AS value) AS after
WHERE d.is_changed AND before.value IS DISTINCT FROM after.value;
