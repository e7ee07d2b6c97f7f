-- Policies of row-level security, with a row for each attachment, or one without.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_RLS_POLICY.html,
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_RLS_ATTACHED_POLICY.html
SELECT
    p.polname AS policy_name,
    p.polqual AS expression,
    p.polenabled AS is_enabled,
    a.relschema AS schema_name,
    a.relname AS table_name,
    CAST(NULL AS varchar) AS columns
FROM pg_catalog.svv_rls_policy AS p
LEFT JOIN pg_catalog.svv_rls_attached_policy AS a ON a.polname = p.polname
WHERE p.poldb = %(database)s
ORDER BY p.polname, a.relschema, a.relname;
