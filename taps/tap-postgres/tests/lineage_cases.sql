-- Views and the edges they must have, one a paragraph. The first line names the case (and the oldest
-- server that can run it); `-->` lines say which tables are read, and what reaches which column; `*`
-- is the view as a whole. They follow PostgreSQL's documentation of each construct, not the program.

-- bare columns
SELECT a, b AS renamed FROM t
--> t DIRECT
--> a <- t.a IDENTITY
--> renamed <- t.b IDENTITY

-- star
SELECT * FROM u
--> u DIRECT
--> id <- u.id IDENTITY
--> a <- u.a IDENTITY
--> e <- u.e IDENTITY

-- constants only
SELECT 1 AS one, 'x'::text AS word, current_date AS today

-- no columns at all
SELECT FROM t WHERE a > 1
--> t INDIRECT
--> * <- t.a FILTER

-- operators and functions
SELECT a + b AS s, upper(c) AS f, -a AS n, a::text AS cast_by_io, a::bigint AS widened FROM t
--> t DIRECT
--> s <- t.a, t.b TRANSFORMATION
--> f <- t.c TRANSFORMATION
--> n <- t.a TRANSFORMATION
--> cast_by_io <- t.a TRANSFORMATION
--> widened <- t.a TRANSFORMATION

-- same value under another type, collation or domain
SELECT v::text AS relabelled, c COLLATE "C" AS collated, a::positive AS checked FROM t
--> t DIRECT
--> relabelled <- t.v IDENTITY
--> collated <- t.c IDENTITY
--> checked <- t.a IDENTITY

-- varchar of another length is another value
SELECT c::varchar(3) AS cut FROM t
--> t DIRECT
--> cut <- t.c TRANSFORMATION

-- tests
SELECT a IS NULL AS n, (a > 1) IS TRUE AS b, a IS DISTINCT FROM b AS d, a IN (1, 2) AS i FROM t
--> t DIRECT
--> n <- t.a TRANSFORMATION
--> b <- t.a TRANSFORMATION
--> d <- t.a, t.b TRANSFORMATION
--> i <- t.a TRANSFORMATION

-- boolean logic
SELECT NOT (a > 1 AND b > 1 OR c = 'x') AS l FROM t
--> t DIRECT
--> l <- t.a, t.b, t.c TRANSFORMATION

-- searched case
SELECT CASE WHEN a > 1 THEN b ELSE id END AS k FROM t
--> t DIRECT
--> k <- t.a CONDITIONAL
--> k <- t.b, t.id TRANSFORMATION

-- simple case
SELECT CASE a WHEN 1 THEN c WHEN b THEN v END AS k FROM t
--> t DIRECT
--> k <- t.a, t.b CONDITIONAL
--> k <- t.c, t.v TRANSFORMATION

-- case within a condition of a case
SELECT CASE WHEN CASE WHEN a > 1 THEN b ELSE 0 END > 1 THEN id END AS k FROM t
--> t DIRECT
--> k <- t.a, t.b CONDITIONAL
--> k <- t.id TRANSFORMATION

-- coalesce
SELECT coalesce(a, b, id) AS k FROM t
--> t DIRECT
--> k <- t.a, t.b CONDITIONAL
--> k <- t.a, t.b, t.id TRANSFORMATION

-- nullif
SELECT nullif(a, b) AS k FROM t
--> t DIRECT
--> k <- t.a, t.b CONDITIONAL
--> k <- t.a TRANSFORMATION

-- greatest and least
SELECT greatest(a, b) AS g, least(a, id) AS l FROM t
--> t DIRECT
--> g <- t.a, t.b TRANSFORMATION
--> l <- t.a, t.id TRANSFORMATION

-- arrays
SELECT ARRAY[a, b] AS made, arr[a] AS taken, arr[1:b] AS sliced, arr::bigint[] AS cast_array FROM t
--> t DIRECT
--> made <- t.a, t.b TRANSFORMATION
--> taken <- t.arr, t.a TRANSFORMATION
--> sliced <- t.arr, t.b TRANSFORMATION
--> cast_array <- t.arr TRANSFORMATION

