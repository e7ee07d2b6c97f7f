-- Rows of a first load that lie in no scope, by system.
INSERT INTO first_loads (scope_urn, stream, rows)
SELECT catalog.urn_namespace({s_urn}), {stream}, count(*)
FROM {staging} AS s
WHERE NOT EXISTS (SELECT FROM run_scopes AS c WHERE c.stream = {stream} AND {s_within})
GROUP BY 1;
