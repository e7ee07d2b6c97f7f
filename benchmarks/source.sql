-- A database of :tables tables with 15 columns each, keys, checks, indexes, comments, partitions and views.
DO $make$
DECLARE
    tables CONSTANT integer := current_setting('bench.tables')::integer;
    place text;
BEGIN
    FOR i IN 0..19 LOOP
        EXECUTE format('CREATE SCHEMA area_%s', i);
    END LOOP;
    FOR i IN 1..tables LOOP
        IF i % 200 = 1 THEN
            COMMIT;  -- a transaction may hold only so many locks
        END IF;
        place := format('area_%s.item_%s', i % 20, i);
        IF i % 50 = 0 THEN
            EXECUTE format('CREATE TABLE %s (id bigint, day date NOT NULL, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)', place);
            EXECUTE format('CREATE TABLE %s_2025 PARTITION OF %s FOR VALUES FROM (''2025-01-01'') TO (''2026-01-01'')', place, place);
            CONTINUE;
        END IF;
        EXECUTE format(
            'CREATE TABLE %s (id bigint PRIMARY KEY, parent_id bigint, code varchar(20) NOT NULL UNIQUE,'
            ' name text NOT NULL DEFAULT ''new'', price numeric(12,2) CHECK (price >= 0), quantity integer,'
            ' weight double precision, active boolean DEFAULT true, born date, made_at timestamptz DEFAULT now(),'
            ' details jsonb, labels text[], token uuid, raw bytea, total numeric GENERATED ALWAYS AS (price * quantity) STORED)',
            place
        );
        EXECUTE format('CREATE INDEX ON %s (name, quantity DESC)', place);
        EXECUTE format('COMMENT ON TABLE %s IS ''What is kept of item %s''', place, i);
        EXECUTE format('COMMENT ON COLUMN %s.price IS ''In euro, without tax''', place);
        IF i % 50 > 1 THEN
            EXECUTE format('ALTER TABLE %s ADD FOREIGN KEY (parent_id) REFERENCES area_%s.item_%s', place, (i - 1) % 20, i - 1);
        END IF;
        IF i % 10 = 1 THEN
            EXECUTE format(
                'CREATE VIEW area_%s.view_%s AS SELECT name, sum(price * quantity) AS revenue, max(made_at) AS latest'
                ' FROM %s WHERE active GROUP BY name', i % 20, i, place
            );
        END IF;
    END LOOP;
END
$make$;
