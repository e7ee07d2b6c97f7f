"""Masking of secrets by value, in every form in which one may leak."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable

MASK = "***"
SHORTEST = 4
"""Secrets below this many characters are masked only where they stand alone: they would eat
ordinary words."""


class Redactor:
    """Replaces secrets in text; more can be learned at any time."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lengths: dict[str, int] = {}
        self._pattern: re.Pattern[str] | None = None
        self.learn(*secrets)

    def learn(self, *secrets: str) -> None:
        """Mask these from now on."""
        for secret in filter(None, secrets):
            self._lengths |= _patterns(secret)
        if self._lengths:
            longest_first = sorted(self._lengths, key=lambda one: (-self._lengths[one], one))
            self._pattern = re.compile("|".join(longest_first))

    def __call__(self, text: str) -> str:
        """The text without the secrets."""
        return self._pattern.sub(MASK, text) if self._pattern else text


def _patterns(secret: str) -> dict[str, int]:
    """What to look for, with the length of what it finds."""
    found = {re.escape(form): len(form) for form in _forms(secret)}
    found["".join(map(_plain_or_in_a_url, secret))] = len(secret)
    return {
        rf"(?<!\w){pattern}(?!\w)" if length < SHORTEST else pattern: length
        for pattern, length in found.items()
    }


def _plain_or_in_a_url(character: str) -> str:
    """A character, encoded or not: programs differ in what they encode in a URL."""
    encoded = "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
    space = r"|\+" if character == " " else ""
    return f"(?:{re.escape(character)}|(?i:{encoded}){space})"


def _forms(secret: str) -> set[str]:
    """The secret as JSON, Python, HTML, PEM lines and base64 would show it."""
    raw = secret.encode("utf-8", "surrogatepass")
    forms = {
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        repr(f"'\"{secret}")[4:-1],  # where a text holds both quotes, Python escapes one
        repr(raw)[2:-1],
        html.escape(secret),
    }
    forms.update(line.strip() for line in secret.splitlines() if len(line.strip()) >= 8)
    if len(raw) >= SHORTEST:
        forms |= _base64_forms(raw)
    return forms


def _base64_forms(raw: bytes) -> set[str]:
    """What is sure to show in base64 of `user:secret`, whatever stands before it: one form for each
    phase of 3."""
    forms = set()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        forms.add(encode(raw).decode().rstrip("="))
        for before in range(3):
            # Characters that also depend on bytes outside the secret are left out at both ends.
            first = (before * 8 + 5) // 6
            last = (before + len(raw)) * 8 // 6
            forms.add(encode(b"\0" * before + raw).decode()[first:last])
    return {form for form in forms if len(form) >= SHORTEST}
