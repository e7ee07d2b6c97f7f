-- Changes of the connector that are older than its retention.
DELETE FROM catalog.changes WHERE connector_id = %(connector)s AND at < %(oldest)s;
