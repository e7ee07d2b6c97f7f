-- A database with one of everything, under names that break careless code.
CREATE SCHEMA "My.Shop";
COMMENT ON SCHEMA "My.Shop" IS 'What we sell';
CREATE TABLE "My.Shop".customers (
    id integer NOT NULL PRIMARY KEY,
    "full name" varchar(40) DEFAULT 'it''s',
    "per.cent" numeric(5, 2),
    seen timestamp with time zone
);
COMMENT ON TABLE "My.Shop".customers IS 'Who buys';
COMMENT ON COLUMN "My.Shop".customers."full name" IS 'As on the bill';
CREATE TABLE "My.Shop"."Order/Items" (
    "b" bigint NOT NULL,
    "a" integer NOT NULL,
    customer integer REFERENCES "My.Shop".customers (id),
    note char(3),
    CONSTRAINT "b then a" PRIMARY KEY ("b", "a"),
    CONSTRAINT "once%" UNIQUE ("a")
);
ALTER TABLE "My.Shop"."Order/Items"
ADD CONSTRAINT "self" FOREIGN KEY ("b", "a") REFERENCES "My.Shop"."Order/Items" ("b", "a");
CREATE TABLE "My.Shop".mv_tbl__fresh__0 (total bigint);
CREATE VIEW "My.Shop".bound AS
SELECT c.id, i.note FROM "My.Shop".customers AS c
INNER JOIN "My.Shop"."Order/Items" AS i ON i.customer = c.id;
CREATE VIEW "My.Shop".above AS SELECT id FROM "My.Shop".bound;
CREATE VIEW "My.Shop".late AS SELECT 1 AS id;
CREATE VIEW "My.Shop".fresh AS SELECT total FROM "My.Shop".mv_tbl__fresh__0;
CREATE SCHEMA lake;
CREATE FUNCTION "My.Shop".twice(number integer, text) RETURNS integer LANGUAGE sql IMMUTABLE
AS 'SELECT 2 * $1';
CREATE PROCEDURE "My.Shop".count_up(IN by_how_many integer, INOUT so_far bigint)
LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN so_far := so_far + by_how_many; END';
COMMENT ON PROCEDURE "My.Shop".count_up IS 'One more';

