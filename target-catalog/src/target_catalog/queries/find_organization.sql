-- The organisation of that id or name.
SELECT id FROM catalog.organizations WHERE id::text = lower(%(name)s) OR name = %(name)s;
