-- Privileges on the database, as they were granted.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_DATABASE_PRIVILEGES.html
SELECT
    CASE identity_type WHEN 'public' THEN 'public' ELSE identity_type || ':' || identity_name END
        AS grantee_path_1,
    'principal' AS grantee_kind,
    database_name AS object_path_1,
    privilege_type AS privilege,
    BOOL_OR(admin_option) AS grantable
FROM pg_catalog.svv_database_privileges
WHERE database_name = %(database)s
GROUP BY database_name, identity_type, identity_name, privilege_type
ORDER BY database_name, identity_type, identity_name, privilege_type;
