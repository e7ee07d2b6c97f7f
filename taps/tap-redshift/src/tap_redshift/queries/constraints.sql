-- Primary, foreign and unique keys: a row for each of their columns and for each that they refer to.
-- Redshift enforces none (https://docs.aws.amazon.com/redshift/latest/dg/t_Defining_constraints.html).
SELECT
    current_database() AS database_name,
    n.nspname AS schema_name,
    c.relname AS table_name,
    k.oid AS constraint_id,
    k.conname AS name,
    k.contype AS kind,
    rn.nspname AS referenced_schema,
    rc.relname AS referenced_table,
    pg_get_constraintdef(k.oid) AS expression,
    s.description,
    k.side,
    array_to_string(k.positions, ' ') AS positions,
    a.attnum AS position,
    a.attname AS column_name
FROM (
    SELECT
        'own' AS side, oid, conname, contype, conrelid, confrelid,
        conrelid AS relation, conkey AS positions
    FROM pg_catalog.pg_constraint

    UNION ALL

    SELECT
        'referenced', oid, conname, contype, conrelid, confrelid, confrelid, confkey
    FROM pg_catalog.pg_constraint
    WHERE contype = 'f'
) AS k
INNER JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = k.relation AND a.attnum = ANY (k.positions)
INNER JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class AS rc ON rc.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace AS rn ON rn.oid = rc.relnamespace
-- 2606 is pg_constraint, everywhere.
LEFT JOIN pg_catalog.pg_description AS s
    ON s.objoid = k.oid AND s.classoid = 2606 AND s.objsubid = 0
WHERE k.contype IN ('p', 'f', 'u')
  AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'catalog_history')
  AND (%(every_schema)s OR n.nspname IN %(schemas)s)
  AND (%(every_table)s OR c.relname IN %(tables)s)
ORDER BY n.nspname, c.relname, k.conname, k.oid;
