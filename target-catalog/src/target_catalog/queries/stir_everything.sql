-- All that lineage can be at.
INSERT INTO stirred (urn)
SELECT DISTINCT o.urn FROM catalog.objects AS o WHERE o.connector_id = ANY (%(connectors)s);
