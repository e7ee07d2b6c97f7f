"""The conformance suite on the fake source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import fake_source
import pytest

from songbook.testing import Conformance, JsonApi


class TestConformance(Conformance):
    connector = fake_source.connector

    @pytest.fixture(scope="class")
    @classmethod
    def config(cls) -> Iterator[dict[str, Any]]:
        with JsonApi() as api:
            fake_source.sample(api)
            yield {"base_url": api.url, "token": "a-good-token"}
