"""The store bench: a quick run."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from reweaving.experiments import store
from reweaving.experiments.lent_postgres import NoPostgresError
from reweaving.experiments.store_content import HIDDEN, LAYERS, entries, name_of


def quiet(done: int, total: int, what: str = "") -> None:
    assert done <= total


def test_both_backends_are_measured() -> None:
    result = store.run(True, 0, quiet)
    assert len({tuple(row) for row in result.rows}) == 1
    for backend in ("sqlite", "postgresql"):
        found = result.summary[backend]
        if found is None:
            assert result.summary["skipped"].startswith("NoPostgresError: ")
            continue
        assert found["durable_turns_per_second"] > 0
        assert found["bulk_entries_per_second"] > 0
        assert found["open_seconds"] <= 1
        assert found["resident_mib_recalled"] > found["resident_mib_empty"] > 20
        bytes_per_token = found["bytes_per_token"]
        # Two bytes for each number of each layer, the key, and little besides.
        least = 2 * HIDDEN * (LAYERS + 1)
        assert least <= bytes_per_token["hidden bf16"] < 1.2 * least
        assert 2 * HIDDEN <= bytes_per_token["replay"] < 2 * 2 * HIDDEN


def test_without_a_server_the_other_half_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise NoPostgresError("psycopg is not installed: pip install")

    monkeypatch.setattr(store, "lent_postgres", missing)
    monkeypatch.setattr(store, "_large", lambda *_: {"backend": "sqlite", "what": "codec"})
    monkeypatch.setattr(store, "_summary", lambda rows: len(rows) or None)
    result = store.run(True, 0, quiet)
    assert result.summary["postgresql"] is None
    assert result.summary["sqlite"] == 4


def test_entries_have_the_size_of_the_model() -> None:
    (entry,) = entries("kv", torch.bfloat16, 1, 32, 0)
    assert entry.keys is not None
    assert len(entry.keys) == 30
    assert entry.keys[0].shape == (3, 32, 64)
    assert entry.tokens == 32
    assert name_of("kv", torch.bfloat16) == "kv bf16"
    assert name_of("replay", torch.float32) == "replay"


def test_resident_memory_is_that_of_this_process() -> None:
    # In a process of its own: in this one, what earlier tests gave back could be used again.
    code = (
        "import torch\n"
        "from reweaving.experiments.resident import resident_mib\n"
        "before = resident_mib()\n"
        "held = torch.ones(64 << 20, dtype=torch.uint8)\n"
        "print(resident_mib() - before, int(held.sum()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    grown, held = done.stdout.split()
    assert 48 < float(grown) < 160
    assert int(held) == 64 << 20
