-- Tables that are no views: a row for each, followed by a row for each of its partitions.
-- The first condition on a database lets the server leave out the others' files; its comparison
-- may ignore case, so the second one is exact. Tables are given as the digits of their names.
SELECT
    t.table_schema,
    t.table_name,
    t.table_type,
    t.engine,
    t.row_format,
    t.table_rows,
    t.data_length,
    t.auto_increment,
    t.create_time,
    t.update_time,
    t.table_collation,
    t.create_options,
    t.table_comment,
    NULL AS partition_name,
    NULL AS subpartition_name,
    NULL AS partition_method,
    NULL AS subpartition_method,
    NULL AS partition_expression,
    NULL AS subpartition_expression,
    NULL AS partition_description,
    NULL AS partition_comment,
    0 AS is_partition,
    0 AS partition_position,
    0 AS subpartition_position
FROM information_schema.tables AS t
WHERE t.table_schema IN %(databases)s
  AND CAST(t.table_schema AS BINARY) IN %(databases)s
  AND t.table_type NOT IN ('VIEW', 'SEQUENCE')
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(t.table_name), %(tables)s))

UNION ALL

SELECT
    p.table_schema,
    p.table_name,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    p.partition_name,
    p.subpartition_name,
    p.partition_method,
    p.subpartition_method,
    p.partition_expression,
    p.subpartition_expression,
    p.partition_description,
    p.partition_comment,
    1,
    p.partition_ordinal_position,
    p.subpartition_ordinal_position
FROM information_schema.partitions AS p
WHERE p.table_schema IN %(databases)s
  AND CAST(p.table_schema AS BINARY) IN %(databases)s
  AND p.partition_name IS NOT NULL
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(p.table_name), %(tables)s))
ORDER BY
    CAST(table_schema AS BINARY),
    CAST(table_name AS BINARY),
    is_partition,
    partition_position,
    subpartition_position;
