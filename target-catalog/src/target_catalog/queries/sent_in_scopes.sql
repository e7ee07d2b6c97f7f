-- How many rows were sent within scopes.
SELECT coalesce(sum(sent), 0) FROM run_scopes WHERE stream = {stream};
