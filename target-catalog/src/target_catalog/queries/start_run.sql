-- Open a run, or a later attempt at one; gives no row when a later attempt has begun already.
INSERT INTO catalog.runs AS r (id, organization_id, attempt, backend_pid, backend_started_at)
SELECT %(run)s, %(organization)s, %(attempt)s, a.pid, a.backend_start
FROM pg_catalog.pg_stat_activity AS a
WHERE a.pid = pg_backend_pid()
ON CONFLICT (id) DO UPDATE
SET attempt = excluded.attempt, number = DEFAULT, status = 'running', started_at = now(), seen_at = now(),
    finished_at = NULL, backend_pid = excluded.backend_pid, backend_started_at = excluded.backend_started_at,
    problems = '[]'
WHERE r.attempt <= excluded.attempt AND r.organization_id = excluded.organization_id
RETURNING r.id;
