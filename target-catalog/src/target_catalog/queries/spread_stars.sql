-- The columns of open star edges: each of the upstream goes to the column of its name downstream, or to the one column that
-- the edge names, or keeps its name where the catalog knows no columns downstream.
INSERT INTO implied_now (connector_id, implied_by, upstream_urn, upstream_field, downstream_urn, downstream_field)
SELECT connector_id, lineage_id, upstream_urn, upstream_field, downstream_urn, downstream_field
FROM (
    SELECT
        j.connector_id, j.lineage_id, j.upstream_urn, up.field_path AS upstream_field, j.downstream_urn,
        CASE
            WHEN j.downstream_field IS NOT NULL THEN j.downstream_field
            WHEN known.urn IS NULL THEN up.field_path
            WHEN bool_or(down.field_path = up.field_path) THEN up.field_path
            WHEN count(down.field_path) = 1 THEN min(down.field_path)
        END AS downstream_field
    FROM judged_edges AS j
    JOIN end_columns AS up ON up.urn = j.upstream_urn
    LEFT JOIN (SELECT DISTINCT urn FROM end_columns) AS known ON known.urn = j.downstream_urn
    LEFT JOIN end_columns AS down
        ON down.urn = j.downstream_urn AND lower(down.field_path) = lower(up.field_path)
    WHERE j.granularity = 'star'
    GROUP BY j.connector_id, j.lineage_id, j.upstream_urn, up.field_path, j.downstream_urn, j.downstream_field, known.urn
) AS spread
WHERE downstream_field IS NOT NULL;
