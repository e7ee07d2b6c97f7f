"""Temporary database credentials by IAM, with Amazon's own driver; the session itself is psycopg's.

The driver is an extra, and imported here only when it is asked for: with the AWS client it takes a
second to load.
"""

from __future__ import annotations

from typing import NamedTuple

from songbook.errors import ConfigError, ConnectionFailed
from songbook.server_settings import EVERY_DATABASE
from songbook.settings import ambient
from tap_redshift.config import Config, Iam
from tap_redshift.endpoint import Endpoint


class Login(NamedTuple):
    """Where to connect, and as whom."""

    endpoint: Endpoint
    user: str | None
    password: str | None


def login(config: Config) -> Login:
    """The login of a configuration; asks AWS for one where that is configured."""
    if config.auth is not None:
        return _ask_aws(config, config.auth)
    password = config.password.get_secret_value() if config.password else None
    return Login(Endpoint(config.host or "", config.port), config.user, password)


def _ask_aws(config: Config, iam: Iam) -> Login:
    if not ambient() and iam.access_key_id is None:
        raise ConfigError(
            "The setting 'auth' has no `access_key_id`.",
            hint="Under SONGBOOK_AMBIENT=0 the AWS client's own places are off.",
        )
    try:
        from redshift_connector.auth.aws_credentials_provider import AWSCredentialsProvider
        from redshift_connector.iam_helper import IamHelper
        from redshift_connector.redshift_property import RedshiftProperty
    except ImportError:
        raise ConfigError(
            "The setting 'auth' needs Amazon's driver.",
            hint='Install it: pip install "songbook-tap-redshift[iam]"',
        ) from None
    info = RedshiftProperty()
    for name, value in _properties(config, iam).items():
        info.put(name, value)
    provider = AWSCredentialsProvider()
    try:
        provider.add_parameter(info)
        # The steps of its own connect(), but for the one that takes a tunnel for a custom domain.
        IamHelper.set_cluster_credentials(provider, info)
        IamHelper.set_cluster_host_and_port(provider, info)
    except Exception as error:  # noqa: BLE001  # the AWS client has hundreds of its own
        raise ConnectionFailed(
            f"AWS gave no temporary credentials: {error}",
            hint="Check `auth`; it needs redshift:GetClusterCredentialsWithIAM (or "
            "redshift:GetClusterCredentials with `user`), for a workgroup "
            "redshift-serverless:GetCredentials, and without `host` the right to describe it.",
        ) from None
    return Login(Endpoint(info.host, info.port), info.user_name, info.password)


def _properties(config: Config, iam: Iam) -> dict[str, object]:
    """What Amazon's driver is told; nothing about what is null."""
    return {
        "iam": True,
        "host": config.host,
        "port": config.port,
        "db_name": "dev" if config.database == EVERY_DATABASE else config.database,
        "db_user": config.user,
        "is_serverless": iam.workgroup is not None,
        # Without a user of the database, the IAM identity itself logs in.
        "group_federation": config.user is None and iam.workgroup is None,
        "iam_disable_cache": True,
        "cluster_identifier": iam.cluster_identifier,
        "serverless_work_group": iam.workgroup,
        "region": iam.region,
        "profile": iam.profile,
        "access_key_id": iam.access_key_id,
        "secret_access_key": iam.secret_access_key and iam.secret_access_key.get_secret_value(),
        "session_token": iam.session_token and iam.session_token.get_secret_value(),
        "endpoint_url": iam.endpoint_url,
    }
