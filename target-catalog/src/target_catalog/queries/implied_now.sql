-- The edges that follow from stirred objects.
CREATE TEMPORARY TABLE implied_now ON COMMIT DROP AS
SELECT DISTINCT i.*
FROM catalog.implied_by_objects AS i
JOIN stirred AS s ON s.urn = i.implied_by
WHERE i.connector_id = ANY (%(connectors)s);
