"""Songbook's core: write a tap as one value, read a source as records.

from songbook import Connector, Settings, sql_streams
"""

from songbook.browse import browse
from songbook.connector import Check, Connector, Evidence, Gap, Part, Request, Stream, stream
from songbook.extract import extract
from songbook.settings import Settings
from songbook.sql import sql_streams

__all__ = [
    "Check",
    "Connector",
    "Evidence",
    "Gap",
    "Part",
    "Request",
    "Settings",
    "Stream",
    "browse",
    "extract",
    "sql_streams",
    "stream",
]
