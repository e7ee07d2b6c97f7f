-- Edges whose tap only has the source's own name of the upstream. The system is found by its name or an alias of it,
-- never by likeness; the table by its path: as it is (exact), as the platform folds unquoted names (normalized), or
-- without regard to case (folded).
WITH edges AS (
    SELECT e.connector_id, e.lineage_id, lower(r.platform) AS platform, lower(r.host) AS host, r.port,
        lower(r.account) AS account, r.account AS raw_account, r.database, r.schema, r."table",
        coalesce(r.quoted, false) AS quoted
    FROM catalog.lineage AS e
    JOIN catalog.connectors AS c ON c.id = e.connector_id AND c.organization_id = %(organization)s
    CROSS JOIN LATERAL jsonb_to_record(e.upstream_ref)
        AS r (platform text, host text, port integer, account text, database text, schema text, "table" text,
              quoted boolean)
    WHERE e.upstream_ref IS NOT NULL AND e.upstream_urn IS NULL
),
systems AS (
    SELECT DISTINCT ON (s.namespace)
        s.namespace, lower(s.platform) AS platform, s.namespace_aliases, s.default_database, s.default_schema,
        s.identifiers ->> 'unquoted' AS folding
    FROM catalog.systems AS s
    JOIN catalog.connectors AS c ON c.id = s.connector_id AND c.organization_id = %(organization)s
    ORDER BY s.namespace, s.changed_at DESC
),
names AS (
    SELECT namespace, lower(split_part(name, '://', CASE WHEN name LIKE '%%://%%' THEN 2 ELSE 1 END)) AS authority
    FROM (
        SELECT namespace, namespace AS name FROM systems
        UNION ALL
        SELECT namespace, jsonb_array_elements_text(namespace_aliases) FROM systems
        UNION ALL
        SELECT namespace, alias FROM catalog.system_aliases WHERE organization_id = %(organization)s
    ) AS known
),
placed AS (
    SELECT DISTINCT e.connector_id, e.lineage_id, s.namespace
    FROM edges AS e
    JOIN systems AS s ON s.platform = e.platform
    JOIN names AS n ON n.namespace = s.namespace
    WHERE coalesce(e.host, e.account) IS NOT NULL
      AND (n.authority IN (e.host || ':' || e.port, e.host, e.account, '')
           OR (e.port IS NULL AND split_part(n.authority, ':', 1) = e.host))
    UNION
    SELECT e.connector_id, e.lineage_id, only_one.namespace
    FROM edges AS e
    JOIN (
        SELECT platform, min(namespace) AS namespace FROM systems GROUP BY platform HAVING count(*) = 1
    ) AS only_one ON only_one.platform = e.platform
    WHERE coalesce(e.host, e.account) IS NULL
),
paths AS (
    SELECT e.connector_id, e.lineage_id, e.quoted, s.namespace, s.folding,
        array_remove(CASE
            WHEN s.platform = 'mysql'
                THEN ARRAY[coalesce(e.database, e.schema, s.default_database), e."table"]
            WHEN s.namespace LIKE '%%://'
                THEN ARRAY[coalesce(e.database, e.raw_account, s.default_database), coalesce(e.schema, s.default_schema), e."table"]
            ELSE ARRAY[coalesce(e.database, s.default_database), coalesce(e.schema, s.default_schema), e."table"]
        END, NULL) AS path
    FROM edges AS e
    JOIN placed AS p USING (connector_id, lineage_id)
    JOIN systems AS s USING (namespace)
),
candidates AS (
    SELECT DISTINCT p.connector_id, p.lineage_id, t.urn,
        CASE
            WHEN t.path_segments = p.path THEN 1
            WHEN t.path_segments::text = CASE p.folding
                WHEN 'lower' THEN lower(p.path::text) WHEN 'upper' THEN upper(p.path::text) ELSE p.path::text
            END THEN 2
            ELSE 3
        END AS rank, p.quoted
    FROM paths AS p
    JOIN catalog.tables AS t
        ON t.match_key = catalog.match_key(p.namespace, p.path) AND t.namespace = p.namespace
    JOIN catalog.connectors AS c ON c.id = t.connector_id AND c.organization_id = %(organization)s
),
best AS (
    SELECT connector_id, lineage_id, rank, count(*) AS count, min(urn) AS urn,
        jsonb_agg(urn ORDER BY urn) AS urns,
        row_number() OVER (PARTITION BY connector_id, lineage_id ORDER BY rank) AS place
    FROM candidates
    WHERE rank = 1 OR NOT quoted
    GROUP BY connector_id, lineage_id, rank
),
outcomes AS (
    SELECT e.connector_id, e.lineage_id,
        CASE
            WHEN b.count IS NULL THEN 'unresolved'
            WHEN b.count > 1 THEN 'ambiguous'
            ELSE (ARRAY['exact', 'normalized', 'folded'])[b.rank]
        END AS resolution,
        CASE WHEN b.count = 1 THEN b.urn END AS urn,
        CASE WHEN b.count > 1 THEN b.urns END AS urns
    FROM edges AS e
    LEFT JOIN best AS b ON b.connector_id = e.connector_id AND b.lineage_id = e.lineage_id AND b.place = 1
)
UPDATE catalog.lineage AS e
SET resolution = o.resolution, resolved_upstream_urn = o.urn, resolution_candidates = o.urns
FROM outcomes AS o
WHERE e.connector_id = o.connector_id AND e.lineage_id = o.lineage_id
  AND (e.resolution, e.resolved_upstream_urn, e.resolution_candidates)
      IS DISTINCT FROM (o.resolution, o.urn, o.urns);
