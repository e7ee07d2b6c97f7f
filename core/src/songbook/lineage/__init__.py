"""Lineage: the identity of its edges."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from songbook.records import FieldPath, Lineage, UpstreamRef

ID_DIGITS = 32
"""128 bits of SHA-256."""


def edge(
    *,
    asserted_by: str,
    origin: str,
    downstream_urn: str,
    granularity: Literal["table", "column", "star"],
    downstream_field: FieldPath | None = None,
    upstream_urn: str | None = None,
    upstream_field: FieldPath | None = None,
    upstream_ref: UpstreamRef | None = None,
    transformation_type: Literal["DIRECT", "INDIRECT"] | None = None,
    transformation_subtype: str | None = None,
    transformation: str | None = None,
    confidence: float | None = None,
) -> Lineage:
    """An edge with its id, which is the same for the same edge in every run."""
    # JSON keeps the parts apart, and null apart from the empty string.
    identity = (
        asserted_by,
        origin,
        downstream_urn,
        downstream_field,
        upstream_urn,
        upstream_field,
        granularity,
        transformation_type,
        transformation_subtype,
        upstream_ref,
    )
    return Lineage(
        lineage_id=hashlib.sha256(msgspec.json.encode(identity)).hexdigest()[:ID_DIGITS],
        asserted_by=asserted_by,
        origin=origin,
        downstream_urn=downstream_urn,
        downstream_field=downstream_field,
        upstream_urn=upstream_urn,
        upstream_field=upstream_field,
        upstream_ref=upstream_ref,
        granularity=granularity,
        transformation_type=transformation_type,
        transformation_subtype=transformation_subtype,
        transformation=transformation,
        confidence=confidence,
    )
