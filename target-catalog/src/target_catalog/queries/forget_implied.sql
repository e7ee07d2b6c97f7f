-- What followed from edges that went.
DELETE FROM catalog.implied_lineage AS i
USING moved AS m
WHERE m.stream = 'lineage' AND m.direction = 'out'
  AND i.connector_id = %(connector)s AND i.implied_by = m.object_key;
