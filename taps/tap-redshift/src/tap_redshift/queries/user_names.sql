-- Users by their numbers, which is how the query log names them.
SELECT usesysid AS id, usename AS name
FROM pg_catalog.pg_user;
