-- Edges that follow from other rows, before all of them are made anew.
DELETE FROM catalog.implied_lineage AS i WHERE i.connector_id = ANY (%(connectors)s);
