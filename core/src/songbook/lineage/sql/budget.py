"""Budgets: what one text may cost before it is only looked at for its tables."""

from __future__ import annotations

from typing import Final

CHARACTERS: Final = 4_000_000
"""Longer texts are not read at all, but for the tables at their beginning."""
MENTIONED: Final = 400_000
"""Characters of an unreadable text in which tables are looked for."""
TOKENS: Final = 400_000
COLUMNS: Final = 400_000
"""Columns of one query, as stars of stars multiply them."""
NESTING: Final = 150
"""Parentheses within parentheses of one statement."""
SECONDS: Final = 30.0
"""Checked between the queries of a script: one statement's parsing can't be interrupted."""
SCRIPTS_IN_SCRIPTS: Final = 20
"""Texts that are executed by texts."""
