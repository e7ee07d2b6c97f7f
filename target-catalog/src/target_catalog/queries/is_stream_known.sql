-- Whether the connector ever had something in a stream, or was known to have nothing.
SELECT
    EXISTS (SELECT FROM catalog.scopes WHERE connector_id = %(connector)s AND stream = {stream})
    OR EXISTS (SELECT FROM catalog.removed WHERE connector_id = %(connector)s AND stream = {stream});
