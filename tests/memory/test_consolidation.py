"""What is said twice or not true any more is marked, never erased, and can be taken back."""

from __future__ import annotations

import itertools
import json
import random

import pytest

from reweaving import Memory, MemoryEntry
from reweaving.embedded.dialogues.scene import Block
from reweaving.embedded.dialogues.split import Side
from reweaving.embedded.dialogues.writer import SceneWriter
from reweaving.memory.consolidation import Consolidation
from reweaving.memory.contradictions import contradicted
from reweaving.memory.duplicates import repetitions

UPDATES = [
    ("My locker code is 4711.", "Actually, my locker code is 5822 now."),
    ("My project is called Aurora.", "My project is now called Borealis."),
    ("I live in Rome.", "I live in Oslo now."),
    ("Anna lives in Rome.", "Update: Anna lives in Oslo."),
    ("My payday is the 25th.", "My payday has changed to the 28th."),
    ("The gate code is 1234.\nGot it.", "Correction: the gate code is 4321.\nNoted."),
    (
        "My sister's favourite colour is teal.",
        "I was wrong before. My sister's favorite color is red.",
    ),
    ("My phone is a Pixel 6.", "My new phone is a Pixel 8."),
    ("My favourite tea is jasmine from the shop.", "My favourite tea is sencha now."),
]
NEAR_MISSES = [
    ("My locker code is 4711.", "Actually, my bike code is 5822 now."),
    ("Anna's locker code is 4711.", "Actually, Peter's locker code is 5822 now."),
    ("I like tea.", "Now I like coffee."),
    ("My sister is a plumber.", "My sister is tired now."),
    ("My locker code is 4711.", "My locker code is 4711 now."),
    ("My locker code is 4711.", "My locker code is 5822."),
    ("My friend is Anna.", "My friend is Paul."),
    ("I speak Spanish.", "I speak Italian now."),
    ("My locker code is 4711 and my sister lives in Rome.", "Actually my locker code is 5822."),
    ("My locker code is 4711. My sister lives in Rome.", "Actually my locker code is 5822."),
    ("The dog of Anna is called Rex.", "Now the dog of Peter is called Max."),
    ("I bought a car in Rome.", "Now I bought a car in Oslo."),
    ("My old car is red.", "My new car is blue."),
    ("The front door is open.", "The back door is now open."),
    ("Is my locker code 4711?", "Actually, my locker code is 5822."),
    ("My locker code is not 4711.", "Actually, my locker code is 5822."),
    ("My brother is in Rome.", "My brother is happy now."),
    ("The little girl was excited.", "The little girl was happy and no longer sad."),
    ("In winter my alarm is at 7 am.", "In summer my alarm is at 6 am now."),
]


def note(text: str, at: float, **fields: object) -> MemoryEntry:
    values: dict[str, object] = {"text": text, "timestamp": at, "codec": "replay", "role": "user"}
    session = fields.pop("sequence_id", f"session {at}")
    return MemoryEntry(None, (), session, 0, **{**values, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(("older", "newer"), UPDATES)
def test_an_update_is_seen(older: str, newer: str) -> None:
    assert contradicted(older, newer)
    assert not contradicted(newer, older) or "now" in older


@pytest.mark.parametrize(("older", "newer"), NEAR_MISSES)
def test_a_near_miss_is_none(older: str, newer: str) -> None:
    assert not contradicted(older, newer)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("My dog is called Rex.", "Oh, my dog is called Rex!", True),
        ("My favourite colour is teal.", "my favorite color is teal", True),
        ("Anna gave Peter the book.", "Peter gave Anna the book.", False),
        ("I do like green tea.", "I do not like green tea.", False),
        ("It is dark green and old.", "It is dark green and old.", False),
        ("We met Anna in Rome yesterday.", "We met Anna in Rome yesterday.", False),
        ("The meeting is on Friday.", "The meeting is on Friday.", False),
        ("Of course.", "Of course.", False),
        ("My code is 4711.", "My code is 4712.", False),
    ],
)
def test_the_same_is_said_twice(first: str, second: str, same: bool) -> None:
    pairs = list(repetitions([note(first, 1.0), note(second, 2.0)]))
    assert [(a.text, b.text) for a, b in pairs] == ([(first, second)] if same else [])
    assert list(repetitions([note(first, 1.0), note(second, 2.0, role="assistant")])) == []


def marks(memory: Memory) -> dict[str, tuple[str, float | None, int]]:
    texts = {entry.id: entry.text for entry in memory.entries()}
    return {
        entry.text: (
            texts.get(entry.superseded_by, entry.superseded_by), entry.valid_until, entry.access_count
        )
        for entry in memory.entries()
    }  # fmt: skip


