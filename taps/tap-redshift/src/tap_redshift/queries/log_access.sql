-- Whether the user sees what others ran.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_PG_USER_INFO.html
SELECT usesuper OR syslogaccess = 'UNRESTRICTED' AS sees_all
FROM pg_catalog.pg_user_info
WHERE usename = current_user;
