-- How many rows each stream of a connector has in the catalog.
SELECT stream, count
FROM (
    SELECT 1, 'containers', count(*) FROM catalog.containers WHERE connector_id = %(connector)s
    UNION ALL
    SELECT 2, 'tables', count(*) FROM catalog.tables WHERE connector_id = %(connector)s
    UNION ALL
    SELECT 3, 'columns', count(*) FROM catalog.columns WHERE connector_id = %(connector)s
    UNION ALL
    SELECT 4, 'constraints', count(*) FROM catalog.constraints WHERE connector_id = %(connector)s
    UNION ALL
    SELECT 5, 'indexes', count(*) FROM catalog.indexes WHERE connector_id = %(connector)s
    UNION ALL
    SELECT 6, 'routines', count(*) FROM catalog.routines WHERE connector_id = %(connector)s
    UNION ALL
    SELECT 7, 'triggers', count(*) FROM catalog.triggers WHERE connector_id = %(connector)s
    UNION ALL
    SELECT 8, 'sequences', count(*) FROM catalog.sequences WHERE connector_id = %(connector)s
    UNION ALL
    SELECT 9, 'types', count(*) FROM catalog.types WHERE connector_id = %(connector)s
    UNION ALL
    SELECT 10, 'lineage', count(*) FROM catalog.lineage WHERE connector_id = %(connector)s
) AS counts (place, stream, count)
ORDER BY place;
