-- What this run says of a whole system, and a run that began later has said already.
SELECT DISTINCT c.stream, c.scope_urn
FROM catalog.runs AS this
JOIN catalog.runs AS newer
    ON newer.connector_id = this.connector_id AND newer.number > this.number
    AND newer.status IN ('succeeded', 'partial')
JOIN catalog.coverage AS theirs ON theirs.connector_id = this.connector_id AND theirs.run_id = newer.id
JOIN run_scopes AS c
    ON c.stream = theirs.stream AND c.scope_urn = catalog.urn_namespace(c.scope_urn)
    AND (catalog.is_within(theirs.scope_urn, c.scope_urn) OR theirs.scope_urn = c.scope_urn)
WHERE this.id = %(run)s;
