-- Privileges on schemas, as they were granted.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_SCHEMA_PRIVILEGES.html
SELECT
    CASE identity_type WHEN 'public' THEN 'public' ELSE identity_type || ':' || identity_name END
        AS grantee_path_1,
    'principal' AS grantee_kind,
    %(database)s AS object_path_1,
    namespace_name AS object_path_2,
    CASE privilege_scope
        WHEN 'SCHEMA' THEN privilege_type
        ELSE privilege_type || ' FOR ' || privilege_scope  -- on all that is in the schema
    END AS privilege,
    BOOL_OR(admin_option) AS grantable
FROM pg_catalog.svv_schema_privileges
WHERE namespace_name NOT IN ('information_schema', 'pg_catalog', 'catalog_history')
  AND (%(every_schema)s OR namespace_name IN %(schemas)s)
GROUP BY namespace_name, identity_type, identity_name, privilege_type, privilege_scope
ORDER BY namespace_name, identity_type, identity_name, privilege_type, privilege_scope;
