-- What lineage names and the catalog doesn't have, each once a connector, with what could be meant: the tables between which
-- it could not choose, else tables of that name.
WITH missing AS (
    SELECT
        connector, coalesce(e.upstream_urn, e.resolved_upstream_urn) AS urn, e.upstream_ref,
        CASE WHEN e.resolved_upstream_urn IS NOT NULL THEN e.upstream_field END AS upstream_field,
        CASE WHEN e.resolved_upstream_urn IS NOT NULL THEN e.downstream_urn END AS downstream_urn,
        CASE WHEN e.resolved_upstream_urn IS NOT NULL THEN e.downstream_field END AS downstream_field,
        CASE WHEN e.resolved_upstream_urn IS NULL THEN e.resolution ELSE e.field_resolution END AS how,
        e.resolved_upstream_urn IS NOT NULL AS is_column, e.resolution_candidates,
        count(*) AS edges, min(e.asserted_by) AS asserted_by
    FROM catalog.unresolved_lineage AS e
    WHERE organization_id = %(organization)s
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
),
tables AS (
    SELECT lower(t.path_segments[cardinality(t.path_segments)]) AS name, array_agg(DISTINCT t.urn) AS urns
    FROM catalog.tables AS t
    JOIN catalog.connectors AS c ON c.id = t.connector_id
    WHERE c.organization_id = %(organization)s
    GROUP BY 1
)
SELECT
    m.connector, m.how, m.urn, m.upstream_ref, m.upstream_field, m.downstream_urn, m.downstream_field, m.edges,
    m.asserted_by,
    CASE
        WHEN m.resolution_candidates IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(m.resolution_candidates))
        WHEN NOT m.is_column THEN t.urns[1:5]
    END AS candidates
FROM missing AS m
LEFT JOIN tables AS t
    ON t.name = lower(coalesce(m.upstream_ref ->> 'table', catalog.urn_decode(substring(m.urn FROM '[^/]*$')) COLLATE "default"))
ORDER BY m.connector, m.how, m.edges DESC, m.urn, m.upstream_ref, m.upstream_field, m.downstream_urn, m.downstream_field;
