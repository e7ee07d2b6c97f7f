-- Runs whose backend is gone are dead, and so are those that were silent for an hour: a pooler keeps backends alive.
UPDATE catalog.runs AS r
SET status = 'interrupted', finished_at = now()
WHERE r.status = 'running'
  AND (r.seen_at < now() - interval '1 hour'
       OR NOT EXISTS (
           SELECT FROM pg_catalog.pg_stat_activity AS a
           WHERE a.pid = r.backend_pid
             AND (a.backend_start IS NULL OR r.backend_started_at IS NULL OR a.backend_start = r.backend_started_at)
       ));
