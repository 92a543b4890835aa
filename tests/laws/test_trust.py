"""What is not believed, was corrected, or has expired is neither found nor woven."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tests.laws.said import (
    ASKED,
    FACT,
    OTHER,
    SECRET,
    Clock,
    attached,
    found,
    states,
)

from reweaving import Memory, MemoryConfig, MemoryEntry
from reweaving.errors import InputError


def test_quarantine_is_neither_found_nor_woven(tmp_path: Path) -> None:
    config = MemoryConfig(untrusted_sources=("web*",))
    with Memory.open(tmp_path / "m", "ann", config) as memory:
        with attached(memory) as woven:
            woven.remember(FACT, session="a")
            (bad,) = woven.remember(OTHER, session="b", source="web page")
            (worse,) = woven.remember(SECRET, session="c", trust="untrusted")
            assert found(woven) == {FACT}
            assert {e.id for e in memory.quarantine()} == {bad.id, worse.id}
            for entries in ([bad], woven.memory.quarantine()):
                with pytest.raises(InputError, match="is in quarantine"):
                    woven.weaving(entries)
            alone = woven.recall(ASKED)[0].score
            memory.update(bad.id, trust="user")
            assert found(woven) == {FACT, OTHER}, "released, also for a search that knew it before"
            with woven.weaving(memory.get_many([bad.id])):
                woven.model(torch.arange(5, 12)[None])
            memory.update(bad.id, trust="untrusted")
            assert found(woven) == {FACT}
            assert woven.recall(ASKED)[0].score == alone, "what is not trusted moves no score"
            woven.detach()
        with attached(memory, recall={"allow_untrusted": True}) as woven:
            assert found(woven) == {FACT, OTHER, SECRET}
            with woven.weaving([worse]):
                woven.model(torch.arange(5, 12)[None])


def test_quarantine_is_no_context_of_a_resumed_session(tmp_path: Path) -> None:
    alone: list[MemoryEntry] = []
    for trust in ("untrusted", "user"):
        with Memory.open(tmp_path / trust, "ann") as memory:
            with attached(memory) as woven:
                woven.remember(SECRET, session="s", trust=trust)
            with attached(memory) as woven:  # nothing of the session is at hand
                alone += woven.remember(FACT, session="s")
    assert alone[0].position_idx == alone[1].position_idx
    with attached() as woven:
        first = woven.remember(FACT, session="s")
    assert alone[0].token_ids[-6:] == first[0].token_ids[-6:]
    assert not torch.equal(states(alone[0])[-1], states(alone[1])[-1]), "trusted, it is context"


def test_a_correction_takes_the_place_of_what_it_corrects(tmp_path: Path) -> None:
    clock = Clock()
    with Memory.open(tmp_path / "m", "ann", clock=clock) as memory, attached(memory) as woven:
        (old,) = woven.remember(FACT, session="a")
        (new,) = woven.remember("my cat is called Rex", session="b", ttl_seconds=60)
        assert found(woven) == {old.text, new.text}
        memory.update(old.id, superseded_by=new.id, valid_until=clock.now)
        assert found(woven) == {new.text}
        memory.update(new.id, trust="untrusted")
        assert found(woven) == {old.text}, "nobody unknown may hide what is known"
        memory.update(new.id, trust="user")
        assert found(woven) == {new.text}
        clock.now += 100
        assert found(woven) == {old.text}
        memory.prune()
        assert found(woven) == {old.text}
        memory.update(old.id, superseded_by="nobody")
        assert found(woven) == {old.text}


def test_time_is_told_at_the_request_and_use_prolongs(tmp_path: Path) -> None:
    clock = Clock()
    with Memory.open(tmp_path / "m", "ann", clock=clock) as memory, attached(memory) as woven:
        woven.remember(FACT, session="a", ttl_seconds=10)
        woven.remember(OTHER, session="b")
        generation = memory.generation
        for _ in range(3):
            clock.now += 8
            assert {hit.text for hit in woven.recall(ASKED)} == {FACT, OTHER}
        assert memory.generation == generation, "the catalogue at hand is the first one"
        clock.now += 8
        assert found(woven) == {FACT, OTHER}
        clock.now += 10
        assert found(woven) == {OTHER}
        assert memory.generation == generation
        assert len(memory.prune().ids) == 1