-- any over an array
SELECT a = ANY (arr) AS k FROM t
--> t DIRECT
--> k <- t.a, t.arr TRANSFORMATION

-- rows compared
SELECT (a, b) < (b, id) AS k FROM t
--> t DIRECT
--> k <- t.a, t.b, t.id TRANSFORMATION

-- where
SELECT a FROM t WHERE b > 1
--> t DIRECT
--> a <- t.a IDENTITY
--> * <- t.b FILTER

-- cross join with a condition in where
SELECT t.a FROM t, u WHERE t.id = u.id
--> t DIRECT
--> u INDIRECT
--> a <- t.a IDENTITY
--> * <- t.id, u.id FILTER

-- join on
SELECT t.a, u.e FROM t LEFT JOIN u ON u.id = t.id AND t.b > 0
--> t DIRECT
--> u DIRECT
--> a <- t.a IDENTITY
--> e <- u.e IDENTITY
--> * <- t.id, u.id, t.b JOIN

-- join using
SELECT id, t.a, u.e FROM t JOIN u USING (id)
--> t DIRECT
--> u DIRECT
--> id <- t.id IDENTITY
--> a <- t.a IDENTITY
--> e <- u.e IDENTITY
--> * <- t.id, u.id JOIN

-- right join using takes the right column
SELECT id FROM t RIGHT JOIN u USING (id)
--> t INDIRECT
--> u DIRECT
--> id <- u.id IDENTITY
--> * <- t.id, u.id JOIN

-- full join using merges
SELECT id FROM t FULL JOIN u USING (id)
--> t DIRECT
--> u DIRECT
--> id <- t.id CONDITIONAL
--> id <- t.id, u.id TRANSFORMATION
--> * <- t.id, u.id JOIN

-- natural join
SELECT c, e FROM t NATURAL JOIN u
--> t DIRECT
--> u DIRECT
--> c <- t.c IDENTITY
--> e <- u.e IDENTITY
--> * <- t.id, u.id, t.a, u.a JOIN

-- alias of a join with new names
SELECT k, n FROM (t JOIN u USING (id)) AS j (k, n)
--> t DIRECT
--> u INDIRECT
--> k <- t.id IDENTITY
--> n <- t.a IDENTITY
--> * <- t.id, u.id JOIN

-- alias of the merged columns
SELECT j.id FROM t JOIN u USING (id) AS j
--> t DIRECT
--> u INDIRECT
--> id <- t.id IDENTITY
--> * <- t.id, u.id JOIN

-- column aliases of a table
SELECT p, q FROM u AS x (p, q)
--> u DIRECT
--> p <- u.id IDENTITY
--> q <- u.a IDENTITY

-- self join
SELECT x.a AS xa, y.b AS yb FROM t x JOIN t y ON x.a = y.id
--> t DIRECT
--> xa <- t.a IDENTITY
--> yb <- t.b IDENTITY
--> * <- t.a, t.id JOIN

-- subquery in from
SELECT q.k, q.s + 1 AS s1 FROM (SELECT a AS k, b + id AS s FROM t WHERE c = 'x') q
--> t DIRECT
--> k <- t.a IDENTITY
--> s1 <- t.b, t.id TRANSFORMATION
--> * <- t.c FILTER

-- transformation of an aggregate stays an aggregation
SELECT q.m + q.a AS k FROM (SELECT max(b) AS m, a FROM t GROUP BY a) q
--> t DIRECT
--> k <- t.b AGGREGATION
--> k <- t.a TRANSFORMATION
--> * <- t.a GROUP_BY

-- lateral subquery
SELECT t.id, l.e FROM t LEFT JOIN LATERAL (SELECT u.e FROM u WHERE u.a = t.a ORDER BY u.id LIMIT 1) l ON t.b > 0
--> t DIRECT
--> u DIRECT
--> id <- t.id IDENTITY
--> e <- u.e IDENTITY
--> * <- t.b JOIN
--> * <- t.a, u.a FILTER
--> * <- u.id SORT

