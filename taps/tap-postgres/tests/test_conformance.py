"""What every tap must do, on each supported server."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from songbook.testing import Conformance
from tap_postgres import connector

SOURCE = """
CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'What we sell';
CREATE TYPE shop.mood AS ENUM ('sad', 'happy');
CREATE TABLE shop.customers (id integer PRIMARY KEY, name text NOT NULL, mood shop.mood);
CREATE TABLE shop."Order Items" (
    id bigserial PRIMARY KEY,
    customer integer REFERENCES shop.customers,
    "per.cent" numeric(5, 2) DEFAULT 0 CHECK ("per.cent" <= 100)
);
CREATE INDEX ON shop."Order Items" (customer) WHERE customer IS NOT NULL;
CREATE VIEW shop.sums AS
    SELECT c.name, sum(i."per.cent") AS total
    FROM shop.customers AS c INNER JOIN shop."Order Items" AS i ON i.customer = c.id
    GROUP BY c.name;
CREATE FUNCTION shop.twice(number integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * number';
ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON shop.customers USING (name = current_user);
GRANT SELECT ON shop.customers TO PUBLIC;
"""


class TestConformance(Conformance):
    connector = connector

    @pytest.fixture(scope="class")
    @classmethod
    def config(cls, any_postgres: Any) -> dict[str, Any]:
        database = any_postgres.create_database()
        with psycopg.connect(any_postgres.url(database), autocommit=True) as connection:
            connection.execute(SOURCE)
        return {
            "host": any_postgres.host,
            "port": any_postgres.port,
            "user": any_postgres.user,
            "password": any_postgres.password,
            "database": database,
        }
