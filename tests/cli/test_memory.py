"""`cmr memory`: every command, in every way to answer, with its mistakes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from typer.testing import CliRunner

from reweaving import Memory, MemoryEntry
from reweaving.cli.main import app
from reweaving.cli.memory.printing import plain, short_ids
from reweaving.cli.memory.times import age, clock, moment
from reweaving.errors import AmbiguousIdError, InputError
from reweaving.stores.sqlite import SqliteStore

TEXTS = {
    "aaaa1111": "My project is called Aurora.",
    "aaaa2222": "Tom the cat lives in Rome.",
    "bbbb3333": "The weather is nice \x1b[31mtoday\x1b[0m\nand [bold]tomorrow[/bold].",
}
COMMANDS = [
    *("list", "show", "search", "stats", "pin", "unpin", "tag", "edit", "forget", "history"),
    *("export", "import", "backup", "restore", "verify", "repair", "prune", "reencode", "migrate"),
    *("quarantine", "opt-out", "rotate-key"),
]


def note(entry_id: str, text: str, **fields: object) -> MemoryEntry:
    values: dict[str, object] = {
        "hidden_state": torch.ones(1, 2, 4),
        "layer_idx": (0,),
        "sequence_id": "monday",
        "position_idx": int(entry_id[-1]),
        "key_state": torch.ones(2, 4),
        "token_ids": (1, 2),
        "text": text,
        "fingerprint": "a" * 32,
        "timestamp": time.time() - 3600 * int(entry_id[-1]),
        "id": entry_id,
    }
    return MemoryEntry(**{**values, **fields})  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A memory with three entries, which commands find by the environment."""
    monkeypatch.setenv("CMR_MEMORY", str(tmp_path / "m"))
    monkeypatch.setenv("CMR_NAMESPACE", "ann")
    monkeypatch.chdir(tmp_path)
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.require_fingerprint("a" * 32, "TinyLlama")
        memory.add([note(entry_id, text) for entry_id, text in TEXTS.items()])
        memory.update("bbbb3333", tags=("sky",), pinned=True)
    return tmp_path / "m"


