-- Tombstones of the connector that are older than its retention.
DELETE FROM catalog.removed WHERE connector_id = %(connector)s AND removed_at < %(oldest)s;
