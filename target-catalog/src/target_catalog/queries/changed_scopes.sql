-- One change row for the first load of each scope.
INSERT INTO catalog.changes (at, connector_id, run_id, stream, urn, object_key, kind, counts)
SELECT
    now(), %(connector)s, %(run)s, 'scopes', scope_urn, scope_urn, 'added', jsonb_object_agg(stream, rows)
FROM first_loads
GROUP BY scope_urn;
