-- Rows of a first load, by scope; rows outside of any scope by system.
INSERT INTO first_loads (scope_urn, stream, rows)
SELECT c.scope_urn, {stream}, c.sent
FROM run_scopes AS c
WHERE c.stream = {stream} AND c.is_first AND c.sent > 0
UNION ALL
SELECT catalog.urn_namespace({s_urn}), {stream}, count(*)
FROM {staging} AS s
WHERE %(all_is_new)s AND NOT EXISTS (SELECT FROM run_scopes AS c WHERE c.stream = {stream} AND {s_within})
GROUP BY 1;
