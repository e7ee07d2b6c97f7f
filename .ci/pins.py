"""Rewrite the pins in pyproject.toml: the exact version of all that is installed now.

No lock file is kept, since it would name the hosts of registries.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXPORT = "uv export --no-hashes --no-emit-workspace --no-annotate --no-header --all-groups --quiet"


def main() -> None:
    """Ask uv what it resolved and write it down."""
    uv, *arguments = EXPORT.split()
    command = [str(Path(sys.executable).with_name(uv)), *arguments]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    pins = sorted(line.strip() for line in listed.splitlines() if "==" in line)
    block = "constraint-dependencies = [\n" + "".join(f"  {_quoted(pin)},\n" for pin in pins) + "]"
    file = ROOT / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        re.sub(r"constraint-dependencies = \[.*?^\]", block, text, flags=re.S | re.M),
        encoding="utf-8",
    )


def _quoted(pin: str) -> str:
    return "'" + pin.replace(" ; ", "; ") + "'" if '"' in pin else f'"{pin.replace(" ; ", "; ")}"'


if __name__ == "__main__":
    main()
