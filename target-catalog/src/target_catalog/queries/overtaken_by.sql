-- A run that began later, has committed, and read what this one read: a scope that contains or lies within one of its own,
-- or a stream that has no scopes here. What a run says of the whole system beside its own scopes doesn't count: the newer
-- run's word of that stands.
SELECT newer.id
FROM catalog.runs AS this
JOIN catalog.runs AS newer
    ON newer.connector_id = this.connector_id AND newer.number > this.number
    AND newer.status IN ('succeeded', 'partial')
WHERE this.id = %(run)s
  AND (newer.records ?| %(unscoped)s
       OR EXISTS (
           SELECT
           FROM catalog.coverage AS theirs
           JOIN run_scopes AS c ON c.stream = theirs.stream
           WHERE theirs.connector_id = this.connector_id AND theirs.run_id = newer.id AND c.stream <> 'systems'
             AND (catalog.is_within(theirs.scope_urn, c.scope_urn) OR catalog.is_within(c.scope_urn, theirs.scope_urn))
             AND (c.scope_urn <> catalog.urn_namespace(c.scope_urn)
                  OR NOT EXISTS (
                      SELECT FROM run_scopes AS own WHERE own.scope_urn <> catalog.urn_namespace(own.scope_urn)
                  ))
       ))
LIMIT 1;
