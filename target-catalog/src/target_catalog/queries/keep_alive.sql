-- The run lives, on this backend: a pooler may have given it another one than before.
UPDATE catalog.runs AS r
SET seen_at = now(), backend_pid = a.pid, backend_started_at = a.backend_start
FROM pg_catalog.pg_stat_activity AS a
WHERE a.pid = pg_backend_pid() AND r.id = %(run)s AND r.attempt = %(attempt)s AND r.status = 'running';
