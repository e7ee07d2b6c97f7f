-- Streams that the source says it does not have.
SELECT DISTINCT s.stream FROM {staging} AS s WHERE s.code = %(code)s;
