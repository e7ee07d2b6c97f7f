"""What host names and texts of types say."""

from __future__ import annotations

import pytest

from tap_redshift.data_types import DataType, parse
from tap_redshift.endpoint import Endpoint


@pytest.mark.parametrize(
    ("host", "namespace", "edition"),
    [
        (
            "Shop.abc123xyz789.eu-west-1.redshift.amazonaws.com",
            "redshift://shop.eu-west-1:5439",
            "provisioned",
        ),
        (
            "wg.123456789012.us-east-1.redshift-serverless.amazonaws.com",
            "redshift://wg.us-east-1:5439",
            "serverless",
        ),
        (
            "shop.abc.cn-north-1.redshift.amazonaws.com.cn",
            "redshift://shop.cn-north-1:5439",
            "provisioned",
        ),
        ("redshift.example.com", "redshift://redshift.example.com:5439", None),
        ("::1", "redshift://[::1]:5439", None),
    ],
)
def test_endpoint(host: str, namespace: str, edition: str | None) -> None:
    endpoint = Endpoint(host, 5439)
    assert (endpoint.namespace, endpoint.edition) == (namespace, edition)
    assert endpoint.alias.startswith("redshift://") and endpoint.alias.endswith(":5439")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("character varying(256)", DataType("string", length=256)),
        ("numeric(8,2)", DataType("decimal", precision=8, scale=2)),
        ("timestamp without time zone", DataType("timestamp")),
        ("time(6) with time zone", DataType("time")),
        ("super", DataType("json")),
        ("binary varying(1000)", DataType("binary", length=1000)),
        ("geography", DataType("geo")),
        ("hllsketch", DataType("other")),
        ("map<string,int>", DataType("map")),
        ("array<struct<a:int>>", DataType("array")),
        ("interval day to second(3)", DataType("interval")),
        ("uniontype<int,string>", DataType("other")),
        ("(((", DataType("other")),
    ],
)
def test_data_type(text: str, expected: DataType) -> None:
    assert parse(text) == expected
