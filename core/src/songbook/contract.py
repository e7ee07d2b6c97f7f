"""The JSON Schemas of the records, as they stand in `schemas/`: the contract between taps and
targets."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from songbook.records import Record


@cache
def schema_of(kind: type[Record]) -> dict[str, Any]:
    """The schema of a record type."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    text = (resources.files("songbook") / "schemas" / f"{name}.json").read_bytes()
    schema: dict[str, Any] = msgspec.json.decode(text)
    return schema
