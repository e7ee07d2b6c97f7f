-- The connectors of an organisation.
SELECT coalesce(array_agg(id ORDER BY id), '{{}}') FROM catalog.connectors WHERE organization_id = %(organization)s;
