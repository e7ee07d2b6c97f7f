-- Scopes that the catalog knows nothing of yet: no complete coverage touches them, and no row lies in them.
UPDATE run_scopes AS c
SET is_first = true
WHERE c.stream = {stream}
  AND NOT EXISTS (
      SELECT FROM catalog.scopes AS o
      WHERE o.connector_id = %(connector)s AND o.stream = {stream}
        AND (catalog.is_within(o.scope_urn, c.scope_urn) OR catalog.is_within(c.scope_urn, o.scope_urn))
  )
  AND NOT EXISTS (
      SELECT FROM {table} AS t WHERE t.connector_id = %(connector)s AND {t_within}
  );
