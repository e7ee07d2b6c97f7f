-- Upstreams for which taps have only the source's own words. The system is found by its name or an alias of it, never by
-- likeness; the table by its path: as it is (exact), as the platform folds such names (normalized), or without regard to
-- case (folded). Words without a host or account mean the only system of their platform.
CREATE TEMPORARY TABLE judged_references ON COMMIT DROP AS
WITH wanted AS (
    SELECT
        o.upstream_ref, lower(r.platform) AS platform, r.host, trunc(r.port)::text AS port, r.account, r.database, r.schema,
        r."table", coalesce(r.quoted, false) AS quoted
    FROM (SELECT DISTINCT upstream_ref FROM open_edges WHERE upstream_urn IS NULL AND upstream_ref IS NOT NULL) AS o
    CROSS JOIN LATERAL jsonb_to_record(o.upstream_ref)
        AS r (platform text, host text, port numeric, account text, database text, schema text, "table" text,
              quoted boolean)
),
names AS (
    SELECT DISTINCT s.namespace, catalog.system_name(s.platform, known.name) AS name
    FROM systems_now AS s
    CROSS JOIN LATERAL unnest(s.aliases || s.namespace) AS known (name)
),
addressed AS (
    SELECT DISTINCT
        w.upstream_ref, s.namespace,
        catalog.system_name(s.platform, w.account) AS account,
        catalog.system_name(
            s.platform, CASE WHEN w.host ~ ':\d+$' THEN w.host ELSE concat_ws(':', w.host, w.port) END
        ) AS host
    FROM wanted AS w
    JOIN systems_now AS s ON w.platform IN (s.platform, s.scheme)
    WHERE w.host IS NOT NULL OR w.account IS NOT NULL
),
placed AS (
    SELECT DISTINCT a.upstream_ref, a.namespace
    FROM addressed AS a
    JOIN names AS n USING (namespace)
    WHERE n.name IN (a.host, regexp_replace(a.host, ':\d+$', ''), a.account, '')
       OR (a.host !~ ':\d+$' AND regexp_replace(n.name, ':\d+$', '') = a.host)
    UNION ALL
    SELECT w.upstream_ref, min(s.namespace)
    FROM wanted AS w
    JOIN systems_now AS s ON w.platform IN (s.platform, s.scheme)
    WHERE w.host IS NULL AND w.account IS NULL
    GROUP BY w.upstream_ref
    HAVING count(DISTINCT s.namespace) = 1
),
paths AS (
    SELECT DISTINCT
        w.upstream_ref, w.quoted, s.namespace, s.tables, form.path,
        CASE WHEN w.quoted THEN s.quoted ELSE s.unquoted END AS folding
    FROM wanted AS w
    JOIN placed AS p USING (upstream_ref)
    JOIN systems_now AS s USING (namespace)
    CROSS JOIN LATERAL (
        -- Where the namespace names no account, as BigQuery's, the account is what a path begins with.
        VALUES
            (ARRAY[
                coalesce(w.database, CASE WHEN s.namespace LIKE '%%://' THEN w.account END, s.default_database),
                coalesce(w.schema, s.default_schema), w."table"
            ]),
            (ARRAY[coalesce(w.database, w.schema, s.default_database), w."table"])
    ) AS form (path)
    WHERE array_position(form.path, NULL) IS NULL
),
candidates AS (
    SELECT DISTINCT
        p.upstream_ref, t.urn,
        CASE
            WHEN t.path_segments = p.path THEN 1
            WHEN p.tables = 'insensitive' OR t.path_segments::text = catalog.folded(p.path::text, p.folding) THEN 2
            WHEN NOT p.quoted THEN 3
        END AS rank
    FROM paths AS p
    JOIN catalog.tables AS t
        ON t.match_key = catalog.match_key(p.namespace, p.path) AND t.namespace = p.namespace
        AND t.connector_id = ANY (%(connectors)s)
    WHERE lower(t.path_segments::text) = lower(p.path::text)
),
best AS (
    SELECT upstream_ref, rank, array_agg(DISTINCT urn ORDER BY urn) AS urns
    FROM (SELECT c.*, min(rank) OVER (PARTITION BY upstream_ref) AS least FROM candidates AS c) AS ranked
    WHERE rank = least
    GROUP BY upstream_ref, rank
)
SELECT
    upstream_ref,
    CASE WHEN cardinality(urns) > 1 THEN 'ambiguous' ELSE (ARRAY['exact', 'normalized', 'folded'])[rank] END AS resolution,
    CASE WHEN cardinality(urns) = 1 THEN urns[1] END AS urn,
    CASE WHEN cardinality(urns) > 1 THEN to_jsonb(urns) END AS candidates
FROM best;
