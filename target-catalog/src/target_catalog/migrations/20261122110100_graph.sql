-- The graph of lineage: what an object or column is made from, what is made from it, and what breaks when it goes.

-- The organisations that a question is about: those that the session names, else all that it may see.
CREATE FUNCTION catalog.asked_organizations() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN cardinality(catalog.my_organizations()) > 0 THEN catalog.my_organizations()
    ELSE ARRAY(SELECT id FROM catalog.organizations)
END;

-- What is made, in one step, from each of some objects (field is null) and columns; `place` says from which. OFFSET
-- makes each of them look up its own edges: to read and sort all there are takes longer, however many begin. A column flows
-- where an edge names it, and into the whole of what reads its table while the catalog knows no column that this reads.
CREATE FUNCTION catalog.flows_from(urns text[], fields text[], connectors uuid[])
RETURNS TABLE (urn text, field text, place bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT e.downstream_urn, e.resolved_downstream_field, n.place
    FROM unnest(urns, fields) WITH ORDINALITY AS n (urn, field, place)
    CROSS JOIN LATERAL (
        SELECT e.downstream_urn, e.resolved_downstream_field
        FROM catalog.lineage AS e
        WHERE e.resolved_upstream_urn = n.urn AND hashtext(e.resolved_upstream_field) = hashtext(n.field)
          AND e.resolved_upstream_field = n.field
          AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
        OFFSET 0
    ) AS e
    UNION ALL
    SELECT i.downstream_urn, i.downstream_field, n.place
    FROM unnest(urns, fields) WITH ORDINALITY AS n (urn, field, place)
    CROSS JOIN LATERAL (
        SELECT i.downstream_urn, i.downstream_field
        FROM catalog.implied_lineage AS i
        WHERE i.upstream_urn = n.urn AND hashtext(i.upstream_field) = hashtext(n.field) AND i.upstream_field = n.field
          AND i.connector_id = ANY (connectors)
        OFFSET 0
    ) AS i
    UNION ALL
    SELECT e.downstream_urn, NULL, n.place
    FROM unnest(urns, fields) WITH ORDINALITY AS n (urn, field, place)
    CROSS JOIN LATERAL (
        SELECT e.downstream_urn
        FROM catalog.lineage AS e
        WHERE n.field IS NULL AND e.resolved_upstream_urn = n.urn
          AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
        OFFSET 0
    ) AS e
    UNION ALL
    SELECT i.downstream_urn, NULL, n.place
    FROM unnest(urns, fields) WITH ORDINALITY AS n (urn, field, place)
    CROSS JOIN LATERAL (
        SELECT i.downstream_urn
        FROM catalog.implied_lineage AS i
        WHERE n.field IS NULL AND i.upstream_urn = n.urn AND i.connector_id = ANY (connectors)
        OFFSET 0
    ) AS i
    UNION ALL
    SELECT coarse.urn, NULL, n.place
    FROM (
        SELECT n.urn, min(n.place) AS place
        FROM unnest(urns, fields) WITH ORDINALITY AS n (urn, field, place)
        WHERE n.field IS NOT NULL
        GROUP BY n.urn
    ) AS n
    CROSS JOIN LATERAL (
        SELECT e.downstream_urn AS urn
        FROM catalog.lineage AS e
        WHERE e.resolved_upstream_urn = n.urn AND hashtext(e.resolved_upstream_field) IS NULL AND e.granularity = 'table'
          AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
        UNION
        SELECT i.downstream_urn
        FROM catalog.implied_lineage AS i
        WHERE i.upstream_urn = n.urn AND hashtext(i.upstream_field) IS NULL AND i.connector_id = ANY (connectors)
    ) AS coarse
    WHERE NOT EXISTS (
        SELECT FROM catalog.lineage AS e
        WHERE e.downstream_urn = coarse.urn
          AND e.resolved_upstream_urn = n.urn
          AND e.resolved_upstream_field IS NOT NULL AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
    ) AND NOT EXISTS (
        SELECT FROM catalog.implied_lineage AS i
        WHERE i.downstream_urn = coarse.urn
          AND i.upstream_urn = n.urn
          AND i.upstream_field IS NOT NULL AND i.connector_id = ANY (connectors)
    )
$$;

-- What each of some objects (field is null) and columns is made from, in one step: the counterpart of flows_from.
CREATE FUNCTION catalog.flows_to(urns text[], fields text[], connectors uuid[])
RETURNS TABLE (urn text, field text, place bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT e.resolved_upstream_urn, e.resolved_upstream_field, n.place
    FROM unnest(urns, fields) WITH ORDINALITY AS n (urn, field, place)
    CROSS JOIN LATERAL (
        SELECT e.resolved_upstream_urn, e.resolved_upstream_field
        FROM catalog.lineage AS e
        WHERE e.downstream_urn = n.urn AND hashtext(e.resolved_downstream_field) = hashtext(n.field)
          AND e.resolved_downstream_field = n.field AND e.resolved_upstream_urn IS NOT NULL
          AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
        OFFSET 0
    ) AS e
    UNION ALL
    SELECT i.upstream_urn, i.upstream_field, n.place
    FROM unnest(urns, fields) WITH ORDINALITY AS n (urn, field, place)
    CROSS JOIN LATERAL (
        SELECT i.upstream_urn, i.upstream_field
        FROM catalog.implied_lineage AS i
        WHERE i.downstream_urn = n.urn AND hashtext(i.downstream_field) = hashtext(n.field) AND i.downstream_field = n.field
          AND i.connector_id = ANY (connectors)
        OFFSET 0
    ) AS i
    UNION ALL
    SELECT e.resolved_upstream_urn, NULL, n.place
    FROM unnest(urns, fields) WITH ORDINALITY AS n (urn, field, place)
    CROSS JOIN LATERAL (
        SELECT e.resolved_upstream_urn
        FROM catalog.lineage AS e
        WHERE n.field IS NULL AND e.downstream_urn = n.urn AND e.resolved_upstream_urn IS NOT NULL
          AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
        OFFSET 0
    ) AS e
    UNION ALL
    SELECT i.upstream_urn, NULL, n.place
    FROM unnest(urns, fields) WITH ORDINALITY AS n (urn, field, place)
    CROSS JOIN LATERAL (
        SELECT i.upstream_urn
        FROM catalog.implied_lineage AS i
        WHERE n.field IS NULL AND i.downstream_urn = n.urn AND i.connector_id = ANY (connectors)
        OFFSET 0
    ) AS i
    UNION ALL
    SELECT coarse.urn, NULL, n.place
    FROM (
        SELECT n.urn, min(n.place) AS place
        FROM unnest(urns, fields) WITH ORDINALITY AS n (urn, field, place)
        WHERE n.field IS NOT NULL
        GROUP BY n.urn
    ) AS n
    CROSS JOIN LATERAL (
        SELECT e.resolved_upstream_urn AS urn
        FROM catalog.lineage AS e
        WHERE e.downstream_urn = n.urn AND hashtext(e.resolved_downstream_field) IS NULL AND e.granularity = 'table'
          AND e.resolved_upstream_urn IS NOT NULL AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
        UNION
        SELECT i.upstream_urn
        FROM catalog.implied_lineage AS i
        WHERE i.downstream_urn = n.urn AND hashtext(i.downstream_field) IS NULL AND i.connector_id = ANY (connectors)
    ) AS coarse
    WHERE NOT EXISTS (
        SELECT FROM catalog.lineage AS e
        WHERE e.downstream_urn = n.urn
          AND e.resolved_upstream_urn = coarse.urn
          AND e.resolved_downstream_field IS NOT NULL AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
    ) AND NOT EXISTS (
        SELECT FROM catalog.implied_lineage AS i
        WHERE i.downstream_urn = n.urn
          AND i.upstream_urn = coarse.urn
          AND i.downstream_field IS NOT NULL AND i.connector_id = ANY (connectors)
    )
$$;

-- Everything that can be reached from an object or column, with the least number of steps and one way there; level by
-- level, within one organisation at a time. It keeps no table, so that it runs in a read-only transaction too.
CREATE FUNCTION catalog.walk(start text, steps integer, is_downstream boolean)
RETURNS TABLE (organization_id uuid, urn text, field text, depth integer, via_urn text, via_field text)
LANGUAGE plpgsql STABLE
-- How many nodes a step begins with decides how it knows those again that were reached.
SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off
SET jit = off
AS $$
DECLARE
    whole CONSTANT text := split_part(start, '#', 1);
    organization uuid;
    connectors uuid[];
    urns text[];
    fields text[];
    via_urns text[];
    via_fields text[];
    reached text[];
BEGIN
    FOR organization IN
        SELECT DISTINCT c.organization_id
        FROM catalog.connectors AS c
        WHERE c.organization_id = ANY (catalog.asked_organizations())
          AND c.id IN (
              SELECT e.connector_id FROM catalog.lineage AS e
              WHERE e.resolved_upstream_urn = whole OR e.downstream_urn = whole
              UNION
              SELECT i.connector_id FROM catalog.implied_lineage AS i
              WHERE i.upstream_urn = whole OR i.downstream_urn = whole
          )
    LOOP
        connectors := ARRAY(SELECT c.id FROM catalog.connectors AS c WHERE c.organization_id = organization);
        urns := ARRAY[whole];
        fields := ARRAY[catalog.urn_decode(nullif(split_part(start, '#', 2), ''))];
        reached := ARRAY[whole || coalesce('#' || fields[1], '')];
        FOR step IN 1 .. coalesce(steps, 2147483647) LOOP
            SELECT array_agg(n.urn), array_agg(n.field), array_agg(via.urn), array_agg(via.field)
            INTO urns, fields, via_urns, via_fields
            FROM (
                SELECT f.urn COLLATE "C" AS urn, f.field COLLATE "C" AS field, min(f.place) AS place
                FROM (
                    SELECT d.* FROM catalog.flows_from(urns, fields, connectors) AS d WHERE is_downstream
                    UNION ALL
                    SELECT u.* FROM catalog.flows_to(urns, fields, connectors) AS u WHERE NOT is_downstream
                ) AS f
                GROUP BY 1, 2
            ) AS n
            JOIN unnest(urns, fields) WITH ORDINALITY AS via (urn, field, place) USING (place)
            WHERE NOT EXISTS (
                SELECT FROM unnest(reached) AS r (key) WHERE r.key = n.urn || coalesce('#' || n.field, '')
            );
            EXIT WHEN urns IS NULL;
            RETURN QUERY
                SELECT organization, n.urn, n.field, step, n.via_urn, n.via_field
                FROM unnest(urns, fields, via_urns, via_fields) AS n (urn, field, via_urn, via_field);
            reached := reached || ARRAY(
                SELECT n.urn || coalesce('#' || n.field, '') FROM unnest(urns, fields) AS n (urn, field)
            );
        END LOOP;
    END LOOP;
END;
$$;

CREATE FUNCTION catalog.upstream(start text, steps integer DEFAULT NULL)
RETURNS TABLE (organization_id uuid, urn text, field text, depth integer, via_urn text, via_field text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM catalog.walk(start, steps, false);
END;

CREATE FUNCTION catalog.downstream(start text, steps integer DEFAULT NULL)
RETURNS TABLE (organization_id uuid, urn text, field text, depth integer, via_urn text, via_field text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM catalog.walk(start, steps, true);
END;

COMMENT ON FUNCTION catalog.upstream IS 'What an object, or the column after the # of its URN, is made from, in at most so many steps: the URN of each object, the column (null for the whole), the least number of steps, and from where the last of them came.';
COMMENT ON FUNCTION catalog.downstream IS 'What is made from an object, or from the column after the # of its URN; as catalog.upstream.';

-- What reads an object or column, with a name for it and once an object.
CREATE FUNCTION catalog.impact(start text, steps integer DEFAULT NULL)
RETURNS TABLE (
    organization_id uuid, stream text, kind text, name text, urn text, fields text[],
    depth integer, via_urn text, via_field text,
    url text
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH walked AS (
        SELECT * FROM catalog.walk(start, steps, true)
    ),
    reached AS (
        SELECT DISTINCT ON (w.organization_id, w.urn)
            w.organization_id, w.urn, w.depth, w.via_urn, w.via_field,
            array_agg(w.field) OVER (PARTITION BY w.organization_id, w.urn) AS fields
        FROM walked AS w
        WHERE w.urn <> split_part(start, '#', 1)
        ORDER BY w.organization_id, w.urn, w.depth
    ),
    known AS (
        SELECT connector_id, 'tables' AS stream, table_type AS kind, name, urn, url FROM catalog.tables
        UNION ALL
        SELECT connector_id, 'data_models', data_model_type, name, urn, url FROM catalog.data_models
        UNION ALL
        SELECT connector_id, 'charts', chart_type, name, urn, url FROM catalog.charts
        UNION ALL
        SELECT connector_id, 'dashboards', dashboard_type, name, urn, url FROM catalog.dashboards
        UNION ALL
        SELECT connector_id, 'jobs', job_type, name, urn, url FROM catalog.jobs
        UNION ALL
        SELECT connector_id, 'files', kind, name, urn, url FROM catalog.files
        UNION ALL
        SELECT connector_id, 'ml_models', NULL, name, urn, url FROM catalog.ml_models
    )
    SELECT DISTINCT ON (r.depth, r.urn, r.organization_id)
        r.organization_id, k.stream, k.kind, k.name, r.urn, nullif(array_remove(r.fields, NULL), '{}'), r.depth, r.via_urn,
        r.via_field, k.url
    FROM reached AS r
    LEFT JOIN (
        SELECT c.organization_id AS owner, o.* FROM known AS o JOIN catalog.connectors AS c ON c.id = o.connector_id
    ) AS k ON k.owner = r.organization_id AND k.urn = r.urn
    ORDER BY r.depth, r.urn, r.organization_id, k.connector_id;
END;

COMMENT ON FUNCTION catalog.impact IS 'What is at stake when an object, or the column after the # of its URN, goes: every view, data model, chart, dashboard and job that is made from it, nearest first.';

INSERT INTO catalog.migrations (version, name) VALUES ('20261122110100', 'graph');
