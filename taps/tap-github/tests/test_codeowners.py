"""CODEOWNERS, by GitHub's page on its syntax."""

from __future__ import annotations

import time

import pytest

from tap_github.codeowners import owners, rules

PAGE = """
# Lines that begin with # are comments.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octologs
/apps/ @octocat
/apps/github
/apps/github/doctocat @doctocat
a/**/z.sql @deep
with\\ space.sql @space
!not.sql @nobody
[ab].sql @nobody
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("README.md", ["global-owner1", "global-owner2"]),
        ("lib/a.js", ["js-owner"]),
        ("lib/a.go", ["docs@example.com"]),
        ("a/b/c.txt", ["octo-org/octocats"]),
        ("build/logs/x/y.md", ["octologs"]),
        ("docs/getting-started.md", ["doctocat"]),
        ("sub/docs/a.md", ["global-owner1", "global-owner2"]),
        ("sub/apps/a.md", ["octocat"]),
        ("scripts/a.md", ["doctocat", "octocat"]),
        ("x/y/logs/z.md", ["octologs"]),
        ("apps/a.md", ["octocat"]),
        ("apps/github/a.md", []),
        ("apps/github/doctocat/a.md", ["doctocat"]),
        ("a/z.sql", ["deep"]),
        ("a/b/c/z.sql", ["deep"]),
        ("with space.sql", ["space"]),
        ("not.sql", ["global-owner1", "global-owner2"]),
        ("a.sql", ["global-owner1", "global-owner2"]),
    ],
)
def test_the_last_rule_that_fits_counts(path: str, expected: list[str]) -> None:
    assert [one.principal for one in owners(path, rules(PAGE))] == expected


def test_owners_are_users_teams_and_addresses() -> None:
    found = owners("a", rules("* @ada @acme/data ada@example.com nobody"))
    assert [(one.principal, one.kind) for one in found] == [
        ("ada", "user"), ("acme/data", "group"), ("ada@example.com", "user"),
    ]  # fmt: skip


def test_one_level_of_a_folder_is_one_level() -> None:
    known = rules("docs/* @docs")
    assert owners("docs/a.md", known)
    assert not owners("docs/b/a.md", known)


def test_no_pattern_takes_long() -> None:
    started = time.monotonic()
    hostile = rules("*a" * 2000 + "b @x\n" + "**/" * 500 + "b @y\n" + "**/*a" * 300 + " @z")
    owners("/".join(["a" * 200] * 60), hostile)
    assert time.monotonic() - started < 5
