-- Forget what this run says of a stream in a scope: a newer run's word stands.
WITH scope AS (
    DELETE FROM run_scopes WHERE stream = {stream} AND scope_urn = %(scope)s RETURNING scope_urn
)
DELETE FROM {staging} AS s USING scope AS c WHERE {s_within};
