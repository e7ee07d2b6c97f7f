"""What authors of taps test with: the conformance suite, and a JSON API to stand in for a
vendor's."""

import pytest

from songbook.testing.api import JsonApi

pytest.register_assert_rewrite("songbook.testing.conformance")  # so that failures say what differs

from songbook.testing.conformance import Conformance  # noqa: E402  # rewriting comes first

__all__ = ["Conformance", "JsonApi"]
