"""Recall in two stages against recall that reads everything."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from reweaving.memory.memory import Memory, MemoryConfig
from reweaving.retrieval import candidates
from reweaving.retrieval.base import RetrievalContext
from reweaving.retrieval.candidates import CandidateReader
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.stores import index_search
from reweaving.types import MemoryEntry, Recollection
from tests.retrieval.world import entry, word_states, words_of

_COUNT = 700
_CONFIG = RecallConfig(threshold=0.0, share=0.0, limit=8, cache_size=0)
_NOUNS = [f"noun{at}" for at in range(80)]
_NAMES = [f"Name{at}" for at in range(90)]


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits so small that a store of some hundred spans feels them."""
    for module, name, value in (
        (candidates, "candidate_count", lambda spans: 48), (candidates, "_BY_WORDS", 24), (candidates, "_SAMPLED", 96),
        (candidates, "_WITH_CONTEXT", 8), (candidates, "FEWEST", 100),
        (index_search, "_RANKED", 3), (index_search, "_CONTROLLED", 300),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)


def told(seed: int, count: int = _COUNT) -> list[MemoryEntry]:
    rng = random.Random(seed)
    return [
        entry(
            f"The {rng.choice(_NOUNS)} of {rng.choice(_NAMES)} is a {rng.choice(_NOUNS)}.",
            f"{seed}/{at // 10}",
            20 * (at % 10),
        )
        for at in range(count)
    ]


def questions(seed: int, count: int = 12) -> list[str]:
    rng = random.Random(seed)
    return [f"What is the {rng.choice(_NOUNS)} of {rng.choice(_NAMES)}?" for _ in range(count)]


def two_stages(memory: Memory, **settings: object) -> Recall:
    recall = Recall(memory, _CONFIG.model_copy(update=settings))
    recall._candidates = CandidateReader(
        memory, allow_untrusted=recall.config.allow_untrusted, fewest=100
    )
    return recall


def reading_all(memory: Memory, **settings: object) -> Recall:
    recall = Recall(memory, _CONFIG.model_copy(update=settings))
    recall._candidates = None
    return recall


def ask(recall: Recall, question: str, **options: object) -> list[Recollection]:
    settings: dict[str, object] = {"budget_tokens": 10_000, **options}
    return recall.search(
        word_states(question), question, query_words=words_of(question), **settings
    )  # type: ignore[arg-type]


def leads(found: list[Recollection], expected: list[Recollection]) -> bool:
    """Whether the first of one list is first in the other; equal scores have no order."""
    best = {hit.entry.id for hit in expected if hit.score >= expected[0].score - 0.01}
    return found[0].entry.id in best


def ids(found: list[Recollection]) -> list[str]:
    return [hit.entry.id for hit in found]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.add(told(0))
        yield memory


@pytest.mark.parametrize("strategy", ["semantic_similarity", "lexical", "fused"])
def test_candidates_give_what_reading_all_gives(memory: Memory, strategy: str) -> None:
    two, all_of_it = two_stages(memory), reading_all(memory)
    same, first = [], []
    for question in questions(1, 20):
        found = ask(two, question, strategy=strategy)
        every = ask(all_of_it, question, strategy=strategy, limit=_COUNT)
        exact = {hit.entry.id: hit.score for hit in every}
        same += [exact[key] >= every[7].score - 0.01 for key in ids(found)]
        first.append(leads(found, every))
    assert two.scored_spans < all_of_it.scored_spans / 2
    assert sum(first) >= 19
    assert len(same) == 20 * 8
    assert sum(same) / len(same) >= 0.95


def test_scores_are_those_of_the_exact_keys(memory: Memory) -> None:
    two, all_of_it = two_stages(memory), reading_all(memory)
    for question in questions(2):
        exact = {
            h.entry.id: h.score for h in ask(all_of_it, question, strategy="semantic_similarity")
        }
        for hit in ask(two, question, strategy="semantic_similarity"):
            if hit.entry.id in exact:
                assert hit.score == pytest.approx(exact[hit.entry.id], abs=0.02)


