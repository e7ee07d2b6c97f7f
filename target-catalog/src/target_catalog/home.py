"""Where the embedded server lives: its folder with data and locks, its socket and its URLs.

<home>/lock      held while the server is made, started, joined, left or stopped
<home>/alive     held by every process of the server, and by the programs that make it
<home>/leases/   one locked file for each use of the server
<home>/keep      exists while the server is to outlive its users
<home>/server/   belongs to the user that runs the server: data, log and socket
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from target_catalog import programs
from target_catalog.cluster import Cluster

NAMESPACE = "postgres://songbook-embedded:5432"
"""The namespace of this server in URNs, wherever its data folder lies."""

DATABASE = "catalog"
USER = "songbook"
PORT = 5432
"""The number in the socket's name; nothing listens on the network."""
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 103 if sys.platform == "darwin" else 107


@dataclass(frozen=True, slots=True)
class Embedded:
    """The server that lives in one home folder."""

    home: Path
    cluster: Cluster

    @property
    def lock(self) -> Path:
        """The lock under which the server comes and goes."""
        return self.home / "lock"

    @property
    def alive(self) -> Path:
        """The lock that lives as long as the server's last process."""
        return self.home / "alive"

    @property
    def leases(self) -> Path:
        """The folder of those who use the server."""
        return self.home / "leases"

    @property
    def keep(self) -> Path:
        """The mark that the server outlives its users."""
        return self.home / "keep"

    @property
    def socket_folder(self) -> Path:
        """Where the server listens: in its own folder, if its path will do for a socket."""
        path = os.fsencode(self.cluster.folder / SOCKET)
        # A comma separates hosts in a libpq URL, even when it is encoded.
        if len(path) <= LONGEST_SOCKET_PATH and b"," not in path:
            return self.cluster.folder
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/tmp") / f"songbook-{digest}"  # noqa: S108  # its owner is checked before use

    def url(self, database: str = DATABASE) -> str:
        """The libpq URL of a database."""
        folder = quote(str(self.socket_folder), safe="")
        return f"postgresql://{USER}@/{quote(database, safe='')}?host={folder}&port={PORT}"


def home() -> Path:
    """The folder that holds the server, its data and its locks."""
    chosen = os.environ.get("SONGBOOK_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    data = os.environ.get("XDG_DATA_HOME")
    if data:
        return Path(data) / "songbook"
    if os.geteuid() == 0:
        # The server runs as another user, and root's home folder keeps that one out.
        return Path("/var/lib/songbook")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "songbook"
    return Path.home() / ".local" / "share" / "songbook"


def at(folder: Path | None = None) -> Embedded:
    """The server of a home folder, running or not."""
    folder = folder or home()
    return Embedded(folder, Cluster(folder / "server", programs.owner()))
