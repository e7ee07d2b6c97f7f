-- Primary, unique and foreign keys: a row for each, followed by its columns and its actions.
-- A foreign key may have the name of a unique key: which of the two it is belongs to the order.
SELECT
    c.table_schema,
    c.table_name,
    c.constraint_name,
    c.constraint_type = 'FOREIGN KEY' AS is_foreign,
    0 AS part,
    0 AS position,
    c.constraint_type,
    NULL AS column_name,
    NULL AS referenced_schema,
    NULL AS referenced_table,
    NULL AS referenced_column,
    NULL AS update_rule,
    NULL AS delete_rule,
    NULL AS match_option
FROM information_schema.table_constraints AS c
WHERE c.table_schema IN %(databases)s
  AND CAST(c.table_schema AS BINARY) IN %(databases)s
  AND c.constraint_type <> 'CHECK'
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(c.table_name), %(tables)s))

UNION ALL

SELECT
    k.table_schema,
    k.table_name,
    k.constraint_name,
    k.referenced_table_name IS NOT NULL,
    1,
    k.ordinal_position,
    NULL,
    k.column_name,
    k.referenced_table_schema,
    k.referenced_table_name,
    k.referenced_column_name,
    NULL,
    NULL,
    NULL
FROM information_schema.key_column_usage AS k
WHERE k.table_schema IN %(databases)s
  AND CAST(k.table_schema AS BINARY) IN %(databases)s
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(k.table_name), %(tables)s))

UNION ALL

SELECT
    r.constraint_schema,
    r.table_name,
    r.constraint_name,
    1,
    2,
    0,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    r.update_rule,
    r.delete_rule,
    r.match_option
FROM information_schema.referential_constraints AS r
WHERE r.constraint_schema IN %(databases)s
  AND CAST(r.constraint_schema AS BINARY) IN %(databases)s
  AND (%(tables)s IS NULL OR FIND_IN_SET(HEX(r.table_name), %(tables)s))
ORDER BY
    CAST(table_schema AS BINARY),
    CAST(table_name AS BINARY),
    is_foreign,
    CAST(constraint_name AS BINARY),
    part,
    position;
