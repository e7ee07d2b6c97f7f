-- What Redshift's catalog has, on PostgreSQL. The schema stands in for pg_catalog: the proxy writes
-- its name, which is as long, into statements. Only the columns of Redshift are here, so a statement
-- that uses any of PostgreSQL's newer ones fails.
CREATE SCHEMA rs_catalog;
CREATE SCHEMA seed;

-- What PostgreSQL can't know, about objects that it has.
CREATE TABLE seed.table_design (
    schema_name text, table_name text, style integer,
    created_at timestamp DEFAULT '2024-01-02 03:04:05',
    PRIMARY KEY (schema_name, table_name)
);
CREATE TABLE seed.column_design (
    schema_name text, table_name text, column_name text,
    encoding text DEFAULT 'none', distkey boolean DEFAULT FALSE, sortkey integer DEFAULT 0,
    identity text,
    PRIMARY KEY (schema_name, table_name, column_name)
);
CREATE TABLE seed.view_text (
    schema_name text, view_name text, definition text, late boolean,
    PRIMARY KEY (schema_name, view_name)
);
CREATE TABLE seed.late_column (
    view_schema name, view_name name, col_name name, col_type varchar, col_num integer
);
CREATE TABLE seed.encoding (number serial, name text UNIQUE);
INSERT INTO seed.encoding (name)
VALUES ('none'), ('lzo'), ('az64'), ('zstd'), ('bytedict'), ('runlength'), ('text255'), ('delta');
CREATE TABLE seed.setting (name text, value text);
INSERT INTO seed.setting VALUES ('enable_case_sensitive_identifier', 'off');

CREATE VIEW rs_catalog.pg_namespace AS
SELECT oid, nspname, nspowner FROM pg_catalog.pg_namespace
WHERE nspname NOT IN ('rs_catalog', 'seed');
CREATE VIEW rs_catalog.pg_class AS
SELECT
    c.oid, c.relname, c.relnamespace, c.relowner, c.relkind,
    CASE WHEN t.late THEN 0::smallint ELSE c.relnatts END AS relnatts
FROM pg_catalog.pg_class AS c
INNER JOIN rs_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN seed.view_text AS t ON t.schema_name = n.nspname AND t.view_name = c.relname;
CREATE VIEW rs_catalog.pg_class_info AS
SELECT
    c.oid AS reloid, c.relname, c.relnamespace, c.relowner, c.relkind, c.relnatts,
    d.created_at AS relcreationtime, COALESCE(d.style, 11) AS releffectivediststyle
FROM rs_catalog.pg_class AS c
INNER JOIN rs_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN seed.table_design AS d ON d.schema_name = n.nspname AND d.table_name = c.relname;
CREATE VIEW rs_catalog.pg_attribute AS
SELECT
    a.attrelid, a.attname, a.attnum, a.atttypid, a.atttypmod, a.attnotnull, a.attisdropped,
    COALESCE(d.distkey, FALSE) AS attisdistkey,
    COALESCE(d.sortkey, 0) AS attsortkeyord,
    COALESCE(e.number, 1) AS attencodingtype
FROM pg_catalog.pg_attribute AS a
INNER JOIN rs_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relnatts > 0
INNER JOIN rs_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN seed.column_design AS d
    ON d.schema_name = n.nspname AND d.table_name = c.relname AND d.column_name = a.attname
LEFT JOIN seed.encoding AS e ON e.name = d.encoding;
CREATE VIEW rs_catalog.pg_attrdef AS
SELECT
    a.attrelid AS adrelid, a.attnum AS adnum,
    COALESCE(s.identity, pg_get_expr(d.adbin, d.adrelid)) AS adsrc
FROM pg_catalog.pg_attribute AS a
INNER JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN seed.column_design AS s
    ON s.schema_name = n.nspname AND s.table_name = c.relname AND s.column_name = a.attname
WHERE s.identity IS NOT NULL OR d.oid IS NOT NULL;
CREATE VIEW rs_catalog.pg_constraint AS
SELECT oid, conname, connamespace, contype, conrelid, confrelid, conkey, confkey
FROM pg_catalog.pg_constraint;
CREATE VIEW rs_catalog.pg_depend AS SELECT * FROM pg_catalog.pg_depend;
CREATE VIEW rs_catalog.pg_rewrite AS SELECT oid, ev_class FROM pg_catalog.pg_rewrite;
CREATE VIEW rs_catalog.pg_description AS SELECT * FROM pg_catalog.pg_description;
CREATE VIEW rs_catalog.pg_database AS SELECT oid, datname, datdba FROM pg_catalog.pg_database;
CREATE VIEW rs_catalog.pg_language AS SELECT oid, lanname FROM pg_catalog.pg_language;
CREATE VIEW rs_catalog.pg_type AS SELECT oid, typname, typtype FROM pg_catalog.pg_type;
CREATE VIEW rs_catalog.pg_proc_info AS
SELECT
    oid AS prooid, proname, pronamespace, proowner, prolang, prokind, proargtypes, proallargtypes,
    proargmodes, proargnames, prorettype, prosrc, prosecdef, provolatile
