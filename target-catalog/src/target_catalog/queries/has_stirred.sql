-- Whether the run touched anything that lineage can be at.
SELECT EXISTS (SELECT FROM stirred);
