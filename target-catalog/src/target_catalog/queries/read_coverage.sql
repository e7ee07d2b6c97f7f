-- What the run says about its scopes.
INSERT INTO run_scopes (stream, scope_urn, complete, extracted, filter_hash, unread_fields, reason)
SELECT stream, scope_urn, complete, extracted, filter_hash, unread_fields, reason
FROM {staging};
