"""URNs: the identity of everything in the catalog.

    <namespace>/<segment>/<segment>…[/~kind/<name>][#<field path>]

The namespace is a scheme and an authority, as OpenLineage names datasets
(https://openlineage.io/docs/spec/naming). Segments are identifiers exactly as the source stores
them, percent-encoded except for `A-Z a-z 0-9 - . _`. A segment that begins with `~` is reserved, so
a `~` in an identifier is encoded too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote


class Urn(NamedTuple):
    """A URN in its parts; identifiers are raw."""

    namespace: str
    path: tuple[str, ...] = ()
    kind: str | None = None
    name: str | None = None
    field_path: str | None = None


def format(urn: Urn) -> str:  # noqa: A001  # read as urn.format, the counterpart of urn.parse
    """Write a URN; raises ValueError where its parts can't stand in one."""
    _check_namespace(urn.namespace)
    if (urn.kind is None) != (urn.name is None):
        raise ValueError("A URN has both a kind and a name, or neither.")
    text = "/".join((urn.namespace, *map(encode, urn.path)))
    if urn.kind is not None and urn.name is not None:
        text += f"/~{encode(urn.kind)}/{encode(urn.name)}"
    if urn.field_path is not None:
        text += f"#{encode(urn.field_path)}"
    return text


def parse(text: str) -> Urn:
    """Read a URN; raises ValueError on anything that `format` would not write."""
    whole, hash_, field = text.partition("#")
    scheme, mark, rest = whole.partition("://")
    authority, *segments = rest.split("/")
    kind = name = None
    if len(segments) >= 2 and segments[-2].startswith("~"):
        kind, name = decode(segments[-2][1:]), decode(segments[-1])
        segments = segments[:-2]
    namespace = f"{scheme}{mark}{authority}"
    urn = Urn(namespace, tuple(map(decode, segments)), kind, name, decode(field) if hash_ else None)
    if format(urn) != text:
        raise ValueError(f"Not a URN: {text!r}")
    return urn


def join(namespace: str, path: Iterable[str], kind: str | None = None) -> str:
    """Write the URN of an object from its whole path; `kind` says what its last part is (`#`: a
    field)."""
    *above, last = path
    base = "/".join((namespace, *map(encode, above)))
    if kind is None:
        return f"{base}/{encode(last)}"
    if kind == "#":
        return f"{base}#{encode(field_path(last))}"
    return f"{base}/~{kind}/{encode(last)}"


@lru_cache(maxsize=65536)
def encode(identifier: str) -> str:
    """Percent-encode one identifier."""
    return quote(identifier, safe="", errors="surrogatepass").replace("~", "%7E")


def decode(segment: str) -> str:
    """Read one percent-encoded identifier back."""
    return unquote(segment, errors="surrogatepass")


def field_path(*parts: str) -> str:
    """Join the names of nested fields; a part that holds a dot or a quote, or nothing, is put in
    double quotes."""
    return ".".join(
        '"' + part.replace('"', '""') + '"' if not part or "." in part or '"' in part else part
        for part in parts
    )


def is_within(urn: str, scope: str) -> bool:
    """Whether a URN is the scope itself or lies below it."""
    return urn.startswith(scope) and urn[len(scope) : len(scope) + 1] in ("", "/", "#")


def enclosing(urn: str) -> Iterator[str]:
    """The URN and all that it lies within, innermost first."""
    while urn:
        yield urn
        urn = urn[: max(urn.rfind("/"), urn.rfind("#"), 0)]


def _check_namespace(namespace: str) -> None:
    scheme, mark, authority = namespace.partition("://")
    if not scheme or not mark or any(c in scheme + authority for c in "/#"):
        raise ValueError(f"Not a namespace: {namespace!r}")