def test_what_is_asked_again_looks_for_no_candidates(memory: Memory) -> None:
    two = two_stages(memory, cache_size=10)
    looked: list[int] = []

    class Counting(CandidateReader):
        def catalogue(self, context: RetrievalContext) -> Catalogue | None:
            looked.append(memory.generation)
            return super().catalogue(context)

    two._candidates = Counting(memory, fewest=100)
    question = questions(1)[0]
    first = ids(ask(two, question))
    assert ids(ask(two, question)) == first
    assert len(looked) == 1
    memory.forget(id=first[0])
    assert first[0] not in ids(ask(two, question))
    assert len(looked) == 2


def test_changes_are_seen_at_once(memory: Memory) -> None:
    two = two_stages(memory)
    question = "Where is the umbrella of Zoe?"
    ask(two, question)
    (added,) = new = [entry("The umbrella of Zoe is in the hall.", "new")]
    memory.add(new)
    assert ids(ask(two, question))[0] == added.id
    memory.forget(id=added.id)
    assert added.id not in ids(ask(two, question))


def test_few_spans_and_filters_are_served_by_reading_all(memory: Memory, tmp_path: Path) -> None:
    two = two_stages(memory)
    ask(two, questions(3)[0], filters={"tags": ["rare"]})
    assert two.scored_spans == _COUNT
    with Memory.open(tmp_path / "small") as small:
        small.add(told(5, 20))
        few = two_stages(small)
        ask(few, questions(3)[0])
        assert few.scored_spans == 20


def test_untrusted_entries_reach_no_index(memory: Memory) -> None:
    poison = entry("The noun1 of Name1 is poison.", "x", trust="untrusted")
    memory.add([poison])
    question = "What is the noun1 of Name1?"
    two = two_stages(memory)
    assert poison.id not in ids(ask(two, question))
    index = memory.load_index()
    assert index is not None
    assert poison.id not in index.marked()
    assert poison.id in ids(ask(two_stages(memory, allow_untrusted=True), question))


def test_a_superseded_span_loses_to_a_successor_that_is_no_candidate(memory: Memory) -> None:
    question = "What is the umbrella of Zoe?"
    old = entry("The umbrella of Zoe is green.", "z")
    new = entry("Nothing like it.", "y", 5000)
    memory.add([old, new])
    two = two_stages(memory)
    assert ids(ask(two, question))[0] == old.id
    memory.update(old.id, superseded_by=new.id)
    assert old.id not in ids(ask(two, question))


def test_a_namespace_never_sees_candidates_of_another(memory: Memory, tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m", "ben") as other:
        other.add(told(9))
        mine, theirs = two_stages(memory), two_stages(other)
        own = set(memory.load_index().marked()) if memory.load_index() else set()
        for question in questions(4):
            assert {h.entry.namespace for h in ask(mine, question)} == {"ann"}
            assert {h.entry.namespace for h in ask(theirs, question)} == {"ben"}
        known, others = memory.load_index(), other.load_index()
        assert known is not None
        assert others is not None
        assert not known.marked().keys() & others.marked().keys()
        assert own <= known.marked().keys()


def index_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "m" / "index").glob("*.index")
    return path


def test_a_damaged_index_is_made_anew(memory: Memory, tmp_path: Path) -> None:
    expected = [ids(ask(two_stages(memory), question)) for question in questions(6)]
    path = index_file(tmp_path)
    data = path.read_bytes()
    rng = random.Random(0)
    for _ in range(6):
        at = rng.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :])
        fresh = two_stages(memory)
        assert [ids(ask(fresh, question)) for question in questions(6)] == expected
        assert path.read_bytes() == data  # the same index, made again from the keys


