-- Objects that go, and those whose columns or fields go.
INSERT INTO stirred (urn)
SELECT DISTINCT CASE WHEN m.stream IN ('columns', 'fields') THEN m.parent_urn ELSE m.urn END
FROM moved AS m
WHERE m.direction = 'out' AND m.stream = ANY (%(streams)s);
