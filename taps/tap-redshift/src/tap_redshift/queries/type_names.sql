-- Types by their numbers, for arguments that a procedure gives back.
SELECT oid AS id, format_type(oid, NULL) AS name
FROM pg_catalog.pg_type
WHERE typtype IN ('b', 'p');
