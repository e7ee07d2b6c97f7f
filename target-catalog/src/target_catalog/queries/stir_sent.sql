-- Objects that are new or differ from what the catalog had.
INSERT INTO stirred (urn)
SELECT DISTINCT {s_whole} FROM {staging} AS s JOIN delta AS d USING (seq) WHERE d.is_new OR d.is_changed;
