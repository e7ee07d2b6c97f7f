"""What comes in: hostile, broken, cut off or strange."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from songbook import records as r
from songbook.errors import RecordInvalid, SourceError

URN = "postgres://db:5432/app/public"


def raw(source: Any, old: bytes, new: bytes) -> bytes:
    """A covered table with a part of its line replaced."""
    lines = source.write(source.covered([source.table("a", description="WORD")]))
    assert old in lines
    return bytes(lines.replace(old, new, 1))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (rb"a\u0000b", "a\ufffdb"),
        (rb"a\ud800b", "a\ufffdb"),
        (rb"a\udc00b", "a\ufffdb"),
        (rb"\ud83d\ude00", "😀"),
        (b"a\xffb", "a\ufffdb"),
        (rb"\\u0000", r"\u0000"),
        (rb"tab\tline\nback\\slash\\N", "tab\tline\nback\\slash\\N"),
    ],
)
def test_text_that_postgres_cannot_hold_is_replaced(
    catalog: Any, source: Any, written: bytes, kept: str
) -> None:
    assert catalog.load(raw(source, b"WORD", written)).status == "succeeded"
    assert catalog.one("SELECT description FROM catalog.tables") == kept


def test_nul_inside_of_json_is_replaced_too(catalog: Any, source: Any) -> None:
    lines = raw(source, b'"options":{}', rb'"options":{"k\u0000":["\u0000"]}')
    assert catalog.load(lines).status == "succeeded"
    assert catalog.one("SELECT options FROM catalog.tables") == {"k\ufffd": ["\ufffd"]}


INVALID = [
    (b'"row_count":null', b'"row_count":9223372036854775808', "$.row_count", "maximum"),
    (b'"row_count":null', b'"row_count":-9223372036854775809', "$.row_count", "minimum"),
    (b'"row_count":null', b'"row_count":"many"', "$.row_count", "not of type"),
    (b'"extra":{}', b'"extra":{"a":[1e999]}', "$", "1e999 is beyond"),
    (b'"extra":{}', b'"extra":{"a":-1e999}', "$", "-1e999 is beyond"),
    (b'"table_type":"table"', b'"table_type":null', "$.table_type", "not of type"),
    (b'"tags":[]', b'"tags":[{"key":1}]', "$.tags[0].key", "not of type"),
    (b'"created_at":null', b'"created_at":"yesterday"', "$.created_at", "date-time"),
    (b'"created_at":null', b'"created_at":"0000-01-01T00:00:00Z"', "$", "out of range"),
    (b'"name":"a",', b'"name":"a","urn":"' + b"x" * 3000 + b'",', "$.urn", "longer than"),
    (b'"name":"a",', '"name":"a","urn":"db/ö",'.encode(), "$.urn", "does not match"),
]


@pytest.mark.parametrize(("old", "new", "path", "reason"), INVALID)
def test_invalid_records(
    catalog: Any, source: Any, old: bytes, new: bytes, path: str, reason: str
) -> None:
    lines = raw(source, old, new)
    with pytest.raises((RecordInvalid, SourceError)) as caught:
        catalog.load(lines)
    assert path in str(caught.value)
    assert reason in str(caught.value)
    assert "tables" in str(caught.value)
    assert catalog.names() == []
    assert catalog.rows("SELECT status FROM catalog.runs") == ["failed"]
    outcome = catalog.load(lines, on_invalid="skip")
    assert (outcome.status, catalog.names()) == ("partial", [])
    assert "tables: 1 records rejected" in outcome.problems


def test_a_whole_number_may_be_written_with_a_point(catalog: Any, source: Any) -> None:
    for text in (b"7.0", b"7e0"):
        lines = raw(source, b'"row_count":null', b'"row_count":' + text)
        assert catalog.load(lines).status == "succeeded"
        assert catalog.one("SELECT row_count FROM catalog.tables") == 7


def test_a_key_of_several_parts_is_limited_as_a_whole(catalog: Any, source: Any) -> None:
    def grants(length: int) -> Any:
        grant = r.Grant(grantee_urn="postgres://db:5432/~principal/a", privilege="EXECUTE",
                        object_urn=f"{URN}/" + "x" * length)  # fmt: skip
        return catalog.load(source.covered([source.system(), grant]))

    assert grants(2000).status == "succeeded"
    with pytest.raises(RecordInvalid, match="longer than 2600 bytes"):
        grants(2550)


def test_nesting(catalog: Any, source: Any) -> None:
    def nested(levels: int) -> bytes:
        return b'"options":{"a":' + b"[" * levels + b"]" * levels + b"}"

    assert catalog.load(raw(source, b'"options":{}', nested(100))).status == "succeeded"
    for levels in (5000, 100_000):
        with pytest.raises((RecordInvalid, SourceError), match="Line 3"):
            catalog.load(raw(source, b'"options":{}', nested(levels)))


def test_every_fault_of_a_record_is_named(catalog: Any, source: Any) -> None:
    lines = raw(source, b'"row_count":null', b'"row_count":"x"').replace(
        b'"is_secure":null', b'"is_secure":"x"', 1
    )
    with pytest.raises(RecordInvalid) as caught:
        catalog.load(lines)
    for part in ("stream tables", f"urn = '{URN}/a'", "$.row_count", "$.is_secure", "Line "):
        assert part in str(caught.value)


def test_a_rejected_record_keeps_its_row_in_the_catalog(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.table("a"), source.table("b")]))
    lines = source.write(source.covered([source.table("a", row_count=1), source.table("b")]))
    outcome = catalog.load(lines.replace(b'"row_count":1', b'"row_count":[]'), on_invalid="skip")
    assert outcome.status == "partial"
    assert catalog.names() == ["a", "b"]


def test_quarantine_keeps_the_record_and_the_reason(catalog: Any, source: Any) -> None:
    lines = raw(source, b'"row_count":null', b'"row_count":"many"')
    outcome = catalog.load(lines, on_invalid="quarantine")
    assert outcome.status == "partial"
    stream, record, faults = catalog.one("SELECT stream, record, faults FROM catalog.quarantine")
    assert stream == "tables"
    assert json.loads(record)["row_count"] == "many"
    assert [fault["path"] for fault in faults] == ["$.row_count"]
    assert faults[0]["reason"].startswith('"many" is not of types')


def test_a_row_that_only_the_database_refuses_is_found_among_many(
    catalog: Any, source: Any
) -> None:
    tables = [source.table(f"t{number:04}") for number in range(1000)]
    lines = source.write(source.covered(tables))
    head, mark, tail = lines.partition(b'"name":"t0637"')
    bad = tail.replace(b'"created_at":null', b'"created_at":"0000-01-01T00:00:00Z"', 1)
    outcome = catalog.load(head + mark + bad, on_invalid="quarantine")
    assert outcome.problems[0] == "tables: 1 records rejected"
    assert catalog.one("SELECT count(*) FROM catalog.tables") == 999
    assert "t0637" in catalog.one("SELECT record FROM catalog.quarantine")


def test_a_large_line(catalog: Any, source: Any) -> None:
    assert catalog.load(raw(source, b"WORD", b"x" * 64 * 2**20)).status == "succeeded"
    assert catalog.one("SELECT length(description) FROM catalog.tables") == 64 * 2**20


def test_a_line_cut_off_keeps_what_came_before(catalog: Any, source: Any) -> None:
    lines = source.write(source.covered([source.table("a"), source.table("b")]))
    outcome = catalog.load(lines[: lines.index(b'"name":"b"')])
    assert outcome.status == "partial"
    assert "middle of line" in outcome.problems[0]
    assert catalog.names() == ["a"]


@pytest.mark.parametrize(
    "line",
    [
        b"warning: something\n",
        b'{"type": "RECORD", "stream": \n',
        b"[1]\n",
        b'{"type": "RECORD"}\n',
    ],
)
def test_what_is_no_message_is_named_by_its_line(catalog: Any, source: Any, line: bytes) -> None:
    lines = source.write(source.covered([source.table("a")]))
    with pytest.raises(SourceError, match="Line 2"):
        catalog.load(lines.replace(b"\n", b"\n" + line, 1))
    assert catalog.names() == []


def test_an_unknown_message_is_refused(catalog: Any) -> None:
    with pytest.raises(SourceError, match="BATCH"):
        catalog.load(b'{"type":"BATCH","stream":"a"}\n')


def test_a_record_before_its_schema_is_refused(catalog: Any) -> None:
    with pytest.raises(SourceError, match="comes before its schema"):
        catalog.load(b'{"type":"RECORD","stream":"a","record":{}}\n')


def test_an_empty_input_is_no_success(catalog: Any) -> None:
    with pytest.raises(SourceError, match="No record arrived"):
        catalog.load(b"")
    assert catalog.rows("SELECT name FROM catalog.connectors") == []


def test_a_strangers_tap_may_have_nothing_new(catalog: Any) -> None:
    schema = b'{"type":"SCHEMA","stream":"a","schema":{"properties":{}},"key_properties":[]}\n'
    assert catalog.load(schema + b'{"type":"STATE","value":{"n":1}}\n').status == "succeeded"
    assert catalog.load(schema).status == "partial"


def test_schemas_alone_are_no_success(catalog: Any, source: Any) -> None:
    lines = source.write([source.table("a")]).splitlines(keepends=True)[0]
    with pytest.raises(SourceError, match="No record arrived"):
        catalog.load(lines)


def test_a_stream_is_ours_by_its_id_and_not_its_name(catalog: Any, source: Any) -> None:
    lines = source.write([source.table("a")])
    catalog.load(lines.replace(b'"stream":"tables"', b'"stream":"relations"'))
    assert catalog.names() == ["a"]
    strange = lines.replace(b"urn:songbook:record:table:1.0.0", b"urn:acme:table:1.0.0")
    assert catalog.load(strange, connector="acme").status == "succeeded"
    assert catalog.names() == ["a"]
    assert catalog.one("SELECT record ->> 'name' FROM catalog.other_records") == "a"
    assert (
        catalog.one("SELECT schema ->> '$id' FROM catalog.other_streams") == "urn:acme:table:1.0.0"
    )


def test_another_major_version_is_refused(catalog: Any, source: Any) -> None:
    lines = source.write([source.table("a")]).replace(b":table:1.0.0", b":table:2.0.0")
    with pytest.raises(SourceError, match="version 2"):
        catalog.load(lines)


def test_a_newer_minor_version_is_taken(catalog: Any, source: Any) -> None:
    lines = source.write(source.covered([source.table("a")])).replace(
        b":table:1.0.0", b":table:1.7.3"
    )
    assert catalog.load(lines).status == "succeeded"


def test_a_stranger_without_keys_is_kept_once(catalog: Any) -> None:
    lines = b'{"type":"SCHEMA","stream":"s","schema":{"properties":{}},"key_properties":[]}\n' + (
        b'{"type":"RECORD","stream":"s","record":{"b":1,"a":2}}\n'
        b'{"type":"RECORD","stream":"s","record":{"a":2,"b":1}}\n'
        b'{"type":"RECORD","stream":"s","record":{"a":3}}\n'
    )
    assert catalog.load(lines).added == 2
    outcome = catalog.load(lines)
    assert (outcome.added, outcome.changed, outcome.status) == (0, 0, "succeeded")


@pytest.mark.parametrize("key", [{}, {"a": None, "b": None}, {"a": 1}])
def test_a_stranger_must_send_the_key(catalog: Any, key: dict[str, Any]) -> None:
    schema = {"type": "SCHEMA", "stream": "s", "schema": {"properties": {}}}
    schema["key_properties"] = ["a", "b"]
    record = {"type": "RECORD", "stream": "s", "record": {"x": 1, **key}}
    whole = {"type": "RECORD", "stream": "s", "record": {"a": 1, "b": None}}
    lines = b"".join(json.dumps(line).encode() + b"\n" for line in (schema, record, whole))
    with pytest.raises(RecordInvalid, match="key"):
        catalog.load(lines)
    assert catalog.load(lines, on_invalid="skip").problems == ["s: 1 records rejected"]
    assert catalog.rows("SELECT key FROM catalog.other_records") == ["[1,null]"]


def test_nul_in_the_name_and_schema_of_a_stream(catalog: Any) -> None:
    schema = rb'{"type":"SCHEMA","stream":"a\u0000","key_properties":["k\u0000"],'
    schema += rb'"schema":{"properties":{"k\u0000":{"description":"\u0000"}}}}' + b"\n"
    record = rb'{"type":"RECORD","stream":"a\u0000","record":{"k\u0000":"\u0000"}}' + b"\n"
    assert catalog.load(schema + record).added == 1
    assert catalog.one("SELECT stream, key FROM catalog.other_records") == ("a\ufffd", '["\ufffd"]')


def test_a_state_of_null_is_none(catalog: Any, source: Any) -> None:
    records = source.covered([source.table("a")])
    catalog.load(records, {"n": 1})
    catalog.load(source.write(records) + b'{"type":"STATE","value":null}\n')
    assert catalog.one("SELECT value FROM catalog.state") == {"n": 1}
    with pytest.raises(SourceError, match="the state can't be kept"):
        catalog.load(source.write(records) + b'{"type":"STATE","value":1e999}\n')


def test_the_connector_is_named_after_tap_and_system(catalog: Any, source: Any) -> None:
    catalog.load(source.covered([source.system(), source.table("a")]))
    catalog.load(source.covered([source.table("a")]))
    catalog.load(source.covered([source.table("a")]), connector="mine")
    assert catalog.rows("SELECT name FROM catalog.connectors ORDER BY created_at") == [
        f"tap-postgres {source.namespace}",
        "mine",
    ]


def test_interleaved_streams(catalog: Any, source: Any) -> None:
    names = [f"t{number}" for number in range(50)]
    records = [it for name in names for it in source.tables(name)]
    assert catalog.load(source.covered(records)).status == "succeeded"
    assert len(catalog.names("columns")) == 100


def test_a_schema_makes_the_target_ask_nobody(catalog: Any, tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text("{}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        web = f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"
        for place in (web, (tmp_path / "schema.json").as_uri()):
            schema = {"properties": {"id": {"$ref": place}}}
            message = {"type": "SCHEMA", "stream": "things", "schema": schema}
            with pytest.raises(SourceError) as caught:
                catalog.load(json.dumps(message).encode() + b"\n")
            assert "stream things" in str(caught.value)
            assert place in str(caught.value)
            assert "$ref" in caught.value.hint
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_schema_may_refer_to_itself(catalog: Any) -> None:
    schema = {"properties": {"id": {"$ref": "#/$defs/id"}}, "$defs": {"id": {"type": "integer"}}}
    lines = [
        {"type": "SCHEMA", "stream": "things", "schema": schema, "key_properties": ["id"]},
        {"type": "RECORD", "stream": "things", "record": {"id": "one"}},
    ]
    with pytest.raises(RecordInvalid, match="not of type"):
        catalog.load("".join(json.dumps(line) + "\n" for line in lines).encode())
