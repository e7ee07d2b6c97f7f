-- Objects of a first load.
INSERT INTO stirred (urn) SELECT DISTINCT {s_whole} FROM {staging} AS s;
