-- How many distinct keys of the stream were sent within each of its scopes.
UPDATE run_scopes AS c
SET sent = (SELECT count(*) FROM {staging} AS s WHERE {s_within})
WHERE c.stream = {stream};
