-- Whether the user may do everything.
SELECT usesuper AS is_superuser
FROM pg_catalog.pg_user
WHERE usename = current_user;
