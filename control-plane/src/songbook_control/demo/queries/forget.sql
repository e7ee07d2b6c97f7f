-- Forget a connector and all its rows, so that the demo's first run is a first one each time.
DO $$
DECLARE
    demo uuid;
    holder regclass;
BEGIN
    IF to_regclass('catalog.connectors') IS NULL THEN
        RETURN;
    END IF;
    SELECT id INTO demo FROM catalog.connectors WHERE name = 'songbook-demo';
    FOR holder IN
        SELECT a.attrelid
        FROM pg_attribute AS a
        JOIN pg_class AS c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'catalog'::regnamespace
            AND c.relkind IN ('r', 'p')
            AND NOT c.relispartition
            AND a.attname = 'connector_id'
    LOOP
        EXECUTE format('DELETE FROM %s WHERE connector_id = $1', holder) USING demo;
    END LOOP;
    DELETE FROM catalog.connectors WHERE id = demo;
END;
$$;
