"""The fake source of the core's tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import fake_source
import hypothesis
import pytest

from songbook.testing import JsonApi

hypothesis.settings.register_profile("core", deadline=None)  # a loaded machine is no failure
hypothesis.settings.load_profile("core")


@pytest.fixture
def api() -> Iterator[JsonApi]:
    with JsonApi() as api:
        fake_source.sample(api)
        yield api


@pytest.fixture
def config(api: JsonApi) -> dict[str, Any]:
    return {"base_url": api.url, "token": "canary-token"}
