"""Which files matter to a catalog, told by their paths, and what they are."""

from __future__ import annotations

import re
from typing import Final

KINDS: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("codeowners", r"(\.github/|docs/)?CODEOWNERS"),
        ("dbt_project", r"(.*/)?dbt_project\.ya?ml"),
        ("dbt_manifest", r"(.*/)?target/manifest\.json"),
        ("dbt_schema", r"(.*/)?(models|seeds|snapshots|sources?)/.*\.ya?ml"),
        ("dbt_seed", r"(.*/)?seeds/.*\.csv"),
        ("sql", r".*\.sql"),
        ("lookml", r".*\.(lkml|lookml)"),
        ("notebook", r".*\.ipynb"),
        ("pbip", r".*\.(pbip|pbir|pbism|tmdl|bim)"),
        ("pbip", r"(.*/)?[^/]+\.(Report|SemanticModel|Dataset)/.*\.json"),
        ("pbix", r".*\.(pbix|pbit)"),
        ("tableau", r".*\.(twb|tds|tfl)"),
        ("tableau_package", r".*\.(twbx|tdsx|tflx)"),
    )
)  # fmt: skip
"""Kinds and the paths that have them; the first that fits counts."""

WITHOUT_TEXT: Final = {"pbix": "packed", "tableau_package": "packed", "dbt_seed": "data"}
"""Kinds whose content is not read, and why."""

IN_PROJECTS: Final = frozenset({"dbt_manifest", "dbt_schema", "dbt_seed"})
"""Kinds of files that mean something in a dbt project only."""

NOT_OURS: Final = re.compile(r"(.*/)?(dbt_packages|dbt_modules|node_modules|\.venv)/")
"""Folders with copies of what others wrote."""


def kind_of(path: str) -> str | None:
    """What a file is; None when it does not matter."""
    if NOT_OURS.match(path):
        return None
    return next((kind for kind, pattern in KINDS if pattern.fullmatch(path)), None)
