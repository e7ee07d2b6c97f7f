"""Exports: every fact of the records in OpenLineage's place for it."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest
from openlineage.client.serde import Serde

from songbook import records as r
from songbook.errors import SourceError
from songbook.export import to_openlineage
from songbook.lineage import edge
from songbook.messages import Writer
from songbook.reading import read

NAMESPACE = "snowflake://org-acct"
BASE, VIEW = f"{NAMESPACE}/DB/PUBLIC/Order%20Items", f"{NAMESPACE}/DB/PUBLIC/V"


def object_of(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


def facet(required: str = "", **properties: Any) -> dict[str, Any]:
    uri = {"type": "string", "format": "uri"}
    return object_of(
        f"_producer _schemaURL {required}", _producer=uri, _schemaURL=uri, **properties
    )


def list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT = {"type": "string"}
INPUT = object_of(
    "namespace name field",
    namespace=TEXT,
    name=TEXT,
    field=TEXT,
    transformations=list_of(
        object_of(
            "type",
            type={"enum": ["DIRECT", "INDIRECT"]},
            subtype=TEXT,
            description=TEXT,
            masking={},
        )
    ),
)
NESTED = object_of(
    "name",
    name=TEXT,
    type=TEXT,
    description=TEXT,
    ordinal_position={"type": "integer"},
    fields=list_of({"$ref": "#/$defs/field"}),
)
EVENT = {
    "$defs": {"field": NESTED},
    **object_of(
        "eventTime producer schemaURL dataset",
        eventTime={"type": "string", "format": "date-time"},
        producer={"type": "string", "format": "uri"},
        schemaURL={"type": "string", "pattern": "/DatasetEvent$"},
        dataset=object_of(
            "namespace name",
            namespace=TEXT,
            name=TEXT,
            facets=object_of(
                "",
                schema=facet(fields=list_of({"$ref": "#/$defs/field"})),
                datasetType=facet("datasetType", datasetType=TEXT, subType=TEXT),
                documentation=facet("description", description=TEXT, contentType=TEXT),
                ownership=facet(owners=list_of(object_of("name", name=TEXT, type=TEXT))),
                tags=facet(
                    tags=list_of(
                        object_of("key value", key=TEXT, value=TEXT, source=TEXT, field=TEXT)
                    )
                ),
                symlinks=facet(
                    identifiers=list_of(
                        object_of("namespace name type", namespace=TEXT, name=TEXT, type=TEXT)
                    )
                ),
                columnLineage=facet(
                    "fields",
                    fields={
                        "type": "object",
                        "additionalProperties": object_of(
                            "inputFields", inputFields=list_of(INPUT)
                        ),
                    },
                    dataset=list_of(INPUT),
                ),
            ),
        ),
    ),
}
"""What the specification's JSON Schemas 2-0-2 say of these facets, and nothing else allowed: the
client does not ship them."""


def events(*records: r.Record) -> list[dict[str, Any]]:
    """Events by way of JSON, each of them valid."""
    found = [
        json.loads(Serde.to_json(event))
        for event in to_openlineage(records, at=datetime(2026, 11, 22, tzinfo=UTC))
    ]
    for event in found:
        jsonschema.Draft202012Validator(EVENT, format_checker=jsonschema.FormatChecker()).validate(
            event
        )
    return found


def facets(*records: r.Record) -> Any:
    return events(*records)[-1]["dataset"]["facets"]


def table(urn: str = BASE, **facts: Any) -> r.Table:
    facts = {"table_type": "table"} | facts
    return r.Table(urn=urn, name="t", container_urn=urn.rpartition("/")[0], **facts)


def column(whole: str, name: str, **facts: Any) -> r.Column:
    facts = {"data_type": "TEXT"} | facts
    return r.Column(urn=f"{whole}#{name}", name=name, table_urn=whole, field_path=name, **facts)


def made(field: str | None, upstream: str | None, **facts: Any) -> r.Lineage:
    facts = {"granularity": "column", "upstream_urn": BASE} | facts
    return edge(
        asserted_by=VIEW,
        origin="view_definition",
        downstream_urn=VIEW,
        downstream_field=field,
        upstream_field=upstream,
        **facts,
    )


def stripped(facet: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facet.items() if not name.startswith("_")}


def test_a_table() -> None:
    (event,) = events(
        r.System(
            namespace=NAMESPACE, platform="snowflake", namespace_aliases=["snowflake://loc.eu"]
        ),
        table(
            description="what was ordered",
            owners=[r.Owner(principal="ETL", kind="role", source="OWNERSHIP")],
            tags=[r.Tag(key="pii"), r.Tag(key="tier", value="1", source="TAG")],
            location="s3://bucket/orders/",
        ),
        column(BASE, "ID", ordinal=1, description="key", data_type="NUMBER(38,0)"),
        column(BASE, "MAIL", tags=[r.Tag(key="pii", value="mail")]),
    )
    assert event["dataset"]["namespace"] == NAMESPACE
    assert event["dataset"]["name"] == "DB.PUBLIC.Order Items"
    assert event["producer"].startswith("urn:songbook:core:")
    found = {name: stripped(it) for name, it in event["dataset"]["facets"].items()}
    assert found["documentation"] == {"description": "what was ordered"}
    assert found["datasetType"] == {"datasetType": "TABLE"}
    assert found["ownership"] == {"owners": [{"name": "role:ETL", "type": "OWNERSHIP"}]}
    assert found["tags"]["tags"] == [
        {"key": "pii", "value": ""},
        {"key": "tier", "value": "1", "source": "TAG"},
        {"key": "pii", "value": "mail", "field": "MAIL"},
    ]
    assert found["symlinks"]["identifiers"] == [
        {"namespace": "snowflake://loc.eu", "name": "DB.PUBLIC.Order Items", "type": "TABLE"},
        {"namespace": "s3://bucket", "name": "orders/", "type": "LOCATION"},
    ]
    assert [field["name"] for field in found["schema"]["fields"]] == ["ID", "MAIL"]
    first = found["schema"]["fields"][0]
    assert (first["type"], first["ordinal_position"], first["description"]) == (
        "NUMBER(38,0)", 1, "key",
    )  # fmt: skip
    assert "columnLineage" not in found


def test_a_bare_table_has_only_its_type() -> None:
    assert facets(table()).keys() == {"datasetType"}


@pytest.mark.parametrize(
    ("table_type", "wanted"),
    [
        ("view", {"datasetType": "VIEW"}),
        ("materialized_view", {"datasetType": "VIEW", "subType": "MATERIALIZED"}),
        ("dynamic_table", {"datasetType": "TABLE", "subType": "dynamic_table"}),
    ],
)
def test_types(table_type: str, wanted: dict[str, str]) -> None:
    assert stripped(facets(table(table_type=table_type))["datasetType"]) == wanted


def test_nested_fields_stand_in_their_parents() -> None:
    parts = [column(BASE, "a"), column(BASE, "a.b", parent_field_path="a"), column(BASE, "c")]
    parts[1].name = "b"
    fields = facets(table(), *parts)["schema"]["fields"]
    assert [(it["name"], [inner["name"] for inner in it["fields"]]) for it in fields] == [
        ("a", ["b"]), ("c", []),
    ]  # fmt: skip


def test_column_lineage() -> None:
    direct = {"transformation_type": "DIRECT", "transformation_subtype": "AGGREGATION"}
    sort = {"transformation_type": "INDIRECT", "transformation_subtype": "SORT"}
    lineage = facets(
        table(),
        table(VIEW, table_type="view"),
        made("TOTAL", "AMOUNT", **direct),
        made(
            "TOTAL", "AMOUNT", transformation_type="INDIRECT", transformation_subtype="CONDITIONAL"
        ),
        made(None, "ID", **sort),
        made(None, None, granularity="table"),
        made("OTHER", "X", upstream_urn=None, upstream_ref=r.UpstreamRef(platform="mysql")),
    )["columnLineage"]
    place = {"namespace": NAMESPACE, "name": "DB.PUBLIC.Order Items"}
    assert lineage["fields"] == {
        "TOTAL": {
            "inputFields": [
                {
                    **place,
                    "field": "AMOUNT",
                    "transformations": [
                        {"type": "DIRECT", "subtype": "AGGREGATION"},
                        {"type": "INDIRECT", "subtype": "CONDITIONAL"},
                    ],
                }
            ]
        }
    }
    assert lineage["dataset"] == [
        {**place, "field": "ID", "transformations": [{"type": "INDIRECT", "subtype": "SORT"}]}
    ]


def test_a_star_is_spread() -> None:
    columns = [column(BASE, "A"), column(BASE, "B"), column(VIEW, "A")]
    star = made(None, None, granularity="star")
    lineage = facets(table(), table(VIEW), *columns, star)["columnLineage"]
    assert list(lineage["fields"]) == ["A"]
    lineage = facets(table(), table(VIEW), *columns[:2], star)["columnLineage"]
    assert list(lineage["fields"]) == ["A", "B"]


def test_bigquery_is_named_as_openlineage_does() -> None:
    (event,) = events(table("bigquery:///proj/ds/t"))
    assert (event["dataset"]["namespace"], event["dataset"]["name"]) == ("bigquery", "proj.ds.t")


def test_a_data_model() -> None:
    model = r.DataModel(urn="looker://bi/m", name="m", data_model_type="explore")
    fields = [
        r.Field(urn=f"{model.urn}#{name}", name=name, data_model_urn=model.urn, field_path=name)
        for name in ("net", "gross")
    ]
    found = facets(model, *fields)
    assert stripped(found["datasetType"]) == {"datasetType": "MODEL", "subType": "explore"}
    assert [it["name"] for it in found["schema"]["fields"]] == ["net", "gross"]


def messages(*records: r.Record) -> bytes:
    out = io.BytesIO()
    writer = Writer(out)
    writer.schemas(dict.fromkeys(type(record) for record in records))
    for record in records:
        writer.record(record)
    writer.state({})
    return out.getvalue()


def test_records_are_read_back() -> None:
    records = [table(description="ü"), column(BASE, "ID"), made("A", "B")]
    assert list(read(io.BytesIO(messages(*records)))) == records
    strangers = b'{"type":"SCHEMA","stream":"x","schema":{},"key_properties":[]}\n'
    strangers += b'{"type":"RECORD","stream":"x","record":{"a":1}}\n'
    assert list(read(io.BytesIO(strangers))) == []
    with pytest.raises(SourceError, match="Line 2 is no message"):
        list(read(io.BytesIO(strangers.splitlines(keepends=True)[0] + b"Hello\n")))


def test_a_moment_without_a_zone_is_local_time() -> None:
    (event,) = to_openlineage([table()], at=datetime.fromisoformat("2026-11-22T00:00:00"))
    assert datetime.fromisoformat(event.eventTime).tzinfo is not None
