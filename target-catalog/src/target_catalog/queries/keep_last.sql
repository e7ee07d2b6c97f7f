-- Of staged records with the same key, keep the one that came last.
DELETE FROM {staging} AS older
USING (
    SELECT {key}, max(seq) AS seq FROM {staging} GROUP BY {key} HAVING count(*) > 1
) AS newest
WHERE {same_older_key} AND older.seq < newest.seq;
