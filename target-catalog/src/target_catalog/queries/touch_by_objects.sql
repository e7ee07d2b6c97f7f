-- Edges that may read otherwise because objects or columns came, changed or went: those at either end of which they are,
-- also by another name of their system, and those that name a table so.
INSERT INTO touched (connector_id, lineage_id)
SELECT DISTINCT connector_id, lineage_id
FROM (
    SELECT e.connector_id, e.lineage_id
    FROM stirred AS s
    JOIN catalog.lineage AS e ON e.resolved_upstream_urn = s.urn
    UNION ALL
    SELECT e.connector_id, e.lineage_id
    FROM stirred AS s
    JOIN catalog.lineage AS e ON e.downstream_urn = s.urn
    WHERE e.downstream_field IS NOT NULL OR e.granularity = 'star'
    UNION ALL
    SELECT e.connector_id, e.lineage_id
    FROM (
        SELECT urn FROM stirred
        UNION ALL
        SELECT a.alias || substr(s.urn, length(n.namespace) + 1) COLLATE "C"
        FROM stirred AS s
        JOIN systems_now AS n ON n.namespace = catalog.urn_namespace(s.urn)
        CROSS JOIN LATERAL unnest(n.sole_aliases) AS a (alias)
    ) AS known
    JOIN catalog.lineage AS e ON e.upstream_urn = known.urn AND e.resolved_upstream_urn IS NULL
    UNION ALL
    SELECT e.connector_id, e.lineage_id
    FROM (
        SELECT DISTINCT lower(catalog.urn_decode(substring(urn FROM '[^/]*$')) COLLATE "default") AS name FROM stirred
    ) AS named
    JOIN catalog.lineage AS e ON e.upstream_ref IS NOT NULL AND lower(e.upstream_ref ->> 'table') = named.name
) AS e
WHERE connector_id = ANY (%(connectors)s);
