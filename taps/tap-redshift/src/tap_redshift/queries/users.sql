-- Users; passwords are out of reach.
SELECT
    'user:' || usename AS path_1,
    usename AS name,
    'user' AS principal_type,
    CASE WHEN usesuper THEN TRUE END AS "extra.superuser",
    CASE WHEN usecreatedb THEN TRUE END AS "extra.create_database",
    CAST(valuntil AS varchar) AS "extra.valid_until"
FROM pg_catalog.pg_user
ORDER BY usename;
