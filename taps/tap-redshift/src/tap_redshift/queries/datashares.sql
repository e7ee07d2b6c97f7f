-- Datashares that this database gives, or was made from. Visible to superusers, and to who may use
-- them: https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_DATASHARES.html
SELECT
    share_name,
    share_type,
    producer_account,
    producer_namespace,
    is_publicaccessible AS publicly_accessible,
    managed_by,
    createdate AS created_at
FROM pg_catalog.svv_datashares
WHERE (share_type = 'OUTBOUND' AND source_database = %(database)s)
   OR (share_type = 'INBOUND' AND consumer_database = %(database)s)
ORDER BY share_name, producer_namespace;
