"""What a token or App needs to be given."""

from __future__ import annotations

from collections.abc import Sequence

from tap_github.config import Config

NEEDS = {
    "repositories": ("Repository: Metadata (read)",),
    "branches": ("Repository: Contents (read)",),
    "commits": ("Repository: Contents (read)",),
    "files": ("Repository: Contents (read)", "Repository: Pull requests (read)"),
    "lineage": ("Repository: Contents (read)",),
    "pull_requests": ("Repository: Pull requests (read)",),
    "principals": ("Organization: Members (read)",),
    "grants": ("Organization: Members (read)", "Repository: Administration (read)"),
}
"""The permissions of fine-grained tokens and Apps, by stream
(https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens)."""


def grants(config: Config, streams: Sequence[str]) -> str:
    """The permissions to tick for the selected streams: GitHub has no script for it."""
    who = "the GitHub App" if config.app_id else "the fine-grained token"
    needed = sorted({one for stream in streams for one in NEEDS.get(stream, ())})
    lines = [f"Give {who} these permissions, for all repositories that are to be read:"]
    lines += [f"- {one}" for one in needed]
    lines.append("A classic token needs the scopes `repo` and `read:org` for the same.")
    return "\n".join(lines)
