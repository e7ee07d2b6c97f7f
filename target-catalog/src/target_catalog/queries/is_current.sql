-- A row when the run may commit: nobody took it for dead, and no later attempt at it has begun.
SELECT id FROM catalog.runs WHERE id = %(run)s AND attempt = %(attempt)s AND status = 'running';
