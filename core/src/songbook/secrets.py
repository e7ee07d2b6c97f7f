"""References to secrets in settings: `${env:NAME}` and `${file:/path}`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from songbook.errors import ConfigError

_REFERENCE = re.compile(r"\$\{(env|file):([^}]+)\}")


def resolve(value: str, *, ambient: bool = True) -> str:
    """The text with its references replaced.

    Raises ConfigError when what a reference names is not there, or when `ambient` is off: then one
    tenant's settings may not reach what belongs to the machine.
    """
    return _REFERENCE.sub(lambda match: _lookup(match[1], match[2], ambient=ambient), value)


def resolve_all(settings: Mapping[str, Any], *, ambient: bool = True) -> dict[str, Any]:
    """Settings with the references in all their texts replaced."""

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return resolve(value, ambient=ambient)
        if isinstance(value, Mapping):
            return {key: walk(inner) for key, inner in value.items()}
        return [walk(inner) for inner in value] if isinstance(value, list) else value

    return {name: walk(value) for name, value in settings.items()}


def _lookup(kind: str, name: str, *, ambient: bool) -> str:
    if not ambient:
        hint = (
            "Give the value itself, or unset SONGBOOK_AMBIENT where references are meant to work."
        )
        raise ConfigError(
            f"The reference ${{{kind}:{name}}} is not resolved: SONGBOOK_AMBIENT=0.", hint=hint
        )
    if kind == "env":
        if name not in os.environ:
            raise ConfigError(
                f"The environment variable {name} is not set.", hint=f"Run: export {name}=..."
            )
        return os.environ[name]
    try:
        return Path(name).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(
            f"Can't read the secret in {name}: {reason}.", hint="Check path and rights."
        ) from None
