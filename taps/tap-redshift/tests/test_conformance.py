"""What every tap must do."""

from __future__ import annotations

from typing import Any

import pytest
import redshift_shop
from dressed import Dressed

from songbook.testing import Conformance
from tap_redshift import connector


class TestConformance(Conformance):
    connector = connector

    @pytest.fixture(scope="class")
    @classmethod
    def config(cls, redshift: Dressed) -> dict[str, Any]:
        return redshift.settings(redshift_shop.build(redshift))
