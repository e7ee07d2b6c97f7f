-- What became of the upstream of each open edge.
CREATE TEMPORARY VIEW judged_edges AS
SELECT
    o.connector_id, o.lineage_id, o.granularity, o.upstream_field, o.downstream_urn, o.downstream_field,
    coalesce(u.urn, r.urn) AS upstream_urn,
    CASE WHEN u.urn IS NOT NULL THEN 'exact' ELSE coalesce(r.resolution, 'unresolved') END AS resolution,
    r.candidates,
    CASE WHEN r.urn IS NULL THEN 'urn' WHEN (o.upstream_ref ->> 'quoted')::boolean THEN 'quoted' ELSE 'unquoted' END
        AS spelling
FROM open_edges AS o
LEFT JOIN judged_urns AS u ON u.upstream_urn = o.upstream_urn
LEFT JOIN judged_references AS r ON o.upstream_urn IS NULL AND r.upstream_ref = o.upstream_ref;
