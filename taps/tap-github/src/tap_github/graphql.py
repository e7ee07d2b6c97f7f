"""The GraphQL that is sent: files in `queries`, and batches of aliases; values are variables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources

from tap_github.trees import Entry


def text(name: str) -> str:
    """The query in a file."""
    return (resources.files("tap_github") / "queries" / f"{name}.graphql").read_text("utf-8")


PULSE, REFS, LAST, TEXT = map(text, ("pulse", "refs", "last", "text"))
HISTORY, PULL_REQUESTS = map(text, ("history", "pull_requests"))


def pulses(names: Sequence[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """The pulse of several repositories, `r0`, `r1` ..., by owner and name."""
    fields = [f"r{n}: repository(owner: $o{n}, name: $n{n}) {{ ...Pulse }}" for n in _count(names)]
    declared = [f"$o{n}: String!, $n{n}: String!" for n in _count(names)]
    values = {f"o{n}": owner for n, (owner, _) in enumerate(names)}
    values |= {f"n{n}": name for n, (_, name) in enumerate(names)}
    return _query("Pulses", declared, fields) + PULSE, values


def contents(entries: Sequence[Entry], *, unread: Iterable[int]) -> tuple[str, dict[str, str]]:
    """The last commit of several files, `h0`, `h1` ..., and the text, `b0` ..., of the unread ones.

    Beside the values that it gives, it needs `owner`, `name` and `head`.
    """
    wanted = set(unread)
    declared = ["$owner: String!, $name: String!, $head: GitObjectID!"]
    declared += [f"$p{n}: String!" for n in _count(entries)]
    declared += [f"$b{n}: GitObjectID!" for n in sorted(wanted)]
    histories = [f"h{n}: history(first: 1, path: $p{n}) {{ ...Last }}" for n in _count(entries)]
    blobs = [f"b{n}: object(oid: $b{n}) {{ ...Text }}" for n in sorted(wanted)]
    head = f"head: object(oid: $head) {{ ... on Commit {{ {' '.join(histories)} }} }}"
    fields = [f"repository(owner: $owner, name: $name) {{ {' '.join(blobs)} {head} }}"]
    values = {f"p{n}": entry.path for n, entry in enumerate(entries)}
    values |= {f"b{n}": entries[n].sha for n in sorted(wanted)}
    fragments = LAST + (TEXT if wanted else "")  # one that is not used is an error
    return _query("Contents", declared, fields) + fragments, values


def _query(name: str, declared: Sequence[str], fields: Sequence[str]) -> str:
    return f"query {name}({', '.join(declared)}) {{\n  " + "\n  ".join(fields) + "\n}\n"


def _count(items: Sequence[object]) -> range:
    return range(len(items))