-- lateral value
SELECT l.s FROM t, LATERAL (SELECT t.a + t.b AS s) l
--> t DIRECT
--> s <- t.a, t.b TRANSFORMATION

-- group by with aggregates
SELECT a, sum(b) AS s, count(*) AS n, count(DISTINCT c) AS d FROM t GROUP BY a
--> t DIRECT
--> a <- t.a IDENTITY
--> s <- t.b AGGREGATION
--> d <- t.c AGGREGATION
--> * <- t.a GROUP_BY

-- group by an expression
SELECT a + b AS k, count(*) AS n FROM t GROUP BY a + b
--> t DIRECT
--> k <- t.a, t.b TRANSFORMATION
--> * <- t.a, t.b GROUP_BY

-- group by something that is not shown
SELECT count(*) AS n FROM t GROUP BY c
--> t INDIRECT
--> * <- t.c GROUP_BY

-- having
SELECT a FROM t GROUP BY a HAVING max(b) > 1
--> t DIRECT
--> a <- t.a IDENTITY
--> * <- t.a GROUP_BY
--> * <- t.b FILTER

-- aggregate with filter, order and distinct
SELECT sum(a) FILTER (WHERE b > 0) AS f, string_agg(c, ',' ORDER BY id) AS o FROM t
--> t DIRECT
--> f <- t.a AGGREGATION
--> f <- t.b FILTER
--> o <- t.c AGGREGATION
--> o <- t.id SORT

-- ordered by what it aggregates
SELECT array_agg(a ORDER BY a) AS o FROM t
--> t DIRECT
--> o <- t.a AGGREGATION
--> o <- t.a SORT

-- ordered-set aggregate
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) AS p, rank(3) WITHIN GROUP (ORDER BY b) AS r FROM t
--> t DIRECT
--> p <- t.a AGGREGATION
--> r <- t.b AGGREGATION

-- count of everything
SELECT count(*) AS n FROM t
--> t INDIRECT

-- grouping sets
SELECT a, b, grouping(a, b) AS g, sum(id) AS s FROM t GROUP BY GROUPING SETS ((a), (b), ())
--> t DIRECT
--> a <- t.a IDENTITY
--> b <- t.b IDENTITY
--> s <- t.id AGGREGATION
--> * <- t.a, t.b GROUP_BY

-- rollup and cube
SELECT a, count(*) AS n FROM t GROUP BY DISTINCT ROLLUP (a, b), CUBE (c)
--> t DIRECT
--> a <- t.a IDENTITY
--> * <- t.a, t.b, t.c GROUP_BY

-- distinct
SELECT DISTINCT a, upper(c) AS u FROM t
--> t DIRECT
--> a <- t.a IDENTITY
--> u <- t.c TRANSFORMATION
--> * <- t.a, t.c GROUP_BY

-- distinct on
SELECT DISTINCT ON (a) b FROM t ORDER BY a, id DESC
--> t DIRECT
--> b <- t.b IDENTITY
--> * <- t.a GROUP_BY
--> * <- t.a, t.id SORT

-- order by
SELECT a FROM t ORDER BY b, upper(c)
--> t DIRECT
--> a <- t.a IDENTITY
--> * <- t.b, t.c SORT

-- limit by a subquery
SELECT a FROM t LIMIT (SELECT max(id) FROM u)
--> t DIRECT
--> u INDIRECT
--> a <- t.a IDENTITY
--> * <- u.id FILTER

-- window aggregate
SELECT sum(a) OVER (PARTITION BY b ORDER BY id) AS s FROM t
--> t DIRECT
--> s <- t.a AGGREGATION
--> s <- t.b, t.id WINDOW

-- window functions
SELECT row_number() OVER w AS r, lag(a) OVER w AS l, first_value(c) OVER (w ROWS 1 PRECEDING) AS f
FROM t WINDOW w AS (ORDER BY b)
--> t DIRECT
--> r <- t.b WINDOW
--> l <- t.a TRANSFORMATION
--> l <- t.b WINDOW
--> f <- t.c TRANSFORMATION
--> f <- t.b WINDOW

