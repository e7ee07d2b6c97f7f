-- What a column is made from, step by step across views; each row is one step further from it.
WITH RECURSIVE edges AS (
    SELECT DISTINCT
        downstream_urn, downstream_field, resolved_upstream_urn AS upstream_urn, upstream_field,
        transformation_subtype AS how
    FROM catalog.lineage
    WHERE connector_id = %(connector)s
        AND granularity = 'column'
        AND transformation_type = 'DIRECT'
        AND resolved_upstream_urn IS NOT NULL
),
steps AS (
    SELECT upstream_urn, upstream_field, how, ARRAY[upstream_urn || '#' || upstream_field] AS way
    FROM edges
    WHERE downstream_urn = %(table_urn)s AND downstream_field = %(field)s
    UNION ALL
    SELECT e.upstream_urn, e.upstream_field, e.how, s.way || (e.upstream_urn || '#' || e.upstream_field)
    FROM steps AS s
    JOIN edges AS e ON e.downstream_urn = s.upstream_urn AND e.downstream_field = s.upstream_field
    WHERE e.upstream_urn || '#' || e.upstream_field <> ALL (s.way)
)
SELECT cardinality(way) AS depth, upstream_urn, upstream_field, how
FROM steps
ORDER BY way;
