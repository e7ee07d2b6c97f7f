-- Schemas of a database that is not local, such as one made from a datashare.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ALL_SCHEMAS.html
SELECT
    database_name AS path_1,
    schema_name AS path_2,
    schema_name AS name,
    'schema' AS container_type,
    database_name AS parent_path_1,
    schema_type AS "extra.schema_type"
FROM pg_catalog.svv_all_schemas
WHERE database_name = %(database)s
  AND schema_name NOT IN ('information_schema', 'pg_catalog')
  AND (%(every_schema)s OR schema_name IN %(schemas)s)
ORDER BY schema_name;
