-- How many records of strangers' streams the connector has, and how many of them an activated version lacks.
SELECT count(*), count(*) FILTER (WHERE t.stream = %(stream)s AND s.key IS NULL)
FROM catalog.other_records AS t
LEFT JOIN {staging} AS s ON t.stream = %(stream)s AND s.key = t.key AND s.version = %(version)s
WHERE t.connector_id = %(connector)s;
