-- The graph of lineage: what an object or column is made from, what is made from it, and what breaks when it goes.

-- One identifier as it stands in a URN: the counterpart of catalog.urn_decode.
CREATE FUNCTION catalog.urn_encode(identifier text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN identifier ~ '^[A-Za-z0-9._-]*$' THEN identifier ELSE (
    SELECT string_agg(
        CASE WHEN letter ~ '[A-Za-z0-9._-]' THEN letter
             ELSE regexp_replace(upper(encode(convert_to(letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END,
        '' ORDER BY place
    )
    FROM unnest(string_to_array(identifier, NULL)) WITH ORDINALITY AS letters (letter, place)
) END;

-- The organisations that a question is about: those that the session names, else all that it may see.
CREATE FUNCTION catalog.asked_organizations() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN cardinality(catalog.my_organizations()) > 0 THEN catalog.my_organizations()
    ELSE ARRAY(SELECT id FROM catalog.organizations)
END;

-- What is made, in one step, from each of some objects (field is null) and columns. A column flows where an edge names it,
-- and into the whole of what reads its table while nobody says which columns that reads.
CREATE FUNCTION catalog.flows_from(urns text[], fields text[], connectors uuid[])
RETURNS TABLE (urn text, field text, via_urn text, via_field text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT e.downstream_urn, e.resolved_downstream_field, n.urn, n.field
    FROM unnest(urns, fields) AS n (urn, field)
    JOIN catalog.lineage AS e ON e.resolved_upstream_urn = n.urn AND e.resolved_upstream_field = n.field
    WHERE e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
      AND (e.downstream_field IS NULL) = (e.resolved_downstream_field IS NULL)
    UNION ALL
    SELECT i.downstream_urn, i.downstream_field, n.urn, n.field
    FROM unnest(urns, fields) AS n (urn, field)
    JOIN catalog.implied_lineage AS i ON i.upstream_urn = n.urn AND i.upstream_field = n.field
    WHERE i.connector_id = ANY (connectors)
    UNION ALL
    SELECT e.downstream_urn, NULL, n.urn, NULL
    FROM unnest(urns, fields) AS n (urn, field)
    JOIN catalog.lineage AS e ON e.resolved_upstream_urn = n.urn
    WHERE n.field IS NULL AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
    UNION ALL
    SELECT i.downstream_urn, NULL, n.urn, NULL
    FROM unnest(urns, fields) AS n (urn, field)
    JOIN catalog.implied_lineage AS i ON i.upstream_urn = n.urn
    WHERE n.field IS NULL AND i.connector_id = ANY (connectors)
    UNION ALL
    SELECT coarse.downstream_urn, NULL, n.urn, n.field
    FROM (
        SELECT n.urn, min(n.field) AS field FROM unnest(urns, fields) AS n (urn, field) WHERE n.field IS NOT NULL GROUP BY 1
    ) AS n
    CROSS JOIN LATERAL (
        SELECT e.downstream_urn
        FROM catalog.lineage AS e
        WHERE e.resolved_upstream_urn = n.urn AND e.resolved_upstream_field IS NULL AND e.granularity = 'table'
          AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
        UNION
        SELECT i.downstream_urn
        FROM catalog.implied_lineage AS i
        WHERE i.upstream_urn = n.urn AND i.upstream_field IS NULL AND i.connector_id = ANY (connectors)
    ) AS coarse
    WHERE NOT EXISTS (
        SELECT FROM catalog.lineage AS e
        WHERE e.resolved_upstream_urn = n.urn AND e.downstream_urn = coarse.downstream_urn AND e.granularity <> 'table'
          AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
    ) AND NOT EXISTS (
        SELECT FROM catalog.implied_lineage AS i
        WHERE i.upstream_urn = n.urn AND i.downstream_urn = coarse.downstream_urn AND i.upstream_field IS NOT NULL
          AND i.connector_id = ANY (connectors)
    )
$$;

-- What each of some objects (field is null) and columns is made from, in one step. A column is made from what edges to it
-- name, and from the whole of an upstream of its table while nobody says which columns come from there.
CREATE FUNCTION catalog.flows_to(urns text[], fields text[], connectors uuid[])
RETURNS TABLE (urn text, field text, via_urn text, via_field text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT e.resolved_upstream_urn, e.resolved_upstream_field, n.urn, n.field
    FROM unnest(urns, fields) AS n (urn, field)
    JOIN catalog.lineage AS e ON e.downstream_urn = n.urn AND e.resolved_downstream_field = n.field
    WHERE e.resolved_upstream_urn IS NOT NULL AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
      AND (e.upstream_field IS NULL) = (e.resolved_upstream_field IS NULL)
    UNION ALL
    SELECT i.upstream_urn, i.upstream_field, n.urn, n.field
    FROM unnest(urns, fields) AS n (urn, field)
    JOIN catalog.implied_lineage AS i ON i.downstream_urn = n.urn AND i.downstream_field = n.field
    WHERE i.connector_id = ANY (connectors)
    UNION ALL
    SELECT e.resolved_upstream_urn, NULL, n.urn, NULL
    FROM unnest(urns, fields) AS n (urn, field)
    JOIN catalog.lineage AS e ON e.downstream_urn = n.urn
    WHERE n.field IS NULL AND e.resolved_upstream_urn IS NOT NULL
      AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
    UNION ALL
    SELECT i.upstream_urn, NULL, n.urn, NULL
    FROM unnest(urns, fields) AS n (urn, field)
    JOIN catalog.implied_lineage AS i ON i.downstream_urn = n.urn
    WHERE n.field IS NULL AND i.connector_id = ANY (connectors)
    UNION ALL
    SELECT coarse.upstream_urn, NULL, n.urn, n.field
    FROM (
        SELECT n.urn, min(n.field) AS field FROM unnest(urns, fields) AS n (urn, field) WHERE n.field IS NOT NULL GROUP BY 1
    ) AS n
    CROSS JOIN LATERAL (
        SELECT e.resolved_upstream_urn AS upstream_urn
        FROM catalog.lineage AS e
        WHERE e.downstream_urn = n.urn AND e.resolved_downstream_field IS NULL AND e.granularity = 'table'
          AND e.resolved_upstream_urn IS NOT NULL AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
        UNION
        SELECT i.upstream_urn
        FROM catalog.implied_lineage AS i
        WHERE i.downstream_urn = n.urn AND i.downstream_field IS NULL AND i.connector_id = ANY (connectors)
    ) AS coarse
    WHERE NOT EXISTS (
        SELECT FROM catalog.lineage AS e
        WHERE e.downstream_urn = n.urn AND e.resolved_upstream_urn = coarse.upstream_urn AND e.granularity <> 'table'
          AND e.connector_id = ANY (connectors) AND e.left_scope_at IS NULL
    ) AND NOT EXISTS (
        SELECT FROM catalog.implied_lineage AS i
        WHERE i.downstream_urn = n.urn AND i.upstream_urn = coarse.upstream_urn AND i.downstream_field IS NOT NULL
          AND i.connector_id = ANY (connectors)
    )
$$;

-- Everything that can be reached from an object or column, with the least number of steps and one way there; level by
-- level, within one organisation at a time. It keeps no table, so that it runs in a read-only transaction too.
CREATE FUNCTION catalog.walk(start text, steps integer, is_downstream boolean)
RETURNS TABLE (organization_id uuid, urn text, field text, depth integer, via text)
LANGUAGE plpgsql STABLE
-- How many nodes a step begins with decides its plan.
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
DECLARE
    whole CONSTANT text := split_part(start, '#', 1);
    organization uuid;
    connectors uuid[];
    urns text[];
    fields text[];
    ways text[];
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
            SELECT array_agg(f.urn), array_agg(f.field), array_agg(f.way)
            INTO urns, fields, ways
            FROM (
                SELECT n.urn, n.field, min(n.via_urn || coalesce('#' || catalog.urn_encode(n.via_field), '')) AS way
                FROM (
                    SELECT d.* FROM catalog.flows_from(urns, fields, connectors) AS d WHERE is_downstream
                    UNION ALL
                    SELECT u.* FROM catalog.flows_to(urns, fields, connectors) AS u WHERE NOT is_downstream
                ) AS n
                GROUP BY n.urn, n.field
            ) AS f
            WHERE NOT EXISTS (
                SELECT FROM unnest(reached) AS r (key) WHERE r.key = f.urn || coalesce('#' || f.field, '')
            );
            EXIT WHEN urns IS NULL;
            RETURN QUERY
                SELECT organization, n.urn, n.field, step, n.way FROM unnest(urns, fields, ways) AS n (urn, field, way);
            reached := reached || ARRAY(
                SELECT n.urn || coalesce('#' || n.field, '') FROM unnest(urns, fields) AS n (urn, field)
            );
        END LOOP;
    END LOOP;
END;
$$;

CREATE FUNCTION catalog.upstream(start text, steps integer DEFAULT NULL)
RETURNS TABLE (organization_id uuid, urn text, field text, depth integer, via text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM catalog.walk(start, steps, false);
END;

CREATE FUNCTION catalog.downstream(start text, steps integer DEFAULT NULL)
RETURNS TABLE (organization_id uuid, urn text, field text, depth integer, via text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM catalog.walk(start, steps, true);
END;

COMMENT ON FUNCTION catalog.upstream IS 'What an object, or the column after the # of its URN, is made from, in at most so many steps: the URN of each object, the column (null for the whole), the number of steps, and where the last step came from.';
COMMENT ON FUNCTION catalog.downstream IS 'What is made from an object, or from the column after the # of its URN; as catalog.upstream.';

-- What reads an object or column, with a name for it and once an object.
CREATE FUNCTION catalog.impact(start text, steps integer DEFAULT NULL)
RETURNS TABLE (
    organization_id uuid, stream text, kind text, name text, urn text, fields text[], depth integer, via text, url text
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH reached AS (
        SELECT w.organization_id, w.urn, array_agg(w.field ORDER BY w.field) FILTER (WHERE w.field IS NOT NULL) AS fields,
            min(w.depth) AS depth, (array_agg(w.via ORDER BY w.depth, w.via))[1] AS via
        FROM catalog.walk(start, steps, true) AS w
        GROUP BY w.organization_id, w.urn
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
        r.organization_id, k.stream, k.kind, k.name, r.urn, r.fields, r.depth, r.via, k.url
    FROM reached AS r
    LEFT JOIN (
        SELECT c.organization_id AS owner, o.* FROM known AS o JOIN catalog.connectors AS c ON c.id = o.connector_id
    ) AS k ON k.owner = r.organization_id AND k.urn = r.urn
    WHERE r.urn <> split_part(start, '#', 1)
    ORDER BY r.depth, r.urn, r.organization_id, k.connector_id;
END;

COMMENT ON FUNCTION catalog.impact IS 'What is at stake when an object, or the column after the # of its URN, goes: every view, data model, chart, dashboard and job that is made from it, nearest first.';

INSERT INTO catalog.migrations (version, name) VALUES ('20261122110100', 'graph');
