"""SQL files as streams: a file's name is the stream, its column aliases are the record's fields.

Identifiers come back raw. What the files may not do is done here, by the name of the alias:

- `path` is an array of identifiers, the object's own last: it becomes `urn` (for a column, `#` and
  the field path).
- `<x>_path` becomes `<x>_urn`, or `<x>` itself where the record has no `<x>_urn`; `<x>_paths`, an
  array of such arrays, becomes the list `<x>`. `<x>_kind`, where the file gives it, says what the
  last part is: `routine`, `#` ...
- fields of the type `FieldPath` are quoted where a name holds a dot or a quote.

For servers that know neither arrays nor documents:

- `path_1`, `path_2` … are the parts of `path`, and so for `<x>_path`; a null ends the path, and a
  path without any part is null.
- `<field>.<key>` is one entry of a document; a null is left out. Where the field is a list, the
  document is its only element.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from itertools import takewhile
from types import NoneType
from typing import Any, Protocol, TypeAlias, TypeVar

import msgspec

from songbook import urn
from songbook.connector import Item, Request, Stream
from songbook.errors import RecordInvalid
from songbook.records import TYPES, FieldPath, Record

AnyRecord = TypeVar("AnyRecord", bound=Record)
Row: TypeAlias = dict[str, Any]
RowReader: TypeAlias = Callable[[Any, Row], Iterator[Item]]
"""Makes records of one row, for a client."""


class SqlClient(Protocol):
    """What SQL streams ask of a client."""

    @property
    def namespace(self) -> str:
        """The root of the source's URNs."""

    def rows(
        self, statement: str, params: Mapping[str, Any]
    ) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        """The names of the columns, and the rows as they come."""


class EagerClient(SqlClient, Protocol):
    """What a client may have besides, for a server that can keep several results."""

    def submit(self, statements: Sequence[str], params: Mapping[str, Any]) -> None:
        """Start these statements at once, in one view of the source, as far as it can; `rows` is
        asked for each."""


def sql_streams(
    package: str, *, reads: Mapping[str, RowReader] | None = None
) -> tuple[Stream, ...]:
    """The streams of a package's `queries/<stream>.sql`, in the order of the record types.

    `reads` names functions for streams whose rows are not yet records: they get the client and one
    row.
    """
    texts = statements(package)
    return tuple(
        _row_stream(kind, texts[kind.STREAM], reads[kind.STREAM])
        if reads and kind.STREAM in reads
        else _record_stream(kind, texts[kind.STREAM])
        for kind in TYPES
        if kind.STREAM in texts
    )


def statements(package: str) -> dict[str, str]:
    """The texts of a package's `queries/<name>.sql` by name."""
    folder = resources.files(package) / "queries"
    return {
        file.name.removesuffix(".sql"): file.read_text(encoding="utf-8").rstrip().removesuffix(";")
        for file in folder.iterdir()
    }


def records(
    kind: type[AnyRecord], client: SqlClient, statement: str, request: Request
) -> Iterator[AnyRecord]:
    """The records that the rows of a statement are."""
    names, rows = client.rows(statement, params(request))
    return map(_converter(kind, names, client.namespace), rows)


def _record_stream(kind: type[Record], statement: str) -> Stream:
    """A stream whose rows are records."""

    def read(client: SqlClient, request: Request) -> Iterator[Item]:
        return records(kind, client, statement, request)

    return Stream((kind,), read, statement=statement, distinct=True)


def _row_stream(kind: type[Record], statement: str, read_row: RowReader) -> Stream:
    """A stream that makes any number of records of each row."""

    def read(client: SqlClient, request: Request) -> Iterator[Item]:
        names, rows = client.rows(statement, params(request))
        for row in rows:
            yield from read_row(client, dict(zip(names, row, strict=True)))

    return Stream((kind,), read, statement=statement, distinct=True)


def params(request: Request) -> dict[str, Any]:
    """The parameters that narrow a statement; null means all."""
    return {
        "schemas": None if request.schemas is None else list(request.schemas),
        "tables": None if request.tables is None else list(request.tables),
    }