INSERT INTO seed.table_design (schema_name, table_name, style)
VALUES ('My.Shop', 'customers', 1), ('My.Shop', 'Order/Items', 8);
INSERT INTO seed.column_design
(schema_name, table_name, column_name, encoding, distkey, sortkey, identity)
VALUES
('My.Shop', 'customers', 'id', 'az64', TRUE, 2, '"identity"(100123, 0, ''5,10''::text)'),
('My.Shop', 'customers', 'per.cent', 'zstd', FALSE, 1, NULL),
('My.Shop', 'Order/Items', 'b', 'none', FALSE, -1, 'default_identity(100124, 1, ''1,1''::text)'),
('My.Shop', 'Order/Items', 'a', 'none', FALSE, 2, NULL);
INSERT INTO seed.view_text VALUES
('My.Shop', 'late', 'CREATE VIEW "My.Shop".late AS SELECT price AS id, what.name AS "what.it is", day AS doc FROM lake.events WHERE hour > 1 WITH NO SCHEMA BINDING;', TRUE),
('My.Shop', 'fresh', 'CREATE MATERIALIZED VIEW "My.Shop".fresh AS SELECT count(*) AS total FROM "My.Shop".customers;', FALSE);
INSERT INTO seed.late_column VALUES
('My.Shop', 'late', 'id', 'integer', 1),
('My.Shop', 'late', 'what.it is', 'character varying(200)', 2),
('My.Shop', 'late', 'doc', 'super', 3);
INSERT INTO rs_catalog.pg_external_schema
SELECT oid, 1, 'glue db', '{"IAM_ROLE":"arn:aws:iam::123456789012:role/spectrum"}'
FROM pg_namespace WHERE nspname = 'lake';
INSERT INTO rs_catalog.svv_external_tables VALUES
(current_database(), 'lake', 'events', 'TABLE', 's3://lake/events/',
 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat', 'out',
 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe', '{}', 0, '{}'),
(current_database(), 'lake', 'lines', '', 's3://lake/lines/',
 'org.apache.hadoop.mapred.TextInputFormat', 'out',
 'org.apache.hadoop.hive.serde2.OpenCSVSerde', '{}', 1, '{}'),
('another', 'lake', 'elsewhere', 'TABLE', 's3://other/', '', '', '', '{}', 0, '{}');
INSERT INTO rs_catalog.svv_external_columns VALUES
(current_database(), 'lake', 'events', 'what', 'struct<name:string,at:timestamp>', 1, 0, 'true'),
(current_database(), 'lake', 'events', 'price', 'decimal(10,2)', 2, 0, ''),
(current_database(), 'lake', 'events', 'hour', 'int', 3, 2, ''),
(current_database(), 'lake', 'events', 'day', 'varchar(10)', 4, 1, 'false'),
(current_database(), 'lake', 'lines', 'tags', 'array<struct<k.ey:string,at:map<string,struct<day:decimal(5,2)>>>>', 1, 0, ''),
('another', 'lake', 'elsewhere', 'x', 'int', 1, 1, '');
INSERT INTO rs_catalog.svv_mv_info VALUES
(current_database(), 'My.Shop', 'postgres', 'fresh', 'f', 1, 't', 't'),
('another', 'My.Shop', 'postgres', 'late', 'f', 1, 't', 't');
INSERT INTO rs_catalog.svv_table_info ("database", "schema", "table", size, tbl_rows)
VALUES (current_database(), 'My.Shop', 'customers', 16, 12345);
INSERT INTO rs_catalog.svv_datashares VALUES
('to partners', 1, 1, current_database(), NULL, 'OUTBOUND', '2024-05-06 07:08:09', TRUE, NULL,
 '123456789012', '86b5169f-01dc-4a6f-9fbb-e2e24359e9a8', NULL),
('sales', 2, 1, NULL, 'from sales', 'INBOUND', NULL, FALSE, NULL,
 '210987654321', '13b8833d-17c6-4f16-8fe4-1a018f5ed00d', 'ADX');
INSERT INTO rs_catalog.svv_redshift_databases VALUES ('from sales', 1, 'shared', NULL, NULL);
INSERT INTO rs_catalog.svv_all_schemas VALUES
('from sales', 'EU', 1, 'shared', NULL, NULL, NULL), (current_database(), 'x', 1, 'local', NULL, NULL, NULL);
INSERT INTO rs_catalog.svv_all_tables VALUES
('from sales', 'EU', 'orders', NULL, 'SHARED TABLE', 'theirs'),
('from sales', 'EU', 'sums', NULL, 'VIEW', '');
INSERT INTO rs_catalog.svv_all_columns VALUES
('from sales', 'EU', 'orders', 'id', 1, '', 'NO', 'integer', NULL, 32, 0, ''),
('from sales', 'EU', 'orders', 'total', 2, '0', 'YES', 'numeric', NULL, 12, 3, 'net'),
('from sales', 'EU', 'sums', 'who', 1, NULL, '', 'character varying', 50, NULL, NULL, NULL);
INSERT INTO rs_catalog.pg_group
SELECT 'analysts', 100, ARRAY[usesysid::integer] FROM pg_user WHERE usename = 'postgres';
INSERT INTO rs_catalog.svv_roles VALUES (1, 'reader', 'postgres'), (2, 'sys:dba', 'rdsdb');
INSERT INTO rs_catalog.svv_user_grants VALUES (1, 'postgres', 2, 'sys:dba', FALSE);
INSERT INTO rs_catalog.svv_role_grants VALUES (2, 'sys:dba', 1, 'reader');
INSERT INTO rs_catalog.svv_database_privileges VALUES
(current_database(), 'TEMP', 0, 'public', 'public', FALSE), ('another', 'TEMP', 0, 'x', 'user', FALSE);
INSERT INTO rs_catalog.svv_schema_privileges VALUES
('My.Shop', 'USAGE', 100, 'analysts', 'group', FALSE, 'SCHEMA'),
('My.Shop', 'SELECT', 100, 'analysts', 'group', FALSE, 'TABLES');
INSERT INTO rs_catalog.svv_masking_policy VALUES
(current_database(), 'hide.it', '[{"colname":"a"}]', 'SHA2(a, 256)', 'postgres', '2024-05-06'),
('another', 'elsewhere', '[]', '1', 'postgres', '2024-05-06');
INSERT INTO rs_catalog.svv_attached_masking_policy VALUES
('hide.it', 'My.Shop', 'customers', 'table', 'postgres', 'public', 'public', 0, '["full name"]',
 '["full name"]', FALSE),
('hide.it', 'My.Shop', 'customers', 'table', 'postgres', 'reader', 'role', 9, '["per.cent"]',
 '["per.cent"]', FALSE);
INSERT INTO rs_catalog.svv_rls_policy VALUES
(current_database(), 'hide.it', 't', '[{"colname":"b"}]', '"t"."b" > 1', TRUE, 'postgres', '2024-05-06'),
(current_database(), 'unused', '', '[]', 'false', FALSE, 'postgres', '2024-05-06');
INSERT INTO rs_catalog.svv_rls_attached_policy VALUES
('My.Shop', 'Order/Items', 'table', 'hide.it', 'postgres', 'reader', 'role', TRUE, TRUE, 'and');
INSERT INTO rs_catalog.svv_relation_privileges VALUES
('My.Shop', 'customers', 'SELECT', 1, 'reader', 'role', FALSE),
('My.Shop', 'customers', 'SELECT', 1, 'postgres', 'user', TRUE);
INSERT INTO rs_catalog.svv_column_privileges VALUES
('My.Shop', 'customers', 'per.cent', 'UPDATE', 1, 'reader', 'role', FALSE);
INSERT INTO rs_catalog.svv_function_privileges VALUES
('My.Shop', 'twice', 'integer, text', 'EXECUTE', 0, 'public', 'public', FALSE);
