"""What the text of an error means to a person: hints by patterns, for errors without a code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class Symptom(NamedTuple):
    """A pattern that stands in the text of an error, in any case, and what to do about it."""

    pattern: str
    hint: str


NO_SUCH_HOST = Symptom(
    r"could not translate host name|failed to resolve host|name or service not known"
    r"|nodename nor servname|no address associated|name resolution",
    "Check the setting `host`: no such name is known to this machine.",
)
NO_ANSWER = Symptom(
    r"timeout expired|timed out|no route to host|network is unreachable",
    "Check `host`, `port` and the firewalls on the way: nothing answers.",
)


def hint_for(text: str, symptoms: Iterable[Symptom]) -> str | None:
    """The hint of the first symptom that the text of an error has."""
    found = (one.hint for one in symptoms if re.search(one.pattern, text, re.IGNORECASE))
    return next(found, None)


def first_line(error: Exception) -> str:
    """What an error says first; its name, if it says nothing."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