def _converter(
    kind: type[AnyRecord], columns: Sequence[str], namespace: str
) -> Callable[[Sequence[Any]], AnyRecord]:
    """A function from a row to a record, with all that depends on the columns' names decided
    beforehand."""
    gathering = dict(_gathering(kind, columns))
    names = [*(name for name in columns if not _PARTIAL.fullmatch(name)), *gathering]
    rewrite = [
        *gathering.values(),
        *(
            _reference(kind, name, names, namespace)
            for name in names
            if name.endswith(("path", "paths"))
        ),
        *(
            _quoting(name, annotation)
            for name, annotation in _annotations(kind).items()
            if name in names
        ),
    ]
    steps = [step for step in rewrite if step is not None]
    convert = msgspec.convert

    def to_record(row: Sequence[Any]) -> AnyRecord:
        values = dict(zip(columns, row, strict=True))
        for step in steps:
            step(values)
        try:
            return convert(values, kind)
        except msgspec.ValidationError as error:
            key = ", ".join(str(values.get(name)) for name in kind.KEY)
            raise RecordInvalid(f"{kind.STREAM}: {error} in the record {key!r}.") from None

    return to_record


Step: TypeAlias = Callable[[Row], None]

_PARTIAL = re.compile(r"(?P<path>(?:\w+_)?path)_\d+|(?P<field>\w+)\.(?P<key>\w+)")


def _gathering(kind: type[Record], columns: Sequence[str]) -> Iterator[tuple[str, Step]]:
    """The names that stand in several columns, each with the step that makes one value of them."""
    paths: dict[str, list[str]] = {}
    documents: dict[str, dict[str, str]] = {}
    for name in columns:
        if match := _PARTIAL.fullmatch(name):
            if match["path"]:
                paths.setdefault(match["path"], []).append(name)
            else:
                documents.setdefault(match["field"], {})[name] = match["key"]
    annotations = _annotations(kind)
    yield from ((path, _path(path, parts)) for path, parts in paths.items())
    yield from (
        (field, _document(field, keys, annotations[field])) for field, keys in documents.items()
    )


def _path(path: str, parts: Sequence[str]) -> Step:
    def gather(values: Row) -> None:
        given = [values.pop(part) for part in parts]
        values[path] = list(takewhile(lambda part: part is not None, given)) or None

    return gather


def _document(field: str, keys: Mapping[str, str], annotation: Any) -> Step:
    is_list = typing.get_origin(annotation) is list
    may_be_null = NoneType in typing.get_args(annotation)

    def gather(values: Row) -> None:
        found = {key: values.pop(name) for name, key in keys.items()}
        document = {key: value for key, value in found.items() if value is not None}
        if is_list:
            values[field] = [document] if document else []
        else:
            values[field] = None if may_be_null and not document else document

    return gather


def _reference(kind: type[Record], alias: str, names: Sequence[str], namespace: str) -> Step | None:
    """The step that makes URNs of an array of identifiers."""
    fields = kind.__struct_fields__
    if alias in fields:  # such as field_path: no reference
        return None
    if alias == "path":
        own_kind = kind.KIND

        def own(values: Row) -> None:
            values["urn"] = urn.join(namespace, values.pop("path"), own_kind)

        return own
    many = alias.endswith("_paths")
    stem = alias.removesuffix("_paths" if many else "_path")
    target = f"{stem}_urn" if f"{stem}_urn" in fields else stem
    kind_alias = f"{stem}_kind" if f"{stem}_kind" in names else None

    def refer(values: Row) -> None:
        path = values.pop(alias)
        last = values.pop(kind_alias) if kind_alias else None
        if many:
            values[target] = [urn.join(namespace, one, last) for one in path or ()]
        else:
            values[target] = None if path is None else urn.join(namespace, path, last)

    return refer


def _annotations(kind: type[Record]) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


def _quoting(name: str, annotation: Any) -> Step | None:
    """The step that writes raw names as field paths, for the fields that hold such."""
    if name in ("path", "name"):
        return None
    if _mentions_field_path(annotation):
        if typing.get_origin(annotation) is list:

            def quote_each(values: Row) -> None:
                values[name] = [_quoted(one) for one in values[name] or ()]

            return quote_each

        def quote_one(values: Row) -> None:
            values[name] = _quoted(values[name])

        return quote_one
    (element,) = typing.get_args(annotation)[:1] or (None,)
    if isinstance(element, type) and "field_path" in getattr(element, "__struct_fields__", ()):

        def quote_inside(values: Row) -> None:
            values[name] = [
                one | {"field_path": _quoted(one.get("field_path"))} for one in values[name] or ()
            ]

        return quote_inside
    return None


def _mentions_field_path(annotation: Any) -> bool:
    return annotation == FieldPath or FieldPath in typing.get_args(annotation)


def _quoted(name: str | None) -> str | None:
    return None if name is None else urn.field_path(name)
