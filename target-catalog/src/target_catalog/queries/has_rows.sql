-- Whether the connector has anything in a table.
SELECT EXISTS (SELECT FROM {table} AS t WHERE t.connector_id = %(connector)s);
