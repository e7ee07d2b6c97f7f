"""What every tap must do, on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from songbook.testing import Conformance
from tap_mysql import connector

SOURCE = """
CREATE TABLE customers (
    id integer PRIMARY KEY, name varchar(20) NOT NULL, mood enum('sad', 'happy')
);
CREATE TABLE `Order Items` (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    customer integer REFERENCES customers (id),
    `per.cent` decimal(5, 2) DEFAULT 0 CHECK (`per.cent` <= 100)
);
CREATE TABLE log (id integer) PARTITION BY HASH (id) PARTITIONS 2;
CREATE VIEW sums AS SELECT id, COUNT(*) AS total FROM customers GROUP BY id;
CREATE FUNCTION twice(number integer) RETURNS integer DETERMINISTIC RETURN 2 * number;
CREATE TRIGGER low BEFORE INSERT ON customers FOR EACH ROW SET NEW.name = LOWER(NEW.name);
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM customers;
CREATE SEQUENCE numbers
"""


class TestConformance(Conformance):
    connector = connector

    @pytest.fixture(scope="class", params=["one database", "all databases"])
    @classmethod
    def config(cls, server: Any, request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
        database = server.create_database()
        statements = SOURCE.split(";\n")
        if not server.is_mariadb:
            statements = [one for one in statements if "SEQUENCE" not in one]
        server.run(f"USE {database}", *statements)
        narrowed = {"database": database} if request.param == "one database" else {}
        yield server.settings(include=[database], **narrowed)
        server.run(f"DROP DATABASE {database}")
