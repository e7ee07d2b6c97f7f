"""The account of a run."""

from __future__ import annotations

from songbook import Gap
from songbook.coverage import Entry, Ledger
from songbook.errors import PermissionMissing, SourceError
from songbook.records import Diagnostic
from songbook.redact import Redactor

PLACE = "postgres://h:5432/app"


def diagnostic(count: int | None = None, code: str = "X") -> Diagnostic:
    return Diagnostic(
        code=code, stream="tables", scope_urn=PLACE, severity="error", title="Hidden.", count=count
    )


def test_an_entry_exists_even_if_nothing_is_found() -> None:
    ledger = Ledger("hash", Redactor())
    ledger.open("tables", PLACE)
    (found,) = ledger.coverage()
    assert (found.complete, found.extracted, found.seen, found.filter_hash) == (True, 0, 0, "hash")


def test_what_was_seen_adds_up() -> None:
    entry = Entry("tables", PLACE)
    for key in [("a",), ("b",), ("a",), None, None]:
        entry.sent(key)
    entry.filtered = 2
    entry.miss("denied", 3, "Denied.")
    entry.miss("truncated", 1, "Too many.")
    entry.miss("truncated", 1, "Too many.")
    found = entry.record("")
    assert (found.extracted, found.seen, found.truncated) == (4, 4 + 2 + 3 + 2, 2)
    assert found.reason == "Denied. Too many."
    assert not found.complete


def test_equal_diagnostics_are_counted_together() -> None:
    ledger = Ledger("", Redactor())
    for one in (diagnostic(2), diagnostic(3), diagnostic(code="Y"), diagnostic(code="Y")):
        ledger.note(one)
    assert [(one.code, one.count) for one in ledger.diagnostics()] == [("X", 5), ("Y", 2)]


def test_a_gap_of_fields_leaves_the_entry_complete() -> None:
    ledger = Ledger("", Redactor())
    entry = ledger.open("tables", PLACE)
    ledger.gap(Gap(None, diagnostic(), ("row_count", "definition")), [entry])
    ledger.gap(Gap(None, diagnostic(), ("row_count",)), [entry])
    (found,) = ledger.coverage()
    assert found.complete
    assert found.unread_fields == ["definition", "row_count"]


def test_an_error_is_told_for_each_stream_it_ended() -> None:
    ledger = Ledger("", Redactor())
    tables, columns = ledger.open("tables", PLACE), ledger.open("columns", PLACE)
    ledger.failure(PermissionMissing("Denied.", hint="GRANT IT;"), [tables], PLACE)
    ledger.failure(SourceError("Nonsense."), [columns], PLACE)
    told = [(one.code, one.stream, one.remediation) for one in ledger.diagnostics()]
    assert told == [
        ("PERMISSION_MISSING", "tables", "GRANT IT;"),
        ("READ_FAILED", "columns", SourceError.hint),
    ]
    assert (tables.denied, columns.failed) == (1, 1)


def test_a_stream_is_complete_when_all_its_scopes_are() -> None:
    ledger = Ledger("", Redactor())
    ledger.open("columns", PLACE)
    ledger.open("tables", PLACE)
    ledger.open("tables", f"{PLACE}2").miss("failed", 1, "No.")
    assert ledger.complete_streams() == {"columns"}


def test_coverage_comes_in_the_order_of_streams_and_scopes() -> None:
    ledger = Ledger("", Redactor())
    for stream, scope in [("columns", "b"), ("tables", "z"), ("columns", "a"), ("systems", "z")]:
        ledger.open(stream, scope)
    order = [(one.stream, one.scope_urn) for one in ledger.coverage()]
    assert order == [("systems", "z"), ("tables", "z"), ("columns", "a"), ("columns", "b")]
