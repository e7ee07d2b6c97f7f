-- How many records of strangers' streams the connector has, and how many of them an activated version lacks.
SELECT
    count(*),
    count(*) FILTER (
        WHERE t.stream = %(stream)s
          AND NOT EXISTS (SELECT FROM {staging} AS s WHERE s.key = t.key AND s.version = %(version)s)
    )
FROM catalog.other_records AS t
WHERE t.connector_id = %(connector)s;
