-- Another name of a system, unless it is known as one already.
INSERT INTO catalog.system_aliases (organization_id, alias, namespace)
VALUES (%(organization)s, %(alias)s, %(namespace)s)
ON CONFLICT (organization_id, alias) DO NOTHING;
