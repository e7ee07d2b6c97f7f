-- A name that stands for no system any more.
DELETE FROM catalog.system_aliases WHERE organization_id = %(organization)s AND alias = %(alias)s;
