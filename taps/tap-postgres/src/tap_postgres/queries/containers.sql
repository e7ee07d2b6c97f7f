-- The database that we are connected to, and its schemas.
WITH extension_member AS (
    SELECT d.objid, e.extname
    FROM pg_catalog.pg_depend AS d
    INNER JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_namespace'::regclass
      AND d.refclassid = 'pg_catalog.pg_extension'::regclass
      AND d.deptype = 'e'
),
container AS (
    SELECT
        ARRAY[d.datname]::text[] AS path,
        d.datname::text AS name,
        'database' AS container_type,
        NULL::text[] AS parent_path,
        s.description,
        jsonb_build_array(jsonb_build_object(
            'principal', pg_get_userbyid(d.datdba), 'kind', 'role', 'source', 'pg_database.datdba'
        )) AS owners,
        jsonb_strip_nulls(jsonb_build_object(
            'encoding', pg_encoding_to_char(d.encoding),
            'collation', d.datcollate,
            'ctype', d.datctype,
            -- PostgreSQL 15 has the provider, 15 and 16 daticulocale, 17 and later datlocale.
            'locale_provider', CASE to_jsonb(d) ->> 'datlocprovider'
                WHEN 'b' THEN 'builtin' WHEN 'i' THEN 'icu' ELSE 'libc'
            END,
            'locale', COALESCE(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
            'tablespace', t.spcname,
            'connection_limit', NULLIF(d.datconnlimit, -1),
            'is_template', NULLIF(d.datistemplate, FALSE),
            'extensions', (
                SELECT jsonb_object_agg(e.extname, e.extversion) FROM pg_catalog.pg_extension AS e
            )
        )) AS extra
    FROM pg_catalog.pg_database AS d
    INNER JOIN pg_catalog.pg_tablespace AS t ON t.oid = d.dattablespace
    LEFT JOIN pg_catalog.pg_shdescription AS s
        ON s.objoid = d.oid AND s.classoid = d.tableoid
    WHERE d.datname = current_database()

    UNION ALL

    SELECT
        ARRAY[current_database(), n.nspname]::text[],
        n.nspname::text,
        'schema',
        ARRAY[current_database()]::text[],
        s.description,
        jsonb_build_array(jsonb_build_object(
            'principal', pg_get_userbyid(n.nspowner),
            'kind', 'role',
            'source', 'pg_namespace.nspowner'
        )),
        jsonb_strip_nulls(jsonb_build_object('extension', x.extname))
    FROM pg_catalog.pg_namespace AS n
    LEFT JOIN pg_catalog.pg_description AS s
        ON s.objoid = n.oid AND s.classoid = n.tableoid AND s.objsubid = 0
    LEFT JOIN extension_member AS x ON x.objid = n.oid
    WHERE NOT starts_with(n.nspname, 'pg_')
      AND n.nspname <> 'information_schema'
      AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s::text[]))
)
SELECT path, name, container_type, parent_path, description, owners, extra
FROM container
ORDER BY container_type, name COLLATE "C";
