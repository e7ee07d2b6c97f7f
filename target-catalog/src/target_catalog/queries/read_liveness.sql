-- Objects that are still there and unchanged.
INSERT INTO alive (stream, urn) SELECT DISTINCT stream, urn FROM {staging};
