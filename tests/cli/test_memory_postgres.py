"""`cmr memory` on a server: the same commands, an address instead of a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import reweaving
from families import make, tokenizer
from reweaving import Memory
from reweaving.cli.main import app
from reweaving.cli.memory.opening import shown_place
from reweaving.errors import StoreError
from reweaving.stores.master_key import new_key

pytest_plugins = ["tests.stores.postgres_server"]


def cmr(*arguments: str) -> Any:
    result = CliRunner().invoke(app, ["memory", *arguments, "-o", "json"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_folder_moves_to_a_server_and_is_looked_after_there(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        Memory.open(tmp_path / "m") as memory,
        reweaving.attach(make("llama"), tokenizer(), memory) as woven,
    ):
        woven.remember("my cat is called Tom", session="monday")
        woven.remember("the dog is called Rex", session="tuesday")
    assert cmr("migrate", str(tmp_path / "m"), postgres_url)["default"]["copied"] == 2
    monkeypatch.setenv("CMR_MEMORY", postgres_url)
    first, second = cmr("list")
    assert cmr("search", "Tom")[0]["id"] == first["id"]
    assert cmr("tag", first["id"][:12], "cat")["tags"] == ["cat"]
    assert cmr("verify")["entries"] == 2
    with pytest.raises(StoreError, match="database's own backup"):
        cmr("backup", str(tmp_path / "copy"))
    make("llama", seed=5).save_pretrained(tmp_path / "model")
    tokenizer().save_pretrained(tmp_path / "model")
    assert cmr("reencode", "--model", str(tmp_path / "model"), "--yes")["entries"] == 2
    assert cmr("repair", "--yes")["intact"] == 2
    assert cmr("export", str(tmp_path / "a.zip"))["entries"] == 2
    assert cmr("forget", second["id"], "--yes")["ids"] == [second["id"]]
    assert cmr("import", str(tmp_path / "a.zip"))["added"] == [second["id"]]
    assert cmr("migrate", postgres_url, str(tmp_path / "back"))["default"]["copied"] == 2
    with Memory.open(tmp_path / "back") as memory:
        assert memory.verify().ok
        assert len(memory.entries()) == 2


def test_a_place_is_shown_without_its_secrets() -> None:
    shown = shown_place("postgresql://ann:hunter22@db.example:5433/memories?sslpassword=hunter23")
    assert "hunter" not in shown
    assert all(part in shown for part in ("ann", "db.example", "5433", "memories"))
    assert "hunter" not in shown_place("mine://ann:hunter22@somewhere/x")
    assert shown_place("./memory") == "./memory"


def test_a_password_is_in_no_answer(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWEAVING_NEW_KEY", new_key())
    secret = "hunter22"  # the test server asks for none, and takes any
    mark = "&" if "?" in postgres_url else "?"
    place = f"{postgres_url}{mark}password={secret}"
    commands = (
        ("migrate", place, str(tmp_path / "m")),
        ("repair", "--memory", place, "--yes"),
        ("rotate-key", "--memory", place),
        ("rotate-key", "--memory", place, "--yes"),
    )
    for command in commands:
        result = CliRunner().invoke(app, ["memory", *command])
        told = f"{result.output} {result.exception}"
        assert secret not in told
        if command[0] != "repair":
            assert "PostgreSQL at" in told, told
