-- Close the run with what it did.
UPDATE catalog.runs
SET status = %(status)s, finished_at = clock_timestamp(), records = %(records)s, added = %(added)s,
    changed = %(changed)s, removed = %(removed)s, left_scope = %(left)s, problems = %(problems)s,
    unresolved = %(unresolved)s
WHERE id = %(run)s;
