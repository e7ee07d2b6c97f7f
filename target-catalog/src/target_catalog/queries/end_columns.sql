-- The columns and fields of the objects at the ends of open edges.
CREATE TEMPORARY TABLE end_columns ON COMMIT DROP AS
WITH ends AS (
    SELECT urn FROM judged_urns
    UNION
    SELECT urn FROM judged_references WHERE urn IS NOT NULL
    UNION
    SELECT downstream_urn FROM open_edges WHERE downstream_field IS NOT NULL OR granularity = 'star'
)
-- OFFSET keeps the planner from joining by connector, whose columns are all columns.
SELECT e.urn, c.field_path
FROM ends AS e
JOIN catalog.tables AS t ON t.urn = e.urn AND t.connector_id = ANY (%(connectors)s)
CROSS JOIN LATERAL (
    SELECT c.field_path
    FROM catalog.columns AS c
    WHERE c.connector_id = t.connector_id AND c.urn >= t.urn || '#' AND c.urn < t.urn || '$'
    OFFSET 0
) AS c
UNION
SELECT e.urn, f.field_path
FROM ends AS e
JOIN catalog.data_models AS m ON m.urn = e.urn AND m.connector_id = ANY (%(connectors)s)
CROSS JOIN LATERAL (
    SELECT f.field_path
    FROM catalog.fields AS f
    WHERE f.connector_id = m.connector_id AND f.urn >= m.urn || '#' AND f.urn < m.urn || '$'
    OFFSET 0
) AS f;