-- window over groups, with a filter and a frame
SELECT count(*) FILTER (WHERE a > 1) OVER (ORDER BY b GROUPS (SELECT min(id) FROM u) PRECEDING) AS n FROM t
--> t INDIRECT
--> u INDIRECT
--> n <- t.a FILTER
--> n <- t.b, u.id WINDOW

-- scalar subquery
SELECT (SELECT max(u.a) FROM u WHERE u.id = t.id) AS m FROM t
--> t INDIRECT
--> u DIRECT
--> m <- u.a AGGREGATION
--> m <- t.id, u.id FILTER

-- scalar subquery passes a column on
SELECT (SELECT e FROM u ORDER BY id LIMIT 1) AS e FROM t
--> t INDIRECT
--> u DIRECT
--> e <- u.e IDENTITY
--> e <- u.id SORT

-- array subquery
SELECT ARRAY(SELECT u.a FROM u WHERE u.id > t.id) AS k FROM t
--> t INDIRECT
--> u DIRECT
--> k <- u.a AGGREGATION
--> k <- t.id, u.id FILTER

-- exists in where
SELECT a FROM t WHERE EXISTS (SELECT u.e FROM u JOIN p ON p.k = u.a WHERE u.id = t.id)
--> t DIRECT
--> u INDIRECT
--> p INDIRECT
--> a <- t.a IDENTITY
--> * <- t.id, u.id, u.a, p.k FILTER

-- exists as a value
SELECT EXISTS (SELECT FROM u WHERE u.id = t.a) AS k FROM t
--> t INDIRECT
--> u INDIRECT
--> k <- t.a, u.id FILTER

-- in, any, all
SELECT a FROM t WHERE a IN (SELECT id FROM u) AND b > ALL (SELECT a FROM u) AND (a, b) = ANY (SELECT k, w FROM p)
--> t DIRECT
--> u INDIRECT
--> p INDIRECT
--> a <- t.a IDENTITY
--> * <- t.a, t.b, u.id, u.a, p.k, p.w FILTER

-- in as a value
SELECT a IN (SELECT id FROM u WHERE e = 'x') AS k FROM t
--> t DIRECT
--> u DIRECT
--> k <- t.a, u.id TRANSFORMATION
--> k <- u.e FILTER

-- subquery in a condition of a case
SELECT CASE WHEN EXISTS (SELECT FROM u WHERE u.id = t.id) THEN a END AS k FROM t
--> t DIRECT
--> u INDIRECT
--> k <- t.a TRANSFORMATION
--> k <- t.id, u.id CONDITIONAL

-- subquery in order by
SELECT a FROM t ORDER BY (SELECT max(u.a) FROM u WHERE u.id = t.id)
--> t DIRECT
--> u INDIRECT
--> a <- t.a IDENTITY
--> * <- t.id, u.id, u.a SORT

-- aggregate of the outer query in a subquery
SELECT (SELECT sum(t.a) FROM u LIMIT 1) AS s FROM t
--> t DIRECT
--> u INDIRECT
--> s <- t.a AGGREGATION

-- common table expressions
WITH x AS (SELECT a, b FROM t WHERE id > 1), y AS MATERIALIZED (SELECT a * 2 AS a2 FROM x)
SELECT x.b, y.a2 FROM x JOIN y ON y.a2 = x.a
--> t DIRECT
--> b <- t.b IDENTITY
--> a2 <- t.a TRANSFORMATION
--> * <- t.id FILTER
--> * <- t.a JOIN

-- a common table expression that nobody asks
WITH x AS (SELECT a FROM t WHERE b > 1) SELECT e FROM u
--> t INDIRECT
--> u DIRECT
--> e <- u.e IDENTITY

-- common table expression of an outer query, within a subquery
WITH x AS (SELECT id, e FROM u) SELECT (SELECT x.e FROM x WHERE x.id = t.id) AS e FROM t
--> t INDIRECT
--> u DIRECT
--> e <- u.e IDENTITY
--> e <- t.id, u.id FILTER

