-- The systems of the organisation as their taps describe them, with all their names. Two taps may differ on defaults:
-- then both count. A name that is another system's own is none of these.
CREATE TEMPORARY TABLE systems_now ON COMMIT DROP AS
WITH systems AS (
    SELECT DISTINCT
        s.namespace, lower(s.platform) AS platform, split_part(s.namespace, '://', 1) AS scheme, s.namespace_aliases,
        s.default_database, s.default_schema,
        coalesce(s.identifiers ->> 'unquoted', 'keep') AS unquoted,
        coalesce(s.identifiers ->> 'quoted', 'keep') AS quoted,
        coalesce(s.identifiers ->> 'tables', 'sensitive') AS tables,
        coalesce(s.identifiers ->> 'columns', 'sensitive') AS columns
    FROM catalog.systems AS s
    WHERE s.connector_id = ANY (%(connectors)s)
),
aliases AS (
    SELECT namespace, jsonb_array_elements_text(namespace_aliases) AS alias FROM systems
    UNION
    SELECT namespace, alias FROM catalog.system_aliases WHERE organization_id = %(organization)s
)
SELECT
    s.namespace, s.platform, s.scheme, s.default_database, s.default_schema,
    s.unquoted, s.quoted, s.tables, s.columns,
    ARRAY(
        SELECT a.alias
        FROM aliases AS a
        WHERE a.namespace = s.namespace AND a.alias NOT IN (SELECT namespace FROM systems)
        ORDER BY a.alias
    ) AS aliases
FROM (SELECT DISTINCT namespace, platform, scheme, default_database, default_schema, unquoted, quoted, tables, columns
      FROM systems) AS s;
