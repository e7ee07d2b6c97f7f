-- Rows of a first load, by scope.
INSERT INTO first_loads (scope_urn, stream, rows)
SELECT c.scope_urn, {stream}, c.sent
FROM run_scopes AS c
WHERE c.stream = {stream} AND c.is_first AND c.sent > 0;
