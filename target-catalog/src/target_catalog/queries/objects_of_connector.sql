-- How many rows of a table are the connector's.
SELECT count(*) FROM {table} AS t WHERE t.connector_id = %(connector)s;
