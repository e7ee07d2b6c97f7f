"""The target as singer_sdk sees it: its standard tests, and stream maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from singer_sdk.testing import get_target_test_class

from target_catalog.target import CatalogTarget

StandardTests = get_target_test_class(CatalogTarget, config={"connector": "standard tests"})


class TestCatalogTarget(StandardTests):  # type: ignore[misc, valid-type]
    """The standard tests, on a real server."""

    @pytest.fixture(autouse=True)
    def database(self, catalog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the target find the catalog by the environment."""
        monkeypatch.setenv("TARGET_CATALOG_DATABASE_URL", catalog.url)


def test_both_ways_end_in_the_same_catalog(catalog: Any, source: Any, tmp_path: Path) -> None:
    records = source.covered(
        [source.system(), *source.tables("a", "b"), source.table("c", row_count=3)]
    )
    file = tmp_path / "messages.jsonl"
    file.write_bytes(source.write(records, {"bookmark": 1}))
    assert catalog.run("--input", str(file)).returncode == 0
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"stream_maps": {"unknown": {}}, "connector": "through the SDK"}))
    answer = catalog.run("--config", str(config), "--input", str(file))
    assert (answer.returncode, answer.stdout) == (0, b'{"bookmark":1}\n'), answer.stderr
    assert catalog.contents("through the SDK") == catalog.contents("tap-postgres%")


def test_stream_maps_change_records_and_remove_nothing(
    catalog: Any, source: Any, tmp_path: Path
) -> None:
    catalog.load(source.covered([source.system(), *source.tables("a", "b")]))
    config = tmp_path / "config.json"
    maps = {"tables": {"__filter__": "name == 'a'", "description": "'mapped'"}}
    config.write_text(json.dumps({"stream_maps": maps}))
    lines = source.write(source.covered([source.system(), *source.tables("a", "b")]))
    answer = catalog.run("--config", str(config), lines=lines)
    assert answer.returncode == 4, answer.stderr
    assert b"2 sent, 1 arrived" in answer.stderr
    described = catalog.rows("SELECT name, description FROM catalog.tables ORDER BY name")
    assert described == [("a", "mapped"), ("b", None)]


@pytest.mark.parametrize(
    "maps",
    [
        {"tables": {"description": "1 +"}},
        {"tables": {"description": "no_such_name"}},
        {"tables": {"description": 1.5}},
        {"tables": "everything"},
        ["tables"],
    ],
)
def test_stream_maps_that_make_no_sense(
    catalog: Any, source: Any, tmp_path: Path, maps: Any
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"stream_maps": maps}))
    lines = source.write(source.covered([source.system(), source.table("a")]))
    answer = catalog.run("--config", str(config), lines=lines)
    said = answer.stderr.decode()
    assert (answer.returncode, answer.stdout) == (2, b""), said
    ours = said[said.index("error: ") :].splitlines()
    assert len(ours) == 2, said
    assert ours[1].startswith("hint: ")
    assert "Traceback" not in said
    assert catalog.names() == []
