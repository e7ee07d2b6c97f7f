-- Whether lineage of the organisation was ever resolved as it is now.
SELECT EXISTS (SELECT FROM catalog.resolved_systems WHERE organization_id = %(organization)s);
