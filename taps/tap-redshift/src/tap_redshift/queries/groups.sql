-- Groups of users.
SELECT
    'group:' || groname AS path_1,
    groname AS name,
    'group' AS principal_type
FROM pg_catalog.pg_group
ORDER BY groname;
