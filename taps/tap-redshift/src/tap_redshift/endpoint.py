"""What the host name of an endpoint says: which cluster or workgroup, in which region."""

from __future__ import annotations

import re
from typing import NamedTuple

_ENDPOINT = re.compile(
    r"(?P<name>[^.]+)\.[^.]+\.(?P<region>[^.]+)\.redshift(?P<serverless>-serverless)?"
    r"\.amazonaws\.com(\.cn)?"
)
"""<cluster>.<random>.<region>.redshift…, <workgroup>.<account>.<region>.redshift-serverless…
(https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-from-psql.html,
https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-connecting.html)"""


class Endpoint(NamedTuple):
    """An address of a cluster or workgroup."""

    host: str
    port: int

    @property
    def namespace(self) -> str:
        """The root of the URNs: cluster and region, as OpenLineage names them
        (https://openlineage.io/docs/spec/naming); a host that tells neither stands for itself.

        OpenLineage has no word on Serverless; its producers take the same two parts of the host.
        """
        match = _ENDPOINT.fullmatch(self.host.lower())
        name = f"{match['name']}.{match['region']}" if match else self.host.lower()
        return f"redshift://{_bracketed(name)}:{self.port}"

    @property
    def alias(self) -> str:
        """The same by host, as those name it who know no clusters."""
        return f"redshift://{_bracketed(self.host.lower())}:{self.port}"

    @property
    def edition(self) -> str | None:
        """provisioned or serverless, when the host tells."""
        match = _ENDPOINT.fullmatch(self.host.lower())
        if match is None:
            return None
        return "serverless" if match["serverless"] else "provisioned"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
