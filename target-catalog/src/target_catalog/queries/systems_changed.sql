-- Systems that are described otherwise than when lineage was last resolved.
CREATE TEMPORARY TABLE systems_changed ON COMMIT DROP AS
WITH before AS (
    SELECT jsonb_array_elements(systems) AS facts
    FROM catalog.resolved_systems
    WHERE organization_id = %(organization)s
),
now AS (
    SELECT to_jsonb(s) AS facts FROM systems_now AS s
)
SELECT DISTINCT
    facts ->> 'namespace' COLLATE "C" AS namespace, facts ->> 'platform' AS platform, facts ->> 'scheme' AS scheme
FROM (
    (SELECT facts FROM before EXCEPT SELECT facts FROM now)
    UNION
    (SELECT facts FROM now EXCEPT SELECT facts FROM before)
) AS differing;
