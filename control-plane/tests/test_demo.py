"""`songbook demo`, run as a process: what it prints is compared with counts in SQL."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from songbook_control.demo import report, sample
from target_catalog import embedded
from target_catalog.embedded import Embedded

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
COUNTS = (HERE / "shop_counts.sql").read_bytes()
BEFORE = "shop_before"

TREE = """
reporting.best_customers.lifetime_value
└─ reporting.customer_value.lifetime_value  (identity)
   └─ reporting.revenue.net  (aggregation)
      ├─ sales.customers.country  (transformation)
      └─ sales.order_totals.total  (transformation)
         ├─ sales.order_lines.amount  (aggregation)
         └─ sales.orders.shipping_fee  (transformation)
"""
"""As a person reads it from the views in shop.sql."""


def demo() -> str:
    done = subprocess.run([BIN / "songbook", "demo"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Reading it again ... " in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def server(shared_songbook_home: Path) -> Embedded:
    embedded.start(server := embedded.at(shared_songbook_home))
    return server


@pytest.fixture(scope="module")
def text(server: Embedded) -> str:
    """What the demo printed."""
    return demo()


def rows(url: str, query: str | bytes) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def shop_as_it_began(server: Embedded) -> str:
    """The URL of a second shop that nobody changed."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(BEFORE)))
    shop = Path(sample.__file__).with_name("sql") / "shop.sql"
    with psycopg.connect(server.url(BEFORE), autocommit=True) as connection:
        connection.execute(shop.read_bytes())
    return server.url(BEFORE)


def test_counts_are_those_of_the_shop_before_and_after(server, text):
    printed = {
        stream: (int(first), int(second))
        for stream, first, second in re.findall(r"^(\w+) +(\d+) +(\d+)$", text, re.MULTILINE)
    }
    before = dict(rows(shop_as_it_began(server), COUNTS))
    after = dict(rows(server.url(sample.DATABASE), COUNTS))
    lineage = printed.pop("lineage")
    assert printed == {stream: (before[stream], after[stream]) for stream in before}
    assert before["tables"] + 1 == after["tables"]
    sent = "SELECT (records ->> 'lineage')::int FROM catalog.runs ORDER BY number"
    assert lineage == tuple(count for (count,) in rows(server.url(), sent))
    assert lineage[1] == rows(server.url(), "SELECT count(*) FROM catalog.lineage")[0][0]


def test_changes_are_those_of_the_feed(server, text):
    feed = rows(
        server.url(),
        "SELECT breaking, count(*) FROM catalog.changes "
        "WHERE run_id = (SELECT id FROM catalog.runs ORDER BY number DESC LIMIT 1) GROUP BY 1",
    )
    count = dict(feed)
    assert f"{count[False] + count[True]} changes, {count[True]} of them breaking" in text
    lines = text.split("breaking\n")[1].split("! = breaks")[0].splitlines()[1:]
    printed = [line for line in lines if not line.startswith("      ")]
    times = sum(int((re.search(r"\(x (\d+)\)$", line) or "_1")[1]) for line in printed)
    assert times == count[False] + count[True]
    assert sum(line.startswith("! ") for line in printed) == count[True]
    flat = " ".join(text.split())
    for expected in (
        "! column sales.customers.fax removed",
        "! column stock.products.barcode: type class integer -> string",
        "column stock.products.barcode: data type bigint -> text",
        "! column web.reviews.stars: nullable false -> true",
        'type sales.order_status: labels + "lost",',
        "column reporting.customer_value.country added",
        gift_cards(server),
    ):
        assert expected in flat


def gift_cards(server: Embedded) -> str:
    """The new table's line, counted in pg_catalog."""
    ((columns, constraints, indexes),) = rows(
        server.url(sample.DATABASE),
        "SELECT (SELECT count(*) FROM pg_attribute WHERE attrelid = t AND attnum > 0), "
        "(SELECT count(*) FROM pg_constraint WHERE conrelid = t AND contype <> 'n'), "
        "(SELECT count(*) FROM pg_index WHERE indrelid = t) "
        "FROM (SELECT 'sales.gift_cards'::regclass) AS r (t)",
    )
    company = f"columns ({columns}), constraints ({constraints}), indexes ({indexes})"
    return f"table sales.gift_cards added with its {company}"


def test_the_tree_is_what_the_views_say(text):
    assert TREE in text


def test_it_says_where_the_catalog_lives_and_fits_the_terminal(server, text):
    assert f"\n{server.home}\n{server.url()}\n" in text
    too_wide = {line for line in text.splitlines() if len(line) > report.WIDTH}
    assert {line for line in too_wide if "PATH" not in line} <= {str(server.home), server.url()}


def test_a_second_demo_says_the_same_and_leaves_nothing_of_the_first(server, text):
    assert demo() == text
    all_rows = "SELECT count(*) FROM catalog.columns"
    known = f"{all_rows} WHERE connector_id IN (SELECT id FROM catalog.connectors)"
    assert rows(server.url(), known) == rows(server.url(), all_rows)


def test_what_it_says_to_try_next_works(server, text, tmp_path):
    script = text.split("What to try next\n")[1].split("\n", 1)[1]
    mine = {"host": str(server.socket_folder), "user": "songbook", "database": sample.DATABASE}
    (tmp_path / "my.json").write_text(json.dumps(mine))
    unknown = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**unknown, "PATH": "/usr/bin:/bin"},
    )
    embedded.start(server)  # for the tests that follow: the last command stopped it
    assert done.returncode == 0, done.stderr
    assert "lifetime_value" in done.stdout
    assert "until `songbook db stop`" in done.stdout
