-- Functions, procedures and packages: a row for each, followed by its parameters.
SELECT
    r.routine_schema,
    r.routine_name,
    r.routine_type,
    0 AS is_parameter,
    0 AS position,
    r.dtd_identifier,
    NULL AS parameter_name,
    NULL AS parameter_mode,
    r.routine_body,
    r.external_language,
    r.routine_definition,
    r.is_deterministic,
    r.sql_data_access,
    r.security_type,
    r.definer,
    r.sql_mode,
    r.routine_comment,
    r.created,
    r.last_altered
FROM information_schema.routines AS r
WHERE r.routine_schema IN %(databases)s
  AND CAST(r.routine_schema AS BINARY) IN %(databases)s

UNION ALL

SELECT
    p.specific_schema,
    p.specific_name,
    p.routine_type,
    1,
    p.ordinal_position,
    p.dtd_identifier,
    p.parameter_name,
    p.parameter_mode,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL
FROM information_schema.parameters AS p
WHERE p.specific_schema IN %(databases)s
  AND CAST(p.specific_schema AS BINARY) IN %(databases)s
  AND p.ordinal_position > 0  -- 0 is what a function returns
ORDER BY
    CAST(routine_schema AS BINARY),
    routine_type,
    CAST(routine_name AS BINARY),
    is_parameter,
    position;
