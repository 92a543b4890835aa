"""The forgetting bench: a quick run, and that its search would find what is left."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from reweaving.experiments import forget
from reweaving.experiments.forget_secrets import Needles, make_secret
from reweaving.experiments.lent_postgres import NoPostgresError
from reweaving.memory.memory import Memory


def quiet(done: int, total: int, what: str = "") -> None:
    assert done <= total


def test_nothing_is_left_on_either_backend() -> None:
    result = forget.run(True, 0, quiet)
    assert result.summary["bytes_found_after"] == 0, result.rows
    assert result.summary["bytes_found_before"] > 10_000
    assert result.summary["sqlite"]["kept_unharmed"]
    assert {row["way"] for row in result.rows} == {"id", "text", "session", "time", "namespace"}
    postgres = result.summary["postgresql"]
    if postgres is None:
        assert result.summary["skipped"].startswith("NoPostgresError: ")
    else:
        assert postgres["bytes_found_after"] == 0
        assert postgres["secrets"] == result.summary["sqlite"]["secrets"]


def test_without_a_server_the_other_half_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise NoPostgresError("psycopg is not installed: pip install")

    monkeypatch.setattr(forget, "lent_postgres", missing)
    result = forget.run(True, 0, quiet)
    assert result.summary["postgresql"] is None
    assert "pip install" in result.summary["skipped"]
    assert result.summary["sqlite"]["bytes_found_after"] == 0


def test_what_only_lost_its_row_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reweaving.stores.sqlite.SqliteStore.erase", lambda self, namespace: {})
    monkeypatch.setattr(forget, "_server", lambda: missing())

    def missing() -> None:
        raise NoPostgresError("not wanted here")

    result = forget.run(True, 0, quiet)
    assert result.summary["bytes_found_after"] > 0


@pytest.mark.parametrize("start", range(9))
def test_a_part_of_a_secret_is_found(tmp_path: Path, start: int) -> None:
    secret = make_secret(0, 1, "s")
    trace = secret.traces["key in float16"]
    (tmp_path / "file").write_bytes(bytes(start) + trace[8:40] + b"tail")
    found = Needles(secret.traces.values()).found_in(tmp_path)
    assert found == {trace: {"file"}}
    (tmp_path / "file").write_bytes(bytes(start) + secret.traces["word"].upper())
    assert set(Needles(secret.traces.values()).found_in(tmp_path)) == {secret.traces["word"]}
    (tmp_path / "file").write_bytes(bytes(100))
    assert Needles(secret.traces.values()).found_in(tmp_path) == {}


def test_secrets_are_stored_as_they_are(tmp_path: Path) -> None:
    secrets = [make_secret(0, number, "s") for number in range(12)]
    kinds = {name for secret in secrets for name in secret.traces}
    assert {f"states in {kind}" for kind in ("float32", "float16", "bfloat16")} <= kinds
    with Memory.open(tmp_path / "m") as memory:
        memory.add([secret.entry for secret in secrets])
    for secret in secrets:
        found = Needles(secret.traces.values()).found_in(tmp_path)
        assert set(found) == set(secret.traces.values())


def test_a_server_goes_with_a_bench_that_is_killed() -> None:
    script = (
        "import os, signal\n"
        "from reweaving.experiments.lent_postgres import NoPostgresError, lent_postgres\n"
        "try:\n"
        "    with lent_postgres() as server:\n"
        "        print(server.data.parent, flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "except NoPostgresError: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    if not done.stdout:
        pytest.skip("there is no PostgreSQL to be lent")
    folder, deadline = Path(done.stdout.strip()), time.monotonic() + 30
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