-- same name of a common table expression inside and outside
WITH x AS (SELECT a FROM t) SELECT q.e, x.a FROM (WITH x AS (SELECT e FROM u) SELECT e FROM x) q, x
--> t DIRECT
--> u DIRECT
--> e <- u.e IDENTITY
--> a <- t.a IDENTITY

-- recursive
WITH RECURSIVE r (n, root) AS (
    SELECT id, a FROM t WHERE b = 0 UNION ALL SELECT t.id, r.root FROM r JOIN t ON t.a = r.n
) SELECT n, root FROM r
--> t DIRECT
--> n <- t.id IDENTITY
--> root <- t.a IDENTITY
--> * <- t.b FILTER
--> * <- t.a, t.id JOIN

-- recursive, with columns that change places
WITH RECURSIVE r (x, y, n) AS (
    SELECT a, b, 1 FROM t UNION ALL SELECT y, x, n + 1 FROM r WHERE n < 3
) SELECT x, y FROM r
--> t DIRECT
--> x <- t.a, t.b IDENTITY
--> y <- t.a, t.b IDENTITY

-- recursive, with a value that grows
WITH RECURSIVE r (n) AS (SELECT a FROM t UNION SELECT n + 1 FROM r WHERE n < 9) SELECT n FROM r
--> t DIRECT
--> n <- t.a IDENTITY
--> n <- t.a TRANSFORMATION
--> * <- t.a FILTER
--> * <- t.a GROUP_BY

-- recursive, and one that comes later
WITH RECURSIVE r (n) AS (
    SELECT id FROM late UNION ALL SELECT late.a FROM r JOIN late ON late.id = r.n
), late AS (SELECT id, a FROM u WHERE e = 'x') SELECT n FROM r
--> u DIRECT
--> n <- u.id, u.a IDENTITY
--> * <- u.id, u.a JOIN
--> * <- u.e FILTER

-- search
WITH RECURSIVE r (n, x) AS (
    SELECT id, c FROM t UNION ALL SELECT t.id, t.c FROM r JOIN t ON t.a = r.n
) SEARCH DEPTH FIRST BY x SET o SELECT n, array_length(o, 1) AS o FROM r
--> t DIRECT
--> n <- t.id IDENTITY
--> o <- t.c TRANSFORMATION
--> * <- t.a, t.id JOIN

-- cycle
WITH RECURSIVE r (n) AS (
    SELECT id FROM t UNION ALL SELECT t.a FROM r JOIN t ON t.id = r.n
) CYCLE n SET again USING way SELECT n, again, array_length(way, 1) AS way FROM r
--> t DIRECT
--> n <- t.id, t.a IDENTITY
--> again <- t.id, t.a CONDITIONAL
--> way <- t.id, t.a TRANSFORMATION
--> * <- t.id, t.a JOIN
--> * <- t.id, t.a FILTER

-- union all
SELECT a, c FROM t WHERE b > 1 UNION ALL SELECT id, e FROM u
--> t DIRECT
--> u DIRECT
--> a <- t.a, u.id IDENTITY
--> c <- t.c, u.e IDENTITY
--> * <- t.b FILTER

-- union
SELECT a FROM t UNION SELECT id FROM u
--> t DIRECT
--> u DIRECT
--> a <- t.a, u.id IDENTITY
--> * <- t.a, u.id GROUP_BY

-- intersect and except
SELECT a FROM t INTERSECT SELECT a FROM u EXCEPT SELECT k FROM p
--> t DIRECT
--> u DIRECT
--> p INDIRECT
--> a <- t.a, u.a IDENTITY
--> * <- t.a, u.a, p.k FILTER

-- set operations in brackets, with an order
(SELECT a FROM t EXCEPT ALL (SELECT a FROM u UNION ALL SELECT k FROM p)) ORDER BY a
--> t DIRECT
--> u INDIRECT
--> p INDIRECT
--> a <- t.a IDENTITY
--> * <- t.a, u.a, p.k FILTER
--> * <- t.a SORT

-- values
SELECT column1 AS k FROM (VALUES (1), (2)) AS x

-- values with columns
SELECT l.x, l.y FROM t, LATERAL (VALUES (t.a, t.b), (t.id, 0)) AS l (x, y)
--> t DIRECT
--> x <- t.a, t.id IDENTITY
--> y <- t.b IDENTITY

