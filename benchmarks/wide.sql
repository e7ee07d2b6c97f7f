-- Tables of 1,000 columns each: many column records from few files.
DO $make$
DECLARE
    columns CONSTANT text := (
        SELECT string_agg(format('measure_%s %s', i, (ARRAY[
            'bigint NOT NULL', 'text DEFAULT ''new''', 'numeric(12,2)', 'varchar(20) NOT NULL',
            'timestamptz DEFAULT now()', 'double precision', 'boolean', 'jsonb'
        ])[1 + i % 8]), ', ')
        FROM generate_series(1, 1000) AS i
    );
BEGIN
    FOR i IN 1..current_setting('bench.tables')::integer LOOP
        EXECUTE format('CREATE TABLE wide_%s (%s)', i, columns);
        FOR j IN 1..1000 BY 20 LOOP
            EXECUTE format('COMMENT ON COLUMN wide_%s.measure_%s IS ''What was measured in place %s''', i, j, j);
        END LOOP;
        COMMIT;
    END LOOP;
END
$make$;
