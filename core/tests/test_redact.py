"""Secrets are masked in every form in which one may leak."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songbook.redact import MASK, Redactor

CANARY = "Cä/n'a\"r\\y &+% 4711\n<x>"
secrets = st.text(st.characters(exclude_characters="*"), min_size=4, max_size=24)

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda secret: secret,
    "URL": lambda secret: quote(secret, safe="", errors="surrogatepass"),
    "URL path": lambda secret: quote(secret, errors="surrogatepass"),
    "URL as browsers and httpx write it": lambda secret: quote(
        secret, safe="!$&'()*+,;=:", errors="surrogatepass"
    ),
    "form": lambda secret: quote_plus(secret, errors="surrogatepass"),
    "JSON": lambda secret: json.dumps(secret)[1:-1],
    "JSON with its own letters": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "repr": lambda secret: repr(secret)[1:-1],
    "repr of a sentence": lambda secret: repr(f'it\'s "{secret}"')[8:-2],
    "repr of bytes": lambda secret: repr(secret.encode("utf-8", "surrogatepass"))[2:-1],
    "HTML": html.escape,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_canary_is_masked(form: Callable[[str], str]) -> None:
    text = f"password={form(CANARY)};"
    assert Redactor([CANARY])(text) == f"password={MASK};"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_single_quotes_are_masked(form: Callable[[str], str]) -> None:
    assert form("it's 4711") not in Redactor(["it's 4711"])(form("it's 4711"))


@given(secrets, st.sampled_from(sorted(FORMS)), st.text(max_size=5), st.text(max_size=5))
def test_no_form_of_any_secret_shows(secret: str, form: str, before: str, after: str) -> None:
    shown = FORMS[form](secret)
    assert shown not in Redactor([secret])(before + shown + after)


@given(st.text(max_size=9), secrets, st.sampled_from([base64.b64encode, base64.urlsafe_b64encode]))
def test_base64_of_a_login_shows_nothing(
    user: str, secret: str, encode: Callable[[bytes], bytes]
) -> None:
    prefix = f"{user}:".encode("utf-8", "surrogatepass")
    raw = secret.encode("utf-8", "surrogatepass")
    masked = Redactor([secret])(f"Authorization: Basic {encode(prefix + raw).decode()}")
    rest = masked.removeprefix("Authorization: Basic ").split(MASK)
    kept = b"".join(base64.urlsafe_b64decode(_padded(part)) for part in rest)
    assert MASK in masked
    assert raw not in kept
    assert len(kept) <= len(prefix) + 3


def _padded(text: str) -> str:
    plain = text.rstrip("=").replace("+", "-").replace("/", "_")
    whole = len(plain) - (len(plain) % 4 == 1)
    return plain[:whole] + "=" * (-whole % 4)


@given(st.binary(min_size=1, max_size=5), st.binary(min_size=1, max_size=5))
def test_base64_is_found_in_the_middle(before: bytes, after: bytes) -> None:
    text = base64.b64encode(before + b"canary-4711" + after).decode()
    masked = Redactor(["canary-4711"])(text)
    assert MASK in masked
    assert len(masked) - len(MASK) <= len(base64.b64encode(before + after)) + 4


def test_each_line_of_a_key_is_a_secret() -> None:
    lines = [f"{number:x}" * 32 for number in range(1, 4)]
    key = "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])
    redact = Redactor([key])
    for line in lines:
        assert redact(f"bad line: {line}") == f"bad line: {MASK}"


def test_short_secrets_spare_ordinary_words() -> None:
    assert Redactor(["a"])("a banana, or a-b") == f"{MASK} banana, or {MASK}-b"


def test_the_longest_goes_first_and_all_are_known() -> None:
    redact = Redactor(["secret", "secret-longer"])
    redact.learn("another")
    assert redact("secret-longer secret another") == f"{MASK} {MASK} {MASK}"


def test_without_secrets_text_stays() -> None:
    assert Redactor(["", ""])("nothing to hide") == "nothing to hide"
