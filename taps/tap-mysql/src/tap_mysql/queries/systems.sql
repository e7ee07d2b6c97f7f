-- The server: one row.
SELECT
    VERSION() AS version,
    @@version_comment AS version_comment,
    @@lower_case_table_names AS lower_case_table_names,
    @@character_set_server AS character_set,
    @@collation_server AS collation,
    @@default_storage_engine AS default_engine;