def test_consolidated_and_taken_back() -> None:
    with Memory.open(":memory:") as memory:
        entries = [
            note("My locker code is 4711.", 1.0, access_count=3),
            note("My locker code is 4711!", 2.0, access_count=4),
            note("Actually, my locker code is 5822 now.", 3.0, access_count=1),
            note("I like green tea.", 4.0, access_count=9),
        ]
        memory.add(entries)
        before = marks(memory)
        report = memory.consolidate()
        assert marks(memory) == {
            "My locker code is 4711.": ("My locker code is 4711!", None, 3),
            "My locker code is 4711!": ("Actually, my locker code is 5822 now.", 3.0, 7),
            "Actually, my locker code is 5822 now.": ("", None, 1),
            "I like green tea.": ("", None, 9),
        }
        assert [item.why for item in report.superseded] == ["repeated", "contradicted"]
        assert memory.consolidate() == Consolidation(), "what is superseded is left alone"
        assert Consolidation.from_dict(json.loads(json.dumps(report.as_dict()))) == report
        memory.touch([entries[1].id])
        assert memory.undo(report) == 2
        after = marks(memory)
        assert after.pop("My locker code is 4711!") == ("", None, 5), "its own access stays"
        before.pop("My locker code is 4711!")
        assert after == before
        assert memory.undo(report) == 0


def test_undo_leaves_what_was_changed_since() -> None:
    with Memory.open(":memory:") as memory:
        first, second = note("My locker code is 1.", 1.0), note("Now my locker code is 2.", 2.0)
        memory.add([first, second])
        report = memory.consolidate()
        memory.update(first.id, superseded_by="by hand")
        assert memory.undo(report) == 0
        assert memory.entries()[0].superseded_by == "by hand"
        memory.forget(id=first.id)
        assert memory.undo(report) == 0


def test_chains_end_in_what_was_said_last() -> None:
    with Memory.open(":memory:") as memory:
        texts = ["My locker code is 1.", *(f"My locker code is {n} now." for n in range(2, 6))]
        memory.add([note(text, float(at)) for at, text in enumerate(texts)])
        memory.consolidate()
        found = {entry.text: entry for entry in memory.entries()}
        for older, newer in itertools.pairwise(texts):
            assert found[older].superseded_by == found[newer].id
        assert found[texts[-1]].superseded_by == ""


def test_pins_and_trust_are_respected() -> None:
    with Memory.open(":memory:") as memory:
        memory.add(
            [
                note("My locker code is 4711.", 1.0),
                note("Actually, my locker code is 5822 now.", 2.0, trust="untrusted"),
                note("My gate code is 11.", 3.0, pinned=True),
                note("Actually, my gate code is 12 now.", 4.0),
                note("My bike code is 21.", 5.0, trust="untrusted"),
                note("Actually, my bike code is 22 now.", 6.0),
            ]
        )
        report = memory.consolidate()
        texts = {entry.id: entry.text for entry in memory.entries()}
        assert [texts[item.id] for item in report.superseded] == ["My bike code is 21."]


def test_the_earlier_text_never_supersedes_the_later_one() -> None:
    with Memory.open(":memory:") as memory:
        memory.add(
            [
                note("Actually, my locker code is 5822 now.", 1.0),
                note("My locker code is 4711.", 2.0),
            ]
        )
        assert memory.consolidate() == Consolidation()


def text_of(block: Block) -> str:
    return "\n".join(turn.text for turn in block.woven)


def generated(seed: int, scenes: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs of an earlier and a later text: updates, and near-misses of four kinds."""
    rng = random.Random(seed)
    updates: list[tuple[str, str]] = []
    misses: list[tuple[str, str]] = []
    while len(updates) < scenes:
        writer = SceneWriter(rng, Side.TRAIN if rng.random() < 0.5 else Side.TEST)
        writer.draw_cast(4)
        fact = writer.new_fact()
        writer.add_facts([fact])
        old = text_of(writer.blocks[-1])
        writer.add_update(fact)
        updates.append((old, text_of(writer.blocks[-1])))
        facts = [fact, writer.new_fact(near=1.0)]  # the same attribute of somebody else
        writer.add_facts([facts[1]], updated=True)
        misses.append((old, text_of(writer.blocks[-1])))
        writer.add_neighbour(facts)  # another attribute of the same subject
        if facts[1].slot != fact.slot:
            writer.add_facts([facts[1]], updated=True)
            misses.append((old, text_of(writer.blocks[-1])))
        writer.add_facts([fact], updated=True)  # the same value once more
        misses.append((old, text_of(writer.blocks[-1])))
        writer.add_small_talk()
        misses.append((old, text_of(writer.blocks[-1])))
    return updates, misses


def test_precision_and_recall_on_generated_dialogues() -> None:
    updates, misses = generated(seed=11, scenes=150)
    found = sum(contradicted(*pair) for pair in updates)
    wrong = [pair for pair in misses if contradicted(*pair)]
    assert len(misses) >= 550
    assert wrong == []
    assert found >= 0.15 * len(updates), found
