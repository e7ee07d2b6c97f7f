-- Other names of systems, as people keep them.
SELECT alias, namespace FROM catalog.system_aliases WHERE organization_id = %(organization)s ORDER BY alias;
