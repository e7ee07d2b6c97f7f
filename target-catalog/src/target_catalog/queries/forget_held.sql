-- Held removals that were made are held no more.
WITH held AS (
    DELETE FROM catalog.held_removals WHERE connector_id = %(connector)s AND run_id = %(run)s
),
said AS (
    DELETE FROM catalog.diagnostics WHERE connector_id = %(connector)s AND code = 'REMOVALS_HELD'
)
UPDATE catalog.runs SET removed = removed + %(removed)s WHERE id = %(run)s;
