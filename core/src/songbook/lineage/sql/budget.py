"""Budgets: what one text may cost before it is only looked at for its tables."""

from __future__ import annotations

from typing import Final

CHARACTERS: Final = 4_000_000
"""Longer texts are not read at all, but for the tables at their beginning."""
TOKENS: Final = 400_000
NESTING: Final = 150
"""Parentheses within parentheses of one statement."""
SECONDS: Final = 30.0
"""Checked between the queries of a script: one statement's parsing can't be interrupted."""