def test_an_old_index_is_brought_up_to_date(memory: Memory, tmp_path: Path) -> None:
    ask(two_stages(memory), questions(7)[0])
    old = index_file(tmp_path).read_bytes()
    memory.forget(session="0/0")
    memory.add([*told(8, 60), entry("The umbrella of Zoe is in the hall.", "new")])
    index_file(tmp_path).write_bytes(old)  # as a file copied from a backup would be
    two, all_of_it = two_stages(memory), reading_all(memory)
    for question in questions(7):
        found = ask(two, question)
        assert set(ids(found)) <= {e.id for e in memory.entries()}
        assert found[0].entry.id in ids(ask(all_of_it, question))
    assert (
        ask(two, "Where is the umbrella of Zoe?")[0].text == "The umbrella of Zoe is in the hall."
    )


def test_forgetting_leaves_no_byte_in_the_index(memory: Memory, tmp_path: Path) -> None:
    ask(two_stages(memory), questions(1)[0])
    index = memory.load_index()
    assert index is not None
    (segment,) = index.segments
    secret = memory.entries(session="0/5")[0]
    number = index.names(torch.arange(len(index)).numpy()).index(secret.id)
    rows = segment.sketches[segment.starts[number] : segment.starts[number + 1]]
    traces = [row.tobytes() for row in rows] + [secret.id.encode()]
    data = index_file(tmp_path).read_bytes()
    assert all(trace in data for trace in traces)
    receipt = memory.forget(id=secret.id)
    assert receipt.files[f"index/{index_file(tmp_path).name}"] == "rewritten"
    left = index_file(tmp_path).read_bytes()
    assert not any(trace in left for trace in traces)
    memory.forget(namespace=True)
    assert not list((tmp_path / "m" / "index").iterdir())


def test_what_was_forgotten_meanwhile_is_not_saved_again(memory: Memory) -> None:
    ask(two_stages(memory), questions(1)[0])
    index, generation = memory.load_index(), memory.generation
    assert index is not None
    assert memory.save_index(index, generation)
    memory.forget(session="0/1")
    assert not memory.save_index(index, generation)
    kept = memory.load_index()
    assert kept is not None
    assert len(kept) == len(index) - 10


def test_an_encrypted_memory_keeps_its_index_in_ram(tmp_path: Path) -> None:
    config = MemoryConfig(encryption_key="00" * 32)
    with Memory.open(tmp_path / "e", config=config) as memory:
        memory.add(told(0))
        question = questions(1)[0]
        assert ids(ask(two_stages(memory), question)) == ids(ask(two_stages(memory), question))
        assert not (tmp_path / "e" / "index").exists()


def test_what_is_ephemeral_reaches_no_index_file(memory: Memory, tmp_path: Path) -> None:
    memory.make_ephemeral("secret")
    (hidden,) = new = [entry("The umbrella of Zoe is hidden.", "secret")]
    memory.add(new)
    assert ids(ask(two_stages(memory), "Where is the umbrella of Zoe?"))[0] == hidden.id
    assert not (tmp_path / "m" / "index").exists()


_WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from reweaving.memory.memory import Memory
from tests.retrieval.world import entry
with Memory.open(sys.argv[1], "ann") as memory:
    memory.add([entry("The umbrella of Zoe is in the hall.", "other process")])
"""


@pytest.mark.slow
def test_what_another_process_adds_is_found(memory: Memory, tmp_path: Path) -> None:
    two = two_stages(memory)
    question = "Where is the umbrella of Zoe?"
    ask(two, question)
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", _WRITER, str(tmp_path / "m"), str(root)], check=True, timeout=300
    )
    assert ask(two, question)[0].text == "The umbrella of Zoe is in the hall."


def test_what_stood_before_a_candidate_is_near_or_nothing() -> None:
    before = np.arange(-1, 99)  # one session of a hundred spans
    index: Any = SimpleNamespace(neighbours=(before, None))
    found = candidates._previous(index, np.array([3, 10, 40, 41]))
    assert found.tolist() == [-1, 0, -1, 2]
