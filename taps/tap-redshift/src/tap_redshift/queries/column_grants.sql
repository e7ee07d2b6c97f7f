-- Privileges on columns, as they were granted.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_COLUMN_PRIVILEGES.html
SELECT
    CASE identity_type WHEN 'public' THEN 'public' ELSE identity_type || ':' || identity_name END
        AS grantee_path_1,
    'principal' AS grantee_kind,
    %(database)s AS object_path_1,
    namespace_name AS object_path_2,
    relation_name AS object_path_3,
    column_name AS object_path_4,
    '#' AS object_kind,
    privilege_type AS privilege,
    BOOL_OR(admin_option) AS grantable
FROM pg_catalog.svv_column_privileges
WHERE namespace_name NOT IN ('information_schema', 'pg_catalog', 'catalog_history')
  AND (%(every_schema)s OR namespace_name IN %(schemas)s)
GROUP BY namespace_name, relation_name, column_name, identity_type, identity_name, privilege_type
ORDER BY namespace_name, relation_name, column_name, identity_type, identity_name, privilege_type;
