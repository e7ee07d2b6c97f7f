-- Mark the rows of a large load as visible to all. Who reads them first would do it too, but where pages have checksums
-- he logs each page whole, when a checkpoint came between.
VACUUM (SKIP_LOCKED) {table};