-- set-returning function with ordinality
SELECT x, n FROM t, unnest(t.arr) WITH ORDINALITY AS l (x, n)
--> t DIRECT
--> x <- t.arr TRANSFORMATION
--> n <- t.arr TRANSFORMATION
--> * <- t.arr JOIN

-- rows from
SELECT x, y, n FROM t, ROWS FROM (generate_series(1, t.a), unnest(t.arr)) WITH ORDINALITY AS l (x, y, n)
--> t DIRECT
--> x <- t.a TRANSFORMATION
--> y <- t.arr TRANSFORMATION
--> n <- t.a, t.arr TRANSFORMATION
--> * <- t.a, t.arr JOIN

-- function of one value in from
SELECT l FROM t, upper(t.c) AS l
--> t DIRECT
--> l <- t.c TRANSFORMATION

-- function with columns
SELECT r.k, r.z FROM t, jsonb_to_recordset(t.doc) AS r (k int, z text)
--> t DIRECT
--> k <- t.doc TRANSFORMATION
--> z <- t.doc TRANSFORMATION
--> * <- t.doc JOIN

-- function that returns a composite type
SELECT f.* FROM pairs(1) AS f

-- set-returning function among the columns
SELECT unnest(arr) AS x, b FROM t
--> t DIRECT
--> x <- t.arr TRANSFORMATION
--> b <- t.b IDENTITY
--> * <- t.arr JOIN

-- xmltable
SELECT x.n, x.k FROM t, xmltable('/r/i' PASSING t.xm COLUMNS n FOR ORDINALITY, k int PATH '@k' DEFAULT t.a) AS x
--> t DIRECT
--> n <- t.xm TRANSFORMATION
--> k <- t.xm, t.a TRANSFORMATION
--> * <- t.xm JOIN

-- whole row
SELECT u AS r FROM u
--> u DIRECT
--> r <- u.id, u.a, u.e TRANSFORMATION

-- whole row as an argument
SELECT to_jsonb(u) AS j, count(u.*) OVER () AS n FROM u
--> u DIRECT
--> j <- u.id, u.a, u.e TRANSFORMATION
--> n <- u.id, u.a, u.e AGGREGATION

-- whole row of a subquery
SELECT to_jsonb(q) AS j FROM (SELECT a, b + 1 AS b1 FROM t) q
--> t DIRECT
--> j <- t.a, t.b TRANSFORMATION

-- whole row of a join
SELECT to_jsonb(j) AS j FROM (p JOIN u ON p.k = u.id) AS j
--> p DIRECT
--> u DIRECT
--> j <- p.k, p.w, u.id, u.a, u.e TRANSFORMATION
--> * <- p.k, u.id JOIN

-- field of a whole row that went through a subquery
SELECT (q.r).a, (q.r).e AS ee FROM (SELECT u AS r FROM u) q
--> u DIRECT
--> a <- u.a IDENTITY
--> ee <- u.e IDENTITY

-- field of a row that was put together
SELECT (q.r).x, (q.r).y FROM (SELECT ROW(a, upper(c))::pair AS r FROM t) q
--> t DIRECT
--> x <- t.a IDENTITY
--> y <- t.c TRANSFORMATION

-- field of a composite column
SELECT (pr).x FROM w
--> w DIRECT
--> x <- w.pr TRANSFORMATION

-- row of a table with dropped columns
SELECT to_jsonb(g) AS j, g.last FROM gaps AS g
--> gaps DIRECT
--> j <- gaps.first, gaps.last TRANSFORMATION
--> last <- gaps.last IDENTITY

-- natural join with a table that has gaps
SELECT * FROM gaps JOIN u ON gaps.first = u.id
--> gaps DIRECT
--> u DIRECT
--> first <- gaps.first IDENTITY
--> last <- gaps.last IDENTITY
--> id <- u.id IDENTITY
--> a <- u.a IDENTITY
--> e <- u.e IDENTITY
--> * <- gaps.first, u.id JOIN

