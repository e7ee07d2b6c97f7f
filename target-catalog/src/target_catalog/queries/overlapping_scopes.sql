-- Two scopes of one stream of which one contains the other: there should be none.
SELECT outer_scope.stream, outer_scope.scope_urn, inner_scope.scope_urn
FROM run_scopes AS inner_scope
CROSS JOIN LATERAL catalog.urn_ancestors(inner_scope.scope_urn) AS above (urn)
JOIN run_scopes AS outer_scope ON outer_scope.stream = inner_scope.stream AND outer_scope.scope_urn = above.urn
LIMIT 1;
