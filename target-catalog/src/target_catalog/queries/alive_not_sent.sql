-- An object that was sent needs no word that it is alive.
DELETE FROM alive AS a USING {staging} AS s WHERE a.stream = {stream} AND a.urn = s.urn;
