-- How many edges of a connector have no known upstream, or name a column that is not there.
SELECT jsonb_strip_nulls(jsonb_build_object(
    'unresolved', nullif(count(*) FILTER (WHERE resolution = 'unresolved'), 0),
    'ambiguous', nullif(count(*) FILTER (WHERE resolution = 'ambiguous'), 0),
    'columns', (
        SELECT nullif(count(*), 0) FROM catalog.lineage
        WHERE connector_id = %(connector)s AND field_resolution IN ('ambiguous', 'unresolved')
    )
))
FROM catalog.lineage
WHERE connector_id = %(connector)s AND resolved_upstream_urn IS NULL;
