-- Roles. https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ROLES.html
SELECT
    'role:' || role_name AS path_1,
    role_name AS name,
    'role' AS principal_type,
    role_owner AS "owners.principal",
    'user' AS "owners.kind",
    'svv_roles.role_owner' AS "owners.source"
FROM pg_catalog.svv_roles
ORDER BY role_name;
