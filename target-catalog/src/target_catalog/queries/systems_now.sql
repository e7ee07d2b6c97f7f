-- The systems of the organisation as their taps describe them, with all their names. Two taps may differ on defaults:
-- then both count. A name that is another system's own is none of these; one that two systems claim stands in no URN.
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
),
others AS (
    SELECT a.namespace, a.alias, count(*) OVER (PARTITION BY a.alias) = 1 AS is_sole
    FROM aliases AS a
    WHERE a.namespace IN (SELECT namespace FROM systems) AND a.alias NOT IN (SELECT namespace FROM systems)
)
SELECT
    s.namespace, s.platform, s.scheme, s.default_database, s.default_schema,
    s.unquoted, s.quoted, s.tables, s.columns,
    ARRAY(SELECT alias FROM others AS o WHERE o.namespace = s.namespace ORDER BY alias) AS aliases,
    ARRAY(SELECT alias FROM others AS o WHERE o.namespace = s.namespace AND is_sole ORDER BY alias) AS sole_aliases
FROM (SELECT DISTINCT namespace, platform, scheme, default_database, default_schema, unquoted, quoted, tables, columns
      FROM systems) AS s;
