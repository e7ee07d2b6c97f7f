-- A scope is settled when everything in it arrived: records and word of what is alive.
UPDATE run_scopes AS c
SET arrived = c.sent + a.count, settles = c.complete AND c.sent + a.count = c.extracted
FROM (
    SELECT o.stream, o.scope_urn, count(a.urn)
    FROM run_scopes AS o
    LEFT JOIN alive AS a ON a.stream = o.stream AND catalog.is_within(a.urn, o.scope_urn)
    GROUP BY o.stream, o.scope_urn
) AS a
WHERE a.stream = c.stream AND a.scope_urn = c.scope_urn;
