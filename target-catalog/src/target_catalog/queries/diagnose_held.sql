-- Removals are held, by this run or earlier ones: how many, and which for example.
INSERT INTO catalog.diagnostics
    (connector_id, code, stream, scope_urn, severity, title, detail, remediation, count, run_id)
SELECT
    %(connector)s, 'REMOVALS_HELD', '', min(catalog.urn_namespace(urn)), 'error',
    format('%%s objects are gone from the source; their removal is held', count(*)),
    string_agg(urn, E'\n' ORDER BY urn) FILTER (WHERE place <= 20),
    string_agg(DISTINCT format('target-catalog --accept-removals %%s', run_id), E'\n'), count(*), %(run)s
FROM (
    SELECT urn, run_id, row_number() OVER (ORDER BY urn) AS place
    FROM catalog.held_removals
    WHERE connector_id = %(connector)s
) AS held
HAVING count(*) > 0;
