-- Rows of settled scopes that did not arrive. They go, unless the filter changed since the scope was last complete:
-- then they only left the scope, and go for real when a run with their old filter doesn't find them either.
WITH missing AS MATERIALIZED (
    SELECT
        {t_urn} AS urn, {t_object_key} AS object_key, {t_parent} AS parent_urn,
        t.left_scope_at IS NOT NULL AS has_left, t.in_scope_hash, c.filter_hash,
        catalog.removal_breaks({stream}, to_jsonb(t)) AS breaking
    FROM run_scopes AS c
    JOIN {table} AS t ON {t_within}
    WHERE c.stream = {stream} AND c.settles AND t.connector_id = %(connector)s AND {goes_by_absence}
      AND NOT EXISTS (SELECT FROM {staging} AS s WHERE {same_key})
      AND NOT EXISTS (SELECT FROM alive AS a WHERE a.stream = {stream} AND a.urn = {t_object_key})
      AND NOT EXISTS (SELECT FROM unsent AS u WHERE u.urn = {t_parent})
),
judged AS (
    SELECT
        m.*,
        CASE WHEN m.has_left THEN m.in_scope_hash ELSE last.filter_hash END AS known_hash,
        NOT m.has_left AND last.scope_urn IS NULL AS is_never_covered
    FROM missing AS m
    LEFT JOIN LATERAL (
        SELECT o.scope_urn, o.filter_hash
        FROM catalog.scopes AS o
        WHERE o.connector_id = %(connector)s AND o.stream = {stream} AND catalog.is_within(m.urn, o.scope_urn)
        ORDER BY o.complete_at DESC
        LIMIT 1
    ) AS last ON true
),
decided AS (
    SELECT *, is_never_covered OR known_hash IS NOT DISTINCT FROM filter_hash AS goes FROM judged
)
INSERT INTO moved (direction, kind, stream, urn, object_key, parent_urn, is_object, breaking, in_scope_hash)
SELECT
    CASE WHEN goes THEN 'out' ELSE 'left' END,
    CASE WHEN goes THEN 'removed' ELSE 'changed' END,
    {stream}, urn, object_key, parent_urn, {is_object}, goes AND breaking, known_hash
FROM decided
WHERE goes OR NOT has_left;