def cmr(*arguments: str, code: int = 0) -> str:
    """Output of a command; it must end with this exit code."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["memory", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def as_json(*arguments: str, code: int = 0) -> Any:
    return json.loads(cmr(*arguments, "-o", "json", code=code))


def entries(namespace: str = "ann", folder: str | None = None) -> dict[str, MemoryEntry]:
    with Memory.open(folder or os.environ["CMR_MEMORY"], namespace) as memory:
        return {entry.id: entry for entry in memory.entries()}


def process(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from reweaving.cli.main import main; main()", "memory", *arguments],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, **settings,
    )  # fmt: skip


# Looking


def test_list_shows_what_there_is(folder: Path) -> None:
    shown = cmr("list")
    for column in ("id", "session", "text", "tokens", "age", "score", "pin", "tags", "tier"):
        assert column in shown.splitlines()[1]
    for word in ("aaaa1111", "monday", "Aurora", "1 h", "1.00", "sky", "recent"):
        assert word in shown
    found = as_json("list")
    assert [each["id"] for each in found] == list(TEXTS)
    assert {"id", "session", "text", "tokens", "timestamp", "relevance_score", "pinned"} <= set(
        found[0]
    )
    assert found[0]["text"] == TEXTS["aaaa1111"]
    assert cmr("list", "-o", "quiet").split() == list(TEXTS)


def test_what_could_command_a_terminal_is_not_shown(folder: Path) -> None:
    for shown in (cmr("list"), cmr("show", "bbbb")):
        assert "\x1b[31m" not in shown
        assert "[bold]tomorrow[/bold]" in shown
    assert as_json("show", "bbbb")["text"] == TEXTS["bbbb3333"], "JSON escapes it"


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--tag", "sky"], ["bbbb3333"]),
        (["--tag", "sky", "--tag", "sea"], []),
        (["--pinned"], ["bbbb3333"]),
        (["--tier", "working"], []),
        (["--newest", "--limit", "1"], ["aaaa1111"]),
        (["--limit", "0"], list(TEXTS)),
        (["--session", "tuesday"], []),
        (["--session", "monday"], list(TEXTS)),
        (["--namespace", "bob"], []),
    ],
)
def test_list_chooses(folder: Path, options: list[str], ids: list[str]) -> None:
    assert cmr("list", "-o", "quiet", *options).split() == ids


def test_a_tier_that_is_none_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="use one of recent, working, long_term"):
        cmr("list", "--tier", "longterm")


def test_a_session_may_be_a_number(folder: Path) -> None:
    with Memory.open(folder, "ann") as memory:
        memory.add([note("cccc4444", "seven", sequence_id=7)])
    assert cmr("list", "--session", "7", "-o", "quiet").split() == ["cccc4444"]
    assert as_json("forget", "--session", "7", "--yes")["ids"] == ["cccc4444"]


def test_search_ranks(folder: Path) -> None:
    assert cmr("search", "cat", "Rome", "-o", "quiet").split() == ["aaaa2222"]
    (hit,) = as_json("search", "project")
    assert hit["fit"] > 0
    assert "Aurora" in cmr("search", "project")
    assert as_json("search", "zebra") == []


def test_show_takes_the_beginning_of_an_id(folder: Path) -> None:
    found = as_json("show", "aaaa1")
    assert found["id"] == "aaaa1111"
    assert found["token_ids"] == [1, 2]
    assert found["states"] == {"(1, 2, 4)": "torch.float32", "(2, 4)": "torch.float32"}
    assert "Aurora" in cmr("show", "aaaa1")
    with pytest.raises(AmbiguousIdError, match="aaaa1111, aaaa2222"):
        cmr("show", "aaaa")
    with pytest.raises(InputError, match="no entry 'zz'"):
        cmr("show", "zz")


def test_history_outlives_the_entry(folder: Path) -> None:
    cmr("pin", "aaaa1")
    assert [event["what"] for event in as_json("history", "aaaa1")] == ["added", "updated"]
    cmr("forget", "aaaa1", "--yes")
    assert [event["what"] for event in as_json("history", "aaaa1111")][-1] == "forgotten"
    assert "forgotten" in cmr("history", "aaaa1111")
    assert cmr("history", "aaaa1111", "-o", "quiet").split() == ["aaaa1111"]


def test_stats(folder: Path) -> None:
    found = as_json("stats")
    assert (found["entries"], found["tokens"], found["pinned"]) == (3, 6, 1)
    assert (found["model"], found["fingerprint"]) == ("TinyLlama", "a" * 32)
    assert "TinyLlama" in cmr("stats")
    assert cmr("stats", "-o", "quiet") == ""


# Changing


def test_pin_and_unpin(folder: Path) -> None:
    assert "pinned 2 entries" in cmr("pin", "aaaa1", "aaaa2")
    assert cmr("unpin", "aaaa1", "bbbb", "-o", "quiet").split() == ["aaaa1111", "bbbb3333"]
    assert [each.id for each in entries().values() if each.pinned] == ["aaaa2222"]


def test_tag(folder: Path) -> None:
    assert as_json("tag", "bbbb", "work", "boat")["tags"] == ["boat", "sky", "work"]
    cmr("tag", "bbbb", "sky", "--remove")
    assert entries()["bbbb3333"].tags == ("boat", "work")


def test_edit(folder: Path) -> None:
    change = ["--text", "New words.", "--score", "0.25", "--metadata", '{"by": "me"}']
    assert as_json("edit", "aaaa1", *change)["changed"] == ["metadata", "relevance_score", "text"]
    cmr("edit", "aaaa1", "--trust", "untrusted", "--source", "web")
    found = entries()["aaaa1111"]
    assert (found.text, found.relevance_score, found.metadata) == ("New words.", 0.25, {"by": "me"})
    assert (found.trust, found.source) == ("untrusted", "web")
    assert cmr("search", "words", "-o", "quiet").split() == ["aaaa1111"]
    for wrong, match in (
        ([], "nothing to change"),
        (["--metadata", "{"], "not JSON"),
        (["--trust", "blind"], "trust"),
    ):
        with pytest.raises(InputError, match=match):
            cmr("edit", "aaaa1", *wrong)
    result = CliRunner().invoke(
        app, ["memory", "edit", "aaaa1", "--text", "-"], input="From a pipe.\n"
    )
    assert result.exit_code == 0
    assert entries()["aaaa1111"].text == "From a pipe."


# Destroying


@pytest.mark.parametrize(
    ("options", "gone"),
    [
        (["aaaa1", "bbbb"], {"aaaa1111", "bbbb3333"}),
        (["--text", "ROME"], {"aaaa2222"}),
        (["--before", "90min"], {"aaaa2222", "bbbb3333"}),
        (["--after", "90min"], {"aaaa1111"}),
        (["--session", "monday", "--text", "cat"], {"aaaa2222"}),
        (["--all"], set(TEXTS)),
    ],
)
def test_forget(folder: Path, options: list[str], gone: set[str]) -> None:
    told = as_json("forget", *options, "--yes")
    assert set(told["ids"]) == gone
    assert told["tokens"] == 2 * len(gone)
    assert told["files"]["memory.sqlite3"] == "rewritten"
    assert entries().keys() == TEXTS.keys() - gone


def test_a_file_is_rewritten_once_for_all_ids(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased: list[str] = []
    erase = SqliteStore.erase

    def noted(store: SqliteStore, namespace: str) -> Mapping[str, str]:
        erased.append(namespace)
        return erase(store, namespace)

    monkeypatch.setattr(SqliteStore, "erase", noted)
    assert as_json("forget", *TEXTS, "--yes")["ids"] == list(TEXTS)
    assert erased == ["ann"]


@pytest.mark.parametrize(
    "options", [[], ["aaaa1", "--all"], ["aaaa1", "--text", "x"], ["--all", "--session", "monday"]]
)
def test_forget_needs_one_way_to_choose(folder: Path, options: list[str]) -> None:
    with pytest.raises(InputError, match="one of the three"):
        cmr("forget", *options, "--yes")
    assert len(entries()) == 3


@pytest.mark.parametrize(
    "command",
    [
        ["forget", "--all"],
        ["prune"],
        ["repair"],
        ["reencode"],
        ["export", "there.zip"],
        ["rotate-key", "--decrypt"],
    ],
)
def test_what_destroys_asks_first(folder: Path, command: list[str]) -> None:
    Path("there.zip").write_bytes(b"mine")
    with Memory.open(folder, "ann") as memory:
        memory.add([note("dddd5555", "old", expires_at=1.0)])
    with pytest.raises(InputError, match="add --yes"):
        cmr(*command)
    assert len(entries()) == 3
    assert Path("there.zip").read_bytes() == b"mine"


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("n", 3)])
def test_at_a_terminal_the_answer_counts(folder: Path, answer: str, left: int) -> None:
    terminal, end = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-c", "from reweaving.cli.main import main; main()",
         "memory", "forget", "--all"],
        stdin=end, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.write(terminal, f"{answer}\n".encode())
    output, errors = running.communicate(timeout=300)
    os.close(end)
    os.close(terminal)
    assert "Forget 3 entries of 'ann' for good?" in errors
    assert running.returncode == (0 if answer == "y" else 1)
    assert ("forgot 3 entries" in output) == (answer == "y")
    assert len(entries()) == left


def test_prune_forgets_what_has_expired(folder: Path) -> None:
    assert as_json("prune")["ids"] == [], "with nothing to forget, nobody is asked"
    with Memory.open(folder, "ann") as memory:
        memory.add([note("dddd5555", "old", expires_at=1.0)])
    assert as_json("stats")["expired"] == 1
    assert as_json("prune", "--yes")["ids"] == ["dddd5555"]


# Copying


def test_export_and_import(folder: Path) -> None:
    assert "3 entries" in cmr("export", "ann.zip")
    told = as_json("import", "ann.zip", "--memory", "other", "--namespace", "bob")
    assert set(told["added"]) == set(TEXTS)
    assert entries("bob", "other").keys() == TEXTS.keys()
    assert "3 were there already" in cmr("import", "ann.zip", "-m", "other", "-n", "bob")
    assert cmr("import", "ann.zip", "-n", "carl", "--trust", "untrusted", "-o", "quiet").split()
    assert {each.trust for each in entries("carl").values()} == {"untrusted"}
    assert as_json("export", "ann.zip", "--yes")["entries"] == 3


def test_backup_restore_and_migrate(folder: Path) -> None:
    assert "verified" in cmr("backup", "copy")
    assert as_json("restore", "copy", "--memory", "again")["entries"] == 3
    assert entries("ann", "again").keys() == TEXTS.keys()
    told = as_json("migrate", str(folder), "moved")
    assert told["ann"]["copied"] == 3
    told = as_json("migrate", str(folder), "moved", "--namespace", "ann")
    assert (told["ann"]["copied"], told["ann"]["there"]) == (0, 3)
    assert entries("ann", "moved").keys() == TEXTS.keys()
    assert "3 were there" in cmr("migrate", str(folder), "moved")
    assert len(entries()) == 3


# Health


def test_verify_and_repair(folder: Path) -> None:
    assert "3 entries are as they were written" in cmr("verify")
    (payload,) = folder.rglob("*.safetensors")  # the three are equal
    payload.write_bytes(b"damaged")
    found = as_json("verify", code=1)
    assert not found["ok"]
    assert set(found["damaged"]) == set(TEXTS)
    assert set(cmr("verify", "-o", "quiet", code=1).split()) == set(TEXTS)
    told = as_json("repair", "--yes", "--keep", "damaged")
    assert set(told["rebuilt"]) == set(TEXTS)
    assert Path(told["audit"]).exists()
    assert Path("damaged/memory.sqlite3").exists()
    assert {each.codec for each in entries().values()} == {"replay"}
    cmr("verify")
    with pytest.raises(InputError, match="there already"):
        cmr("repair", "--yes", "--keep", "damaged")


def test_a_memory_that_cannot_be_opened_is_repaired(folder: Path) -> None:
    database = folder / "memory.sqlite3"
    data = bytearray(database.read_bytes())
    data[:4096] = bytes(4096)
    database.write_bytes(data)
    done = process("list")
    assert done.returncode == 1
    assert done.stderr.startswith("cmr: ")
    told = as_json("repair", "--yes")
    assert told["rescued"]["intact"] == 3
    assert told["intact"] == 3
    assert cmr("list", "-o", "quiet").split() == list(TEXTS)


# Edges


def test_looking_does_not_make_a_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (["list"], ["stats"], ["verify"], ["forget", "--all", "--yes"],
                    ["repair", "--yes"], ["backup", "copy"], ["migrate", "a", "b"]):  # fmt: skip
        with pytest.raises(InputError, match="there is no memory at"):
            cmr(*command)
    assert list(tmp_path.iterdir()) == []


def test_mistakes_and_failures_have_their_exit_codes(folder: Path) -> None:
    wrong = process("show", "zz")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "cmr: namespace 'ann' has no entry 'zz'\n"
    Path("bad.zip").write_bytes(b"no archive")
    refused = process("import", "bad.zip", "--namespace", "new")
    assert refused.returncode == 1
    assert refused.stderr.startswith("cmr: bad.zip: the zip file: it is no zip file")
    assert "Traceback" not in refused.stderr
    assert process("list", "--output", "xml").returncode == 2


def test_looking_needs_no_torch(folder: Path) -> None:
    code = (
        "import sys; sys.argv = ['cmr', 'memory', *sys.argv[1:]]\n"
        "from reweaving.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'transformers', 'numpy'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    for arguments in (["--help"], ["list"], ["search", "cat"], ["pin", "aaaa1"], ["stats"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, (arguments, done.stderr)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_and_answers_in_three_ways(command: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    assert f"`cmr memory {command}" in page
    shown = cmr(command, "--help")
    assert "table|json|quiet" in "".join(shown.split())


@pytest.mark.parametrize(
    ("text", "seconds"), [("90min", 5400), ("12h", 43200), ("1.5d", 129600), ("2w", 1209600)]
)
def test_ages(text: str, seconds: float) -> None:
    assert moment(text) == pytest.approx(time.time() - seconds, abs=5)


def test_times() -> None:
    assert moment("2026-01-31T12:00:00+00:00") == 1769860800.0
    assert age(7300) == "2 h"
    assert age(0.2) == "now"
    for wrong in ("yesterday", "", "5 moons", "2026-13-01"):
        with pytest.raises(InputError, match="is no time"):
            moment(wrong)


@pytest.mark.parametrize("far", [1e18, -1e18, float("inf"), float("nan")])
def test_a_time_beyond_the_calendar_is_shown_as_its_number(far: float) -> None:
    assert clock(far) == str(far)


def test_ids_are_shortened_as_far_as_they_differ() -> None:
    ids = ["0123456789a", "0123456789b", "f" * 32]
    assert short_ids(ids) == {ids[0]: ids[0], ids[1]: ids[1], ids[2]: "f" * 11}
    assert plain("a\x07b\u202e\nc" + "d" * 200, 10) == "a\ufffdb\ufffd cddd…"
