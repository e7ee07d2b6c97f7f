-- How many objects of each stream a database has, from pg_catalog alone.
WITH schemas AS (
    SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
),
relations AS (
    SELECT oid, relkind FROM pg_class WHERE relnamespace IN (SELECT oid FROM schemas)
),
tables AS (
    SELECT oid FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
)
SELECT 'containers', 1 + count(*) FROM schemas
UNION ALL
SELECT 'tables', count(*) FROM tables
UNION ALL
SELECT 'columns', count(*) FROM pg_attribute
WHERE attrelid IN (SELECT oid FROM tables) AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraints', count(*) FROM pg_constraint AS c
WHERE conrelid IN (SELECT oid FROM tables) AND contype IN ('p', 'f', 'u', 'c', 'x')
    -- A reference to a partitioned table makes a hidden copy for each partition.
    AND NOT EXISTS (SELECT FROM pg_constraint AS p WHERE p.oid = c.conparentid AND p.conrelid = c.conrelid)
UNION ALL
SELECT 'indexes', count(*) FROM relations WHERE relkind IN ('i', 'I')
UNION ALL
SELECT 'routines', count(*) FROM pg_proc WHERE pronamespace IN (SELECT oid FROM schemas)
UNION ALL
SELECT 'triggers', count(*) FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM tables) AND NOT tgisinternal
UNION ALL
SELECT 'sequences', count(*) FROM relations WHERE relkind = 'S'
UNION ALL
SELECT 'types', count(*) FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid
WHERE t.typnamespace IN (SELECT oid FROM schemas) AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c');
