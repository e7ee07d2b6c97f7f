-- Who belongs to which group.
SELECT 'user' AS member_type, u.usename AS member, 'group' AS holder_type, g.groname AS holder
FROM pg_catalog.pg_group AS g
INNER JOIN pg_catalog.pg_user AS u ON u.usesysid = ANY (g.grolist)
ORDER BY u.usename, g.groname;
