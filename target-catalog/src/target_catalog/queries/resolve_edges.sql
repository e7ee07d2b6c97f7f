-- Write what was found out about the open edges, where it differs.
UPDATE catalog.lineage AS e
SET resolution = j.resolution, resolved_upstream_urn = j.upstream_urn, resolution_candidates = j.candidates,
    resolved_upstream_field = j.upstream_path, resolved_downstream_field = j.downstream_path,
    field_resolution = j.field_resolution
FROM (
    SELECT
        connector_id, lineage_id, resolution, upstream_urn, candidates,
        CASE WHEN rank < 4 OR rank IS NULL THEN upstream_path END AS upstream_path,
        CASE WHEN rank < 4 OR rank IS NULL THEN downstream_path END AS downstream_path,
        (ARRAY['exact', 'normalized', 'folded', 'ambiguous', 'unresolved'])[rank] AS field_resolution
    FROM (
        SELECT
            j.*,
            CASE WHEN j.upstream_urn IS NOT NULL THEN coalesce(up.field_path, j.upstream_field) END AS upstream_path,
            coalesce(down.field_path, j.downstream_field) AS downstream_path,
            greatest(
                up.rank, down.rank, CASE WHEN coalesce(as_up.urn, as_down.urn) IS NOT NULL THEN 1 END
            ) AS rank
        FROM judged_edges AS j
        LEFT JOIN end_columns AS as_up ON as_up.urn = j.upstream_urn AND as_up.field_path = j.upstream_field
        LEFT JOIN end_columns AS as_down ON as_down.urn = j.downstream_urn AND as_down.field_path = j.downstream_field
        LEFT JOIN judged_fields AS up
            ON up.urn = j.upstream_urn AND up.field = j.upstream_field AND up.spelling = j.spelling
        LEFT JOIN judged_fields AS down
            ON down.urn = j.downstream_urn AND down.field = j.downstream_field AND down.spelling = 'urn'
    ) AS ranked
) AS j
WHERE e.connector_id = j.connector_id AND e.lineage_id = j.lineage_id
  AND (e.resolution, e.resolved_upstream_urn, e.resolution_candidates, e.resolved_upstream_field,
       e.resolved_downstream_field, e.field_resolution)
      IS DISTINCT FROM (j.resolution, j.upstream_urn, j.candidates, j.upstream_path, j.downstream_path, j.field_resolution);
