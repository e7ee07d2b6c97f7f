"""How to reach a Redshift cluster or workgroup."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from songbook.server_settings import ServerSettings


class Iam(BaseModel):
    """How to get temporary credentials from AWS; what is not given, the AWS client takes from its
    usual places."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    cluster_identifier: str | None = Field(default=None, description="The provisioned cluster.")
    workgroup: str | None = Field(default=None, description="The Serverless workgroup.")
    region: str | None = Field(default=None, description="The AWS region, such as eu-west-1.")
    profile: str | None = Field(default=None, description="A profile of the AWS client's files.")
    access_key_id: str | None = Field(default=None, description="An AWS access key.")
    secret_access_key: SecretStr | None = Field(default=None, description="Its secret.")
    session_token: SecretStr | None = Field(default=None, description="The token of a session.")
    endpoint_url: str | None = Field(
        default=None, description="Where the AWS API answers, when that is a VPC endpoint."
    )

    @model_validator(mode="after")
    def _names_one_place(self) -> Iam:
        if (self.cluster_identifier is None) == (self.workgroup is None):
            raise ValueError("give either `cluster_identifier` or `workgroup`")
        return self


class Config(ServerSettings):
    """How to reach one database, or all of a cluster or workgroup."""

    host: str | None = Field(
        default=None,
        description="The endpoint's host name; with `auth` it can be left out.",
        examples=["shop.abc123xyz789.eu-west-1.redshift.amazonaws.com"],
    )
    port: int = Field(default=5439, ge=1, le=65535, description="The endpoint's port.")
    database: str = Field(
        default="dev",
        description='Database to read; "*" reads all, those from datashares too.',
        examples=["dev", "*"],
    )
    user: str | None = Field(default=None, description="A database user; no table needs SELECT.")
    auth: Iam | None = Field(
        default=None, description="Temporary credentials by IAM, in place of a password."
    )
    history_days: int = Field(
        default=0,
        ge=0,
        le=90,
        description="How many whole days of the query log are read, for the streams `queries` and "
        "`usage` and for lineage by statements that ran; 0 leaves the log alone.",
    )

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Config:
        if self.host is None and self.auth is None:
            raise ValueError("give `host`, or `auth` with a cluster or workgroup")
        return self
