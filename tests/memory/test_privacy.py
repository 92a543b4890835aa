"""What a memory keeps to itself: opting out, quarantine, and what a message is kept with."""

from __future__ import annotations

from pathlib import Path

import pytest

from reweaving import Memory, MemoryConfig
from reweaving.errors import ConfigurationError, InputError
from reweaving.memory.privacy.keeping import Keeping
from reweaving.stores.sqlite_ledger import SqliteLedger
from tests.memory.kept import note, shown


def test_opting_out_keeps_nothing_new_and_lasts(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.add([note("note before")])
        assert not memory.opted_out
        memory.opt_out()
        with pytest.raises(InputError, match=r"opted out.*opt_out\(False\)"):
            memory.add([note("note after")])
        memory.add([])
    with Memory.open(tmp_path / "m", "ann") as memory, Memory.open(tmp_path / "m", "bob") as bob:
        assert (memory.opted_out, bob.opted_out) == (True, False)
        assert shown(memory) == {"note before"}
        memory.forget(namespace=True)
        assert memory.opted_out, "forgetting everything must not turn it on again"
        memory.opt_out(False)
        memory.add([note("note later")])
        assert shown(memory) == {"note later"}
        memory.forget(namespace=True)
        assert not memory.opted_out


def test_the_wish_to_opt_out_is_at_no_moment_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forgetting writes no note again that it has deleted: it could be killed in between."""
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.opt_out()
        monkeypatch.setattr(SqliteLedger, "set_note", lambda *_: pytest.fail("a note is written"))
        memory.forget(namespace=True)
        assert memory.opted_out


def test_entries_of_untrusted_sources_are_in_quarantine(tmp_path: Path) -> None:
    config = MemoryConfig(untrusted_sources=("web:*", "mail"))
    with Memory.open(tmp_path / "m", "ann", config) as memory:
        given = {
            "page": note("note page", source="web:example.org"),
            "mail": note("note mail", source="mail"),
            "known": note("note known", source="web:intranet", trust="trusted"),
            "own": note("note own", source="mailbox"),
            "bare": note("note bare"),
            "marked": note("note marked", trust="untrusted"),
        }
        memory.add(given.values())
        assert {entry.text for entry in memory.quarantine()} == {
            "note page",
            "note mail",
            "note marked",
        }
        assert len(shown(memory)) == 6, "they are shown, with their source"
        memory.update(given["mail"].id, trust="user")
        assert given["mail"].id not in {entry.id for entry in memory.quarantine()}
        assert memory.get(given["page"].id).source == "web:example.org"
        with pytest.raises(InputError, match="trust = 'friend'"):
            memory.update(given["mail"].id, trust="friend")


def test_labels_are_checked_where_they_are_given() -> None:
    for wrong in (
        {"tags": "work"},
        {"trust": "friend"},
        {"ttl_seconds": 0},
        {"ttl_seconds": float("inf")},
    ):
        with pytest.raises(ConfigurationError, match="Keeping"):
            Keeping(**wrong)
    entry = note("x", metadata={"old": 1})
    Keeping(metadata={"n": 1}, tags=("work",), source="mail", ttl_seconds=5).mark([entry])
    assert (entry.metadata, entry.tags, entry.source) == ({"n": 1}, ("work",), "mail")
    assert (entry.trust, entry.ttl_seconds, entry.expires_at) == ("user", 5.0, None)
