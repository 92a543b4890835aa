"""Draws scenes to train on: many requests over up to eight sessions."""

from __future__ import annotations

import random
from collections import Counter

from reweaving.embedded.dialogues import product
from reweaving.embedded.dialogues.asking import (
    fact_question,
    joint_question,
    ordinary_question,
    product_question,
    transfer_question,
)
from reweaving.embedded.dialogues.facts import PAST, Fact
from reweaving.embedded.dialogues.scene import Question, Scene
from reweaving.embedded.dialogues.split import Side
from reweaving.embedded.dialogues.subjects import Subject, me
from reweaving.embedded.dialogues.writer import SceneWriter, Slot

_ABOUT = {
    "device": frozenset({"colour", "amount", "long_number", "code", "date", "version", "password", "pin"}),
    "company": frozenset({"phone", "address", "full_name", "time", "code"}),
    "project": frozenset({"date", "amount", "full_name", "title", "colour"}),
    "instrument": frozenset({"colour", "amount", "material"}),
}  # fmt: skip
"""Type of what somebody has → types of what else is said of it, none of which says which one it is."""


def training_scene(rng: random.Random, questions: int = 16) -> Scene:
    """Write one scene of up to eight blocks with several requests over different runs of them."""
    writer = SceneWriter(rng, Side.TRAIN)
    writer.draw_cast(rng.randint(2, 5))
    keys = rng.choice(product.PRODUCT_GROUPS) if rng.random() < 0.45 else ()
    total = rng.choices((2, 4, 6, 8), weights=(1, 2, 2, 7))[0]
    if keys:
        writer.add_product(keys, split=rng.random() < 0.5)
    while len(writer.blocks) < total:
        _add_block(rng, writer)
    _shuffle(rng, writer)
    before: Counter[Slot] = Counter()
    asked = [_training_question(rng, writer, keys, before) for _ in range(questions)]
    return Scene(tuple(writer.blocks), tuple(asked))


def _add_block(rng: random.Random, writer: SceneWriter) -> None:
    roll = rng.random()
    changeable = writer.changeable()
    if roll < 0.22 and changeable:
        writer.add_update(rng.choice(changeable))
    elif roll < 0.25:
        writer.add_both(that_can_change(writer))
    elif roll < 0.41:
        writer.add_aside(of_another(writer))
    elif roll < 0.45:
        writer.add_small_talk()
    elif roll < 0.47:
        writer.add_unanswered()
    elif roll < 0.53:
        _add_owned(rng, writer)
    else:
        facts = [writer.new_fact() for _ in range(rng.choices((1, 2, 3), weights=(7, 3, 1))[0])]
        if len(facts) > 1 and rng.random() < 0.5:
            writer.add_neighbour(facts)
        writer.add_facts(facts)


def _add_owned(rng: random.Random, writer: SceneWriter) -> None:
    """Tell which router somebody has and, elsewhere, something else about it: both are "my router"."""
    cast, kinds = writer.cast, writer.kinds
    owner = rng.choice([s for s in cast if s.kind in ("me", "person")] or [me()])
    writer.cast, writer.kinds = [owner], frozenset(_ABOUT)
    facts = [writer.new_fact(near=0.0)]
    attribute = facts[0].attribute
    if attribute.relation is None and attribute.kind in _ABOUT:
        noun = attribute.key.removesuffix(" model")
        writer.cast = [Subject("thing", f"{owner.forms('user')[1]} {noun}", "it")]
        writer.kinds = _ABOUT[attribute.kind]
        facts.append(writer.new_fact(near=0.0))
    writer.cast, writer.kinds = cast, kinds
    for fact in rng.sample(facts, len(facts)):
        writer.add_facts([fact])


def that_can_change(writer: SceneWriter) -> Fact:
    """Return a new fact that a later one may replace."""
    while (fact := writer.new_fact()).attribute.key in PAST:
        del writer.facts[fact.slot]
    return fact


