-- One database with every kind of object. `mysql_objects.py` runs this several times, one statement up to each double
-- semicolon at the end of a line, and puts a hostile name for each word after an at sign. What stands in /*M! … */ is for
-- MariaDB alone, what stands in /*!80000 … */ for MySQL 8 and later.
CREATE DATABASE @s CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci /*M! COMMENT 'A database; "quoted", it''s' */;;

CREATE TABLE @s.@parent (
    @id bigint unsigned NOT NULL AUTO_INCREMENT COMMENT 'A column; 100% "quoted"',
    @code varchar(20) NOT NULL DEFAULT 'it''s "so" \\ {}',
    @amount decimal(12,2) unsigned DEFAULT 0 CHECK (@amount >= 0),
    @total decimal(13,2) GENERATED ALWAYS AS (@amount * 2) STORED,
    @shout varchar(40) AS (upper(@code)) VIRTUAL,
    @mood enum('plain', 'it''s', 'a,b', '') DEFAULT 'it''s',
    @changed timestamp(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
    @born datetime DEFAULT (current_timestamp() + interval 1 day),
    @unseen int /*M! INVISIBLE */ DEFAULT 5 /*!80023 INVISIBLE */,
    @quotes varchar(80) DEFAULT (concat('it''s', '\\ "so"', '%s')),
    @bytes varbinary(9) DEFAULT 'it''s',
    @quoted varchar(90) AS (concat(@code, '''', '\\', '"')) VIRTUAL,
    @doc json,
    @yes boolean NOT NULL DEFAULT true,
    @bits bit(3) DEFAULT b'101',
    @long text COLLATE utf8mb4_bin,
    @place point NOT NULL,
    PRIMARY KEY (@id),
    UNIQUE KEY @one_name (@code),
    KEY @prefixes (@long(17), @code(3) DESC, @amount) COMMENT 'An index',
    KEY @ignored_index (@born) /*M! IGNORED */ /*!80000 INVISIBLE */,
    /*!80013 KEY @functional ((concat(@code, 'it''s')), (@amount * 2) DESC), */
    FULLTEXT KEY @words (@long),
    SPATIAL KEY @places (@place),
    CONSTRAINT @rule CHECK (@code <> 'it''s \\') /*!80016 NOT ENFORCED */,
    CONSTRAINT @both CHECK (@amount < 99 OR @code = 'x')
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC STATS_PERSISTENT = 1 COMMENT 'A table
with two lines';;

CREATE TABLE @s.@child (
    @parent_id bigint unsigned,
    @parent_code varchar(20),
    @self bigint unsigned NOT NULL PRIMARY KEY,
    UNIQUE KEY @one_name (@parent_id),
    CONSTRAINT @one_name FOREIGN KEY (@parent_id) REFERENCES @s.@parent (@id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT @to_code FOREIGN KEY (@parent_code) REFERENCES @s.@parent (@code)
);;

CREATE TABLE @s.@history (@when int, @what varchar(5)) /*M! WITH SYSTEM VERSIONING */;;
CREATE TABLE @s.@isam (@when int, KEY @hashed (@when) USING BTREE) ENGINE = MyISAM CHECKSUM = 1;;
CREATE TABLE @s.@memory (@when int, KEY @hashed (@when) USING HASH) ENGINE = MEMORY MAX_ROWS = 7;;

CREATE TABLE @s.@ranges (@when int NOT NULL, @what int NOT NULL)
    PARTITION BY RANGE (@when + 1) SUBPARTITION BY HASH (@what) SUBPARTITIONS 2 (
        PARTITION `early, it's` VALUES LESS THAN (10) COMMENT 'Once',
        PARTITION `Late one` VALUES LESS THAN MAXVALUE
    );;
CREATE TABLE @s.@lists (@when int NOT NULL, @what date NOT NULL)
    PARTITION BY LIST COLUMNS (@when, @what) (
        PARTITION `early, it's` VALUES IN ((1, '2020-01-01'), (2, '2021-01-01'))
    );;
CREATE TABLE @s.@keys (@when int NOT NULL PRIMARY KEY) PARTITION BY KEY (@when) PARTITIONS 3;;

CREATE VIEW @s.@view AS SELECT p.@id, c.@self AS @renamed
    FROM @s.@parent AS p INNER JOIN @s.@child AS c ON c.@parent_id = p.@id;;
CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW @s.@checked AS
    SELECT * FROM @s.@child WHERE @self > 3 WITH CASCADED CHECK OPTION;;
CREATE TABLE @s.@short_lived (@when int);;
CREATE VIEW @s.@broken AS SELECT @when FROM @s.@short_lived;;
DROP TABLE @s.@short_lived;;

/*M! CREATE SEQUENCE @s.@sequence START WITH 5 INCREMENT BY 3 COMMENT = 'Numbers' */;;

CREATE FUNCTION @s.@same(@one int, @two varchar(9) CHARSET utf8mb4) RETURNS varchar(30) DETERMINISTIC
    SQL SECURITY INVOKER COMMENT 'A function; it''s' RETURN concat(@two, '%s', @one);;
CREATE PROCEDURE @s.@same(IN @one int, OUT @two decimal(8,2), INOUT @three datetime(3))
    READS SQL DATA
BEGIN
    SET @two = @one;
END;;
CREATE PROCEDURE @s.@nothing() MODIFIES SQL DATA BEGIN END;;

CREATE TRIGGER @s.@before BEFORE INSERT ON @s.@parent FOR EACH ROW SET NEW.@unseen = 1;;
CREATE TRIGGER @s.@second BEFORE INSERT ON @s.@parent FOR EACH ROW FOLLOWS @before SET NEW.@unseen = 2;;
CREATE TRIGGER @s.@after AFTER DELETE ON @s.@child FOR EACH ROW BEGIN END;;

CREATE EVENT @s.@daily ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ENDS '2031-01-01 00:00:00'
    ON COMPLETION PRESERVE DISABLE COMMENT 'An event' DO BEGIN END;;
CREATE EVENT @s.@mixed ON SCHEDULE EVERY '1:30' HOUR_MINUTE DO BEGIN END;;
CREATE EVENT @s.@one_time ON SCHEDULE AT '2037-01-01 00:00:00' ON COMPLETION PRESERVE DO BEGIN END;;

CREATE ROLE @role;;
CREATE USER @account@'10.0.%' IDENTIFIED BY 'open-sesame';;
GRANT @role TO @account@'10.0.%';;
GRANT SELECT, INSERT ON @s.@parent TO @role;;
GRANT SELECT (@code), UPDATE (@code, @amount) ON @s.@parent TO @account@'10.0.%';;
GRANT TRIGGER ON @s.* TO @account@'10.0.%' WITH GRANT OPTION;;
GRANT PROCESS ON *.* TO @account@'10.0.%'
