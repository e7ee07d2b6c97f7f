"""The tests' own servers."""

import subprocess

import psycopg


def test_server_runs_and_its_tools_can_talk_to_it(any_postgres):
    database = any_postgres.create_database('na"me')
    with psycopg.connect(any_postgres.url(database)) as connection:
        assert connection.info.server_version // 10000 == any_postgres.major
    for tool in ("psql", "pg_dump"):
        options = ["--command", "SELECT 1"] if tool == "psql" else ["--schema-only"]
        subprocess.run([any_postgres.tool(tool), *options, any_postgres.url(database)], check=True)
