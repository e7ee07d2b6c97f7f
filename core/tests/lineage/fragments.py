"""Cuts SQL into words, spaces, and what belongs together: literals, quoted names, comments."""

from __future__ import annotations

import re

_PIECES = re.compile(
    r"""'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|`[^`]*`|\$\$.*?\$\$"""  # quoted
    r"""|--[^\n]*|//\ [^\n]*|/\*.*?\*/|\{[{%\#].*?[}%\#]\}"""  # comments and templates
    r"""|@[^\s),]+|\s+|\w+|.""",
    re.DOTALL | re.VERBOSE,
)


def pieces(sql: str) -> list[str]:
    """All parts of a text, in order; put together again they are the text."""
    return _PIECES.findall(sql)