-- system columns are not columns of the catalog
SELECT ctid::text AS place, tableoid::text AS tab, a FROM t WHERE xmin::text <> '0'
--> t DIRECT
--> a <- t.a IDENTITY

-- system columns alone
SELECT tableoid AS k FROM p
--> p DIRECT

-- view on a view
SELECT va, count(*) AS n FROM base_view GROUP BY va
--> base_view DIRECT
--> va <- base_view.va IDENTITY
--> * <- base_view.va GROUP_BY

-- view on a materialized view
SELECT m FROM base_matview
--> base_matview DIRECT
--> m <- base_matview.m IDENTITY

-- inheritance, parent and child
SELECT x.a, y.a AS only_a FROM parent x, ONLY parent y, child z WHERE z.extra > 0
--> parent DIRECT
--> child INDIRECT
--> a <- parent.a IDENTITY
--> only_a <- parent.a IDENTITY
--> * <- child.extra FILTER

-- child as its parent's type
SELECT to_jsonb(child::parent) AS j FROM child
--> child DIRECT
--> j <- child.a, child.extra TRANSFORMATION

-- partitioned table
SELECT k, w FROM parts
--> parts DIRECT
--> k <- parts.k IDENTITY
--> w <- parts.w IDENTITY

-- sequence
SELECT last_value FROM numbers
--> numbers DIRECT
--> last_value <- numbers.last_value IDENTITY

-- foreign table
SELECT far FROM distant
--> distant DIRECT
--> far <- distant.far IDENTITY

-- generated column
SELECT twice FROM made
--> made DIRECT
--> twice <- made.twice IDENTITY

-- sample
SELECT a FROM t TABLESAMPLE system ((SELECT count(*) FROM u)) REPEATABLE (1)
--> t DIRECT
--> u INDIRECT
--> a <- t.a IDENTITY

-- a name in a constant is no source
SELECT nextval('numbers') AS n, 'u'::regclass AS r FROM t
--> t INDIRECT

-- system catalogs
SELECT relname, n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
--> pg_catalog.pg_class DIRECT
--> pg_catalog.pg_namespace DIRECT
--> relname <- pg_catalog.pg_class.relname IDENTITY
--> nspname <- pg_catalog.pg_namespace.nspname IDENTITY
--> * <- pg_catalog.pg_namespace.oid, pg_catalog.pg_class.relnamespace JOIN

-- locked rows
SELECT a FROM t FOR UPDATE OF t SKIP LOCKED
--> t DIRECT
--> a <- t.a IDENTITY

-- json constructors 16
SELECT json_object('a': a, c: b) AS o, json_arrayagg(a ORDER BY id) AS g, c IS JSON AS i FROM t GROUP BY a, b, c
--> t DIRECT
--> o <- t.a, t.b, t.c TRANSFORMATION
--> g <- t.a AGGREGATION
--> g <- t.id SORT
--> i <- t.c TRANSFORMATION
--> * <- t.a, t.b, t.c GROUP_BY

-- json queries 17
SELECT json_value(doc, '$.a' PASSING a AS x RETURNING int) AS v, json_exists(doc, '$.b') AS e, json_query(doc, '$') AS q FROM t
--> t DIRECT
--> v <- t.doc, t.a TRANSFORMATION
--> e <- t.doc TRANSFORMATION
--> q <- t.doc TRANSFORMATION

-- json_table 17
SELECT j.n, j.k, j.z FROM t, json_table(
    t.doc, '$[*] ? (@.x > $least)' PASSING t.b AS least
    COLUMNS (n FOR ORDINALITY, k int PATH '$.k', NESTED PATH '$.z[*]' COLUMNS (z text PATH '$'))
) AS j
--> t DIRECT
--> n <- t.doc, t.b TRANSFORMATION
--> k <- t.doc, t.b TRANSFORMATION
--> z <- t.doc, t.b TRANSFORMATION
--> * <- t.doc, t.b JOIN

-- virtual generated column 18
SELECT twice FROM made_virtually
--> made_virtually DIRECT
--> twice <- made_virtually.twice IDENTITY
