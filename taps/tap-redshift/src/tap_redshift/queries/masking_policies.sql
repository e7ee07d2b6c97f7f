-- Masking policies, with a row for each attachment, or one without.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_MASKING_POLICY.html,
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ATTACHED_MASKING_POLICY.html
SELECT
    p.policy_name,
    p.policy_expression AS expression,
    CAST(NULL AS boolean) AS is_enabled,
    a.schema_name,
    a.table_name,
    a.output_columns AS columns
FROM pg_catalog.svv_masking_policy AS p
LEFT JOIN pg_catalog.svv_attached_masking_policy AS a ON a.policy_name = p.policy_name
WHERE p.policy_database = %(database)s
ORDER BY p.policy_name, a.schema_name, a.table_name, a.output_columns;
