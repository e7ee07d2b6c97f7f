-- The cluster or workgroup, as its leader node describes itself.
SELECT
    pg_catalog.version() AS version,
    current_database() AS default_database,
    pg_catalog.current_setting('enable_case_sensitive_identifier') AS case_sensitive;