def of_another(writer: SceneWriter, near: float = 0.6) -> Fact:
    """Return a new fact whose subject is not the user: only such can be meant by "it" or "she"."""
    while all(subject.nameless for subject in writer.cast):
        writer.draw_cast(len(writer.cast) + 1)
    while True:
        fact = writer.new_fact(near)
        if not fact.subject.nameless:
            return fact
        del writer.facts[fact.slot]


def _shuffle(rng: random.Random, writer: SceneWriter) -> None:
    """Let any block, not only the first, be the product's; facts keep their order otherwise."""
    turn = (
        rng.randrange(len(writer.blocks))
        if any(owner == "product" for owner, _ in writer.told[0])
        else 0
    )
    order = [*range(1, turn + 1), 0, *range(turn + 1, len(writer.blocks))]
    writer.blocks = [writer.blocks[i] for i in order]
    writer.told = [writer.told[i] for i in order]
    writer.asides = {order.index(i) for i in writer.asides}


def _window(rng: random.Random, total: int, holding: int | None) -> tuple[int, int]:
    """Draw a run of blocks, with the block `holding` in it if given."""
    roll = rng.random()
    size = total if roll < 0.5 else 1 if roll < 0.65 else rng.randint(1, total)
    if holding is None:
        size = 0 if rng.random() < 0.12 else size
        first = rng.randint(0, total - size)
    else:
        first = rng.randint(max(0, holding - size + 1), min(holding, total - size))
    return first, first + size


def _training_question(
    rng: random.Random, writer: SceneWriter, keys: tuple[str, ...], before: Counter[Slot]
) -> Question:
    total = len(writer.blocks)
    roll = rng.random()
    if roll < 0.13:
        return ordinary_question(writer, *_window(rng, total, None))
    if keys and roll < 0.34:
        return _product_question(rng, writer, keys)
    facts = list(writer.facts.values())
    if roll < 0.59 and facts:
        weights = [_interest(writer, fact) / (1 + before[fact.slot]) ** 2 for fact in facts]
        fact = rng.choices(facts, weights)[0]
        before[fact.slot] += 1
        holding = rng.choice([i for i in range(total) if fact.slot in writer.told[i]])
        return fact_question(writer, fact, *_window(rng, total, holding))
    if roll < 0.71 and len(facts) > 1:
        joint = _joint(rng, writer, rng.sample(facts, 2))
        if joint:
            return joint
    if roll < 0.77 and facts:
        return fact_question(writer, rng.choice(facts), *_window(rng, total, None))
    return fact_question(writer, unstated(writer), *_window(rng, total, None))


def _interest(writer: SceneWriter, fact: Fact) -> float:
    """How often a fact is asked for first: what was updated, or said in passing, is harder to answer."""
    holding = [i for i, told in enumerate(writer.told) if fact.slot in told]
    return 6.0 if len(holding) > 1 else 2.0 if holding[-1] in writer.asides else 1.0


def _product_question(rng: random.Random, writer: SceneWriter, keys: tuple[str, ...]) -> Question:
    total = len(writer.blocks)
    key = rng.choice(keys)
    holding = next(i for i in range(total) if ("product", key) in writer.told[i])
    window = _window(rng, total, holding if rng.random() < 0.75 else None)
    if key == "transfer" and rng.random() < 0.5:
        return transfer_question(writer, *((0, total) if rng.random() < 0.7 else window))
    return product_question(writer, key, *window)


def _joint(rng: random.Random, writer: SceneWriter, facts: list[Fact]) -> Question | None:
    total = len(writer.blocks)
    for _ in range(6):
        window = _window(rng, total, None)
        if all(writer.known(fact.slot, *window) is not None for fact in facts):
            return joint_question(writer, facts[0], facts[1], *window)
    return None


def unstated(writer: SceneWriter) -> Fact:
    """Return a fact that no block states: of known people or of somebody new, attributes mostly known."""
    facts, cast = dict(writer.facts), list(writer.cast)
    if writer.rng.random() < 0.3:
        writer.draw_cast(len(cast) + 1)
        writer.cast = writer.cast[-1:]
    fact = writer.new_fact(near=0.6)
    writer.facts, writer.cast = facts, cast
    return fact