FROM pg_catalog.pg_proc;
-- The roles of other tests are none of ours.
CREATE VIEW rs_catalog.pg_user AS
SELECT usename, usesysid::integer, usecreatedb, usesuper, valuntil FROM pg_catalog.pg_user
WHERE usename IN ('postgres', current_user) OR usename LIKE 'rs %';
CREATE TABLE seed.log_access (usename name);
CREATE VIEW rs_catalog.pg_user_info AS
SELECT
    u.usename, u.usesysid, u.usesuper,
    CASE WHEN l.usename IS NULL THEN 'RESTRICTED' ELSE 'UNRESTRICTED' END AS syslogaccess
FROM rs_catalog.pg_user AS u
LEFT JOIN seed.log_access AS l ON l.usename = u.usename;
CREATE TABLE rs_catalog.pg_group (groname name, grosysid integer, grolist integer[]);
CREATE TABLE rs_catalog.pg_external_schema (
    esoid oid, eskind integer, esdbname text, esoptions text
);

CREATE FUNCTION rs_catalog.version() RETURNS text LANGUAGE sql AS $$
    SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 '
        || '(Red Hat 3.4.2-6.fc3), Redshift 1.0.77467'
$$;
CREATE FUNCTION rs_catalog.current_setting(setting text) RETURNS text LANGUAGE sql
SECURITY DEFINER AS $$ SELECT value FROM seed.setting WHERE name = $1 $$;
CREATE FUNCTION rs_catalog.format_encoding(number integer) RETURNS char(32) LANGUAGE sql
SECURITY DEFINER AS $$ SELECT name FROM seed.encoding WHERE encoding.number = $1 $$;
CREATE FUNCTION rs_catalog.pg_get_viewdef(view oid) RETURNS text LANGUAGE sql
SECURITY DEFINER AS $$
    SELECT COALESCE(
        (
            SELECT t.definition
            FROM seed.view_text AS t
            INNER JOIN pg_catalog.pg_namespace AS n ON n.nspname = t.schema_name
            INNER JOIN pg_catalog.pg_class AS c
                ON c.relname = t.view_name AND c.relnamespace = n.oid
            WHERE c.oid = $1
        ),
        pg_catalog.pg_get_viewdef($1)
    )
$$;
CREATE FUNCTION rs_catalog.pg_get_late_binding_view_cols() RETURNS SETOF record LANGUAGE sql
SECURITY DEFINER AS $$ SELECT * FROM seed.late_column $$;

