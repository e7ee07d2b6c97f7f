-- Removals held by earlier runs in the scopes of this one: it judges them anew.
DELETE FROM catalog.held_removals AS h
USING run_scopes AS c
WHERE h.connector_id = %(connector)s AND catalog.is_within(h.urn, c.scope_urn);
