-- Whether the user has the role that sees policies.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_USER_GRANTS.html
SELECT role_name
FROM pg_catalog.svv_user_grants
WHERE user_name = %(user)s AND role_name = 'sys:secadmin';
