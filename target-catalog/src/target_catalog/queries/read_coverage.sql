-- What the run says about its scopes; a stranger's streams are not settled by coverage.
INSERT INTO run_scopes (stream, scope_urn, complete, extracted, filter_hash, unread_fields, reason)
SELECT stream, scope_urn, complete, extracted, filter_hash, unread_fields, reason
FROM {staging}
WHERE stream = ANY (%(known)s);
