"""What holds for every file of the repository, and for every connector."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

from songbook import registry
from songbook.connector import Connector

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "host of a registry": r"(pypi|pythonhosted|npmjs|golang|crates)[.](org|io|com)\b",
    "download URL": r"https?://\S+[.](whl|tgz|zip|tar[.](gz|xz|bz2))\b",
    "path of a machine": rf"(?<![\w.])(/(root|work)/|/(home|Users)/\w|{re.escape(str(ROOT))}/)",
    "private key": r"-----BEGIN (RSA |EC )?PRIVATE KEY-----\n[A-Za-z0-9+/]{20}",
}


def tracked(*patterns: str) -> list[Path]:
    command = ["git", "ls-files", "-z", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in found if path.is_file()]


FILES = tracked()
SQL = tracked("*/src/*.sql")
PACKAGES = tracked("*/src/*/__init__.py", "*/src/*/testing/__init__.py")
CONNECTORS = [it.connector for it in registry.installed() if it.connector]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds_what_belongs_to_one_machine(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in FILES}
    found = [f"{named(path)}: {hit[0]}" for path in FILES for hit in pattern.finditer(texts[path])]
    assert found == []


def test_the_patterns_find_what_they_are_for() -> None:
    bad = {
        "host of a registry": "https://py" + "pi.org/simple",
        "download URL": "https://db.example/a-1.0" + ".whl",
        "path of a machine": "see /ro" + "ot/.cache",
        "private key": "-----BEGIN " + "PRIVATE KEY-----\n" + "A" * 64,
    }
    assert all(re.search(FORBIDDEN[what], text) for what, text in bad.items())


def test_there_is_no_lock_file() -> None:
    locks = re.compile(r".*[.]lock|pylock.*|package-lock[.]json|go[.]sum")
    assert [named(path) for path in FILES if locks.fullmatch(path.name)] == []


@pytest.mark.parametrize("path", SQL, ids=named)
def test_sql_begins_with_what_it_does(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- ")
    assert text.endswith(";\n")


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda it: it.name)
def test_each_connector_has_its_page(connector: Connector) -> None:
    page = (ROOT / "docs" / "connectors" / f"{connector.name}.md").read_text(encoding="utf-8")
    settings = set(connector.config.model_fields)
    streams = {kind.STREAM for kind in connector.yields}
    assert [name for name in sorted(settings | streams) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("path", PACKAGES, ids=named)
def test_what_is_exported_is_there(path: Path) -> None:
    package = ".".join(path.parent.parts[path.parts.index("src") + 1 :])
    module = importlib.import_module(package)
    exported = list(getattr(module, "__all__", ()))
    assert [name for name in exported if not hasattr(module, name)] == []
    assert exported == sorted(exported)


@pytest.mark.parametrize("package", ["songbook", "songbook.testing"])
def test_what_is_imported_for_others_is_exported(package: str) -> None:
    module = importlib.import_module(package)
    nodes = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body
    imports = (node for node in nodes if isinstance(node, ast.ImportFrom))
    assert {it.name for node in imports for it in node.names} == set(module.__all__)
