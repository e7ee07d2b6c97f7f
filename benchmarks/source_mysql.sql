-- Fills the database of the session with tables of 15 columns, keys, checks, indexes, comments, partitions and views.
CREATE PROCEDURE fill(tables integer)
BEGIN
    DECLARE i integer DEFAULT 1;
    SET foreign_key_checks = 0;
    WHILE i <= tables DO
        IF i % 50 = 0 THEN
            EXECUTE IMMEDIATE CONCAT(
                'CREATE TABLE item_', i, ' (id bigint, day date NOT NULL, note text, PRIMARY KEY (id, day))',
                ' PARTITION BY RANGE (YEAR(day)) (PARTITION p2025 VALUES LESS THAN (2026), PARTITION later VALUES LESS THAN MAXVALUE)'
            );
        ELSE
            EXECUTE IMMEDIATE CONCAT(
                'CREATE TABLE item_', i, ' (id bigint PRIMARY KEY, parent_id bigint, code varchar(20) NOT NULL UNIQUE,',
                ' name varchar(200) NOT NULL DEFAULT ''new'', price decimal(12,2) COMMENT ''In euro, without tax'' CHECK (price >= 0),',
                ' quantity int, weight double, active boolean DEFAULT true, born date, made_at datetime DEFAULT current_timestamp,',
                ' details json, labels set(''a'', ''b''), token char(36), raw blob,',
                ' total decimal(14,2) GENERATED ALWAYS AS (price * quantity) STORED,',
                ' KEY (name, quantity DESC)', IF(i % 50 > 1, CONCAT(', FOREIGN KEY (parent_id) REFERENCES item_', i - 1, ' (id)'), ''),
                ') COMMENT ''What is kept of item ', i, ''''
            );
            IF i % 10 = 1 THEN
                EXECUTE IMMEDIATE CONCAT(
                    'CREATE VIEW view_', i, ' AS SELECT name, sum(price * quantity) AS revenue, max(made_at) AS latest',
                    ' FROM item_', i, ' WHERE active GROUP BY name'
                );
            END IF;
        END IF;
        SET i = i + 1;
    END WHILE;
END
