-- Columns that open edges name and that are not there as they are named, of objects whose columns the catalog knows: found
-- as the platform folds or compares them, or, in a tap's own words, without regard to case.
CREATE TEMPORARY TABLE judged_fields ON COMMIT DROP AS
WITH known AS (
    SELECT DISTINCT urn FROM end_columns
),
named AS (
    SELECT upstream_urn AS urn, upstream_field AS field, spelling
    FROM judged_edges
    WHERE upstream_urn IS NOT NULL AND upstream_field IS NOT NULL
    UNION ALL
    SELECT downstream_urn, downstream_field, 'urn' FROM judged_edges WHERE downstream_field IS NOT NULL
),
wanted AS (
    SELECT DISTINCT n.urn, n.field, n.spelling
    FROM named AS n
    JOIN known USING (urn)
    WHERE NOT EXISTS (SELECT FROM end_columns AS c WHERE c.urn = n.urn AND c.field_path = n.field)
),
rules AS (
    SELECT namespace, min(columns) AS columns, min(unquoted) AS unquoted, min(quoted) AS quoted
    FROM systems_now
    GROUP BY namespace
),
candidates AS (
    SELECT
        w.urn, w.field, w.spelling, c.field_path,
        CASE
            WHEN c.field_path IS NULL THEN NULL
            WHEN r.columns = 'insensitive' THEN 2
            WHEN w.spelling = 'quoted' AND c.field_path = catalog.folded(w.field, r.quoted) THEN 2
            WHEN w.spelling = 'unquoted' AND c.field_path = catalog.folded(w.field, r.unquoted) THEN 2
            WHEN w.spelling = 'unquoted' THEN 3
        END AS rank
    FROM wanted AS w
    LEFT JOIN end_columns AS c ON c.urn = w.urn AND lower(c.field_path) = lower(w.field)
    LEFT JOIN rules AS r ON r.namespace = catalog.urn_namespace(w.urn)
),
best AS (
    SELECT urn, field, spelling, least AS rank, array_agg(field_path) FILTER (WHERE rank = least) AS found
    FROM (SELECT c.*, min(rank) OVER (PARTITION BY urn, field, spelling) AS least FROM candidates AS c) AS ranked
    GROUP BY urn, field, spelling, least
)
SELECT
    urn, field, spelling,
    CASE WHEN rank IS NULL THEN 5 WHEN cardinality(found) > 1 THEN 4 ELSE rank END AS rank,
    CASE WHEN cardinality(found) = 1 THEN found[1] END AS field_path
FROM best;
