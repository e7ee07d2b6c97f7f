"""The fake source of the core's tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from songbook.testing import JsonApi

sys.path.insert(0, str(Path(__file__).parent))  # under importlib mode nothing else finds it

import fake_source

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
