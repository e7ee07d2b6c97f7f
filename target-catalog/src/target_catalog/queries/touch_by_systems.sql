-- Edges that may read otherwise because systems, their names or their rules changed: those that name such a platform, and
-- those at either end of which lies such a system, also by another name of it.
INSERT INTO touched (connector_id, lineage_id)
SELECT DISTINCT connector_id, lineage_id
FROM (
    SELECT e.connector_id, e.lineage_id
    FROM catalog.lineage AS e
    WHERE e.upstream_ref IS NOT NULL
      AND lower(e.upstream_ref ->> 'platform') IN (
          SELECT platform FROM systems_changed UNION SELECT scheme FROM systems_changed
      )
    UNION ALL
    SELECT e.connector_id, e.lineage_id
    FROM systems_changed AS s
    JOIN catalog.lineage AS e
        ON e.resolved_upstream_urn >= s.namespace AND e.resolved_upstream_urn < s.namespace || '0'
    UNION ALL
    SELECT e.connector_id, e.lineage_id
    FROM systems_changed AS s
    JOIN catalog.lineage AS e ON e.downstream_urn >= s.namespace AND e.downstream_urn < s.namespace || '0'
    UNION ALL
    SELECT e.connector_id, e.lineage_id
    FROM systems_changed AS s
    JOIN systems_now AS n USING (namespace)
    CROSS JOIN LATERAL unnest(n.sole_aliases || n.namespace) AS known (name)
    JOIN catalog.lineage AS e
        ON e.resolved_upstream_urn IS NULL
        AND e.upstream_urn >= known.name COLLATE "C" AND e.upstream_urn < known.name || '0' COLLATE "C"
) AS e
WHERE connector_id = ANY (%(connectors)s);
