"""Makes the modules of the suites that the whole repository's tests use importable by name."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

sys.path += [str(ROOT / "core/tests/lineage"), str(ROOT / "taps/tap-postgres/tests")]
