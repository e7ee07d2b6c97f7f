-- Diagnostics of earlier runs in the scopes of this one, and those of a whole run or system.
DELETE FROM catalog.diagnostics AS d
WHERE d.connector_id = %(connector)s
  AND (d.stream = '' OR d.scope_urn = catalog.urn_namespace(d.scope_urn)
       OR EXISTS (SELECT FROM run_scopes AS c WHERE catalog.is_within(d.scope_urn, c.scope_urn)));
