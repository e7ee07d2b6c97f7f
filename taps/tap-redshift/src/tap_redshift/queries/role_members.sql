-- Who has which role: users and other roles.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_USER_GRANTS.html,
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ROLE_GRANTS.html
SELECT 'user' AS member_type, user_name AS member, 'role' AS holder_type, role_name AS holder
FROM pg_catalog.svv_user_grants

UNION

SELECT 'role', role_name, 'role', granted_role_name
FROM pg_catalog.svv_role_grants
ORDER BY 1, 2, 4;