-- The views of the vendor's manual, as tables to be filled.
CREATE TABLE rs_catalog.svv_redshift_databases (
    database_name varchar(128), database_owner integer, database_type varchar(32),
    database_acl varchar(128), database_options varchar(128)
);
CREATE TABLE rs_catalog.svv_all_schemas (
    database_name varchar(128), schema_name varchar(128), schema_owner integer,
    schema_type varchar(128), schema_acl varchar(128), source_database varchar(128),
    schema_option varchar(256)
);
CREATE TABLE rs_catalog.svv_all_tables (
    database_name varchar(128), schema_name varchar(128), table_name varchar(128),
    table_acl varchar(128), table_type varchar(128), remarks varchar(256)
);
CREATE TABLE rs_catalog.svv_all_columns (
    database_name varchar(128), schema_name varchar(128), table_name varchar(128),
    column_name varchar(128), ordinal_position integer, column_default varchar(4000),
    is_nullable varchar(3), data_type varchar(128), character_maximum_length integer,
    numeric_precision integer, numeric_scale integer, remarks varchar(256)
);
CREATE TABLE rs_catalog.svv_external_tables (
    redshift_database_name text, schemaname text, tablename text, tabletype text, location text,
    input_format text, output_format text, serialization_lib text, serde_parameters text,
    compressed integer, parameters text
);
CREATE TABLE rs_catalog.svv_external_columns (
    redshift_database_name text, schemaname text, tablename text, columnname text,
    external_type text, columnnum integer, part_key integer, is_nullable text
);
CREATE TABLE rs_catalog.svv_mv_info (
    database_name char(128), schema_name char(128), user_name char(128), name char(128),
    is_stale char(1), state integer, autorewrite char(1), autorefresh char(1)
);
CREATE TABLE rs_catalog.svv_table_info (
    "database" text, "schema" text, table_id oid, "table" text, encoded text, diststyle text,
    sortkey1 text, max_varchar integer, sortkey1_enc char(32), sortkey_num integer, size bigint,
    pct_used numeric(10, 4), empty bigint, unsorted numeric(5, 2), stats_off numeric(5, 2),
    tbl_rows numeric(38, 0), create_time timestamp
);
CREATE TABLE rs_catalog.svv_datashares (
    share_name varchar(128), share_id integer, share_owner integer, source_database varchar(128),
    consumer_database varchar(128), share_type varchar(8), createdate timestamp,
    is_publicaccessible boolean, share_acl varchar(256), producer_account varchar(16),
    producer_namespace varchar(64), managed_by varchar(64)
);
CREATE TABLE rs_catalog.svv_roles (
    role_id integer, role_name text, role_owner text, external_id text
);
CREATE TABLE rs_catalog.svv_user_grants (
    user_id integer, user_name text, role_id integer, role_name text, admin_option boolean
);
CREATE TABLE rs_catalog.svv_role_grants (
    role_id integer, role_name text, granted_role_id integer, granted_role_name text
);
CREATE TABLE rs_catalog.svv_database_privileges (
    database_name text, privilege_type text, identity_id integer, identity_name text,
    identity_type text, admin_option boolean
);
CREATE TABLE rs_catalog.svv_schema_privileges (
    namespace_name text, privilege_type text, identity_id integer, identity_name text,
    identity_type text, admin_option boolean, privilege_scope text
);
CREATE TABLE rs_catalog.svv_masking_policy (
    policy_database text, policy_name text, input_columns text, policy_expression text,
    policy_modified_by text, policy_modified_time timestamp
);
CREATE TABLE rs_catalog.svv_attached_masking_policy (
    policy_name text, schema_name text, table_name text, table_type text, grantor text,
    grantee text, grantee_type text, priority integer, input_columns text, output_columns text,
    is_masking_datashare_on boolean
);
CREATE TABLE rs_catalog.svv_rls_policy (
    poldb text, polname text, polalias text, polatts text, polqual text, polenabled boolean,
    polmodifiedby text, polmodifiedtime timestamp
);
CREATE TABLE rs_catalog.svv_rls_attached_policy (
    relschema text, relname text, relkind text, polname text, grantor text, grantee text,
    granteekind text, is_pol_on boolean, is_rls_on boolean, rls_conjunction_type character(3)
);
CREATE TABLE rs_catalog.svv_relation_privileges (
    namespace_name text, relation_name text, privilege_type text, identity_id integer,
    identity_name text, identity_type text, admin_option boolean
);
CREATE TABLE rs_catalog.svv_column_privileges (
    namespace_name text, relation_name text, column_name text, privilege_type text,
    identity_id integer, identity_name text, identity_type text, admin_option boolean
);
CREATE TABLE rs_catalog.svv_function_privileges (
    namespace_name text, function_name text, argument_types text, privilege_type text,
    identity_id integer, identity_name text, identity_type text, admin_option boolean
);
CREATE TABLE rs_catalog.sys_query_history (
    user_id integer, query_id bigint, database_name char(128), query_type char(32),
    status char(10), start_time timestamp, end_time timestamp, elapsed_time bigint,
    returned_rows bigint, query_text char(4000)
);
CREATE TABLE rs_catalog.sys_query_detail (
    user_id integer, query_id bigint, step_name text, table_id integer, table_name char(136),
    start_time timestamp, end_time timestamp
);
CREATE TABLE rs_catalog.stl_query (
    userid integer, query integer, "database" char(32), querytxt char(4000), starttime timestamp,
    endtime timestamp, aborted integer
);
CREATE TABLE rs_catalog.stl_scan (
    userid integer, query integer, tbl integer, starttime timestamp
);
CREATE TABLE rs_catalog.stl_insert (
    userid integer, query integer, tbl integer, starttime timestamp
);

GRANT USAGE ON SCHEMA rs_catalog TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA rs_catalog TO PUBLIC;
REVOKE SELECT ON rs_catalog.svv_table_info FROM PUBLIC;
INSERT INTO rs_catalog.svv_redshift_databases
VALUES (current_database(), 1, 'local', NULL, NULL);
