-- Streams that need no coverage: the source does not have them, or nothing in them changed.
SELECT DISTINCT s.stream FROM {staging} AS s WHERE s.code = ANY (%(codes)s);
