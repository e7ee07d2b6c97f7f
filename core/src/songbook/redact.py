"""Masking of secrets by value, in every form in which one may leak."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "***"
SHORTEST = 4
"""Secrets below this many characters are masked only where they stand alone: they would eat
ordinary words."""


class Redactor:
    """Replaces secrets in text; more can be learned at any time."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.learn(*secrets)

    def learn(self, *secrets: str) -> None:
        """Mask these from now on."""
        for secret in secrets:
            self._forms |= _forms(secret)
        if self._forms:
            longest_first = sorted(self._forms, key=lambda form: (-len(form), form))
            self._pattern = re.compile("|".join(map(_as_pattern, longest_first)))

    def __call__(self, text: str) -> str:
        """The text without the secrets."""
        return self._pattern.sub(MASK, text) if self._pattern else text


def _as_pattern(form: str) -> str:
    escaped = re.escape(form)
    return rf"(?<!\w){escaped}(?!\w)" if len(form) < SHORTEST else escaped


def _forms(secret: str) -> set[str]:
    """The secret as URLs, JSON, Python, HTML, PEM lines and base64 would show it."""
    if not secret:
        return set()
    raw = secret.encode("utf-8", "surrogatepass")
    forms = {
        secret,
        quote(secret, safe="", errors="surrogatepass"),
        quote(secret, errors="surrogatepass"),
        quote_plus(secret, errors="surrogatepass"),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        html.escape(secret),
    }
    forms.update(line.strip() for line in secret.splitlines() if len(line.strip()) >= 8)
    if len(raw) >= SHORTEST:
        forms |= _base64_forms(raw)
    return {form for form in forms if form}


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
