-- Records of an activated version are all there is: the others go.
DELETE FROM catalog.other_records AS t
WHERE t.connector_id = %(connector)s AND t.stream = %(stream)s
  AND NOT EXISTS (SELECT FROM {staging} AS s WHERE s.key = t.key AND s.version = %(version)s);
