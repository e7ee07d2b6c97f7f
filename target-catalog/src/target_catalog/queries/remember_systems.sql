-- The systems by which lineage is resolved now.
INSERT INTO catalog.resolved_systems AS r (organization_id, systems)
SELECT %(organization)s, coalesce(jsonb_agg(to_jsonb(s) ORDER BY to_jsonb(s)), '[]') FROM systems_now AS s
ON CONFLICT (organization_id) DO UPDATE SET systems = excluded.systems
WHERE r.systems IS DISTINCT FROM excluded.systems;
