-- Objects that are only alive were not sent.
INSERT INTO unsent (urn) SELECT urn FROM alive ON CONFLICT DO NOTHING;
