"""Draws scenes: many requests over eight sessions for training, one request each for evaluation."""

from __future__ import annotations

import random
from collections.abc import Callable

from reweaving.embedded.dialogues import product
from reweaving.embedded.dialogues.facts import Fact
from reweaving.embedded.dialogues.scene import Question, Scene
from reweaving.embedded.dialogues.split import Side
from reweaving.embedded.dialogues.values import TYPES
from reweaving.embedded.dialogues.wording import in_other_words
from reweaving.embedded.dialogues.writer import SceneWriter

_NUMERIC = frozenset(kind for kind, t in TYPES.items() if t.numeric)
_RARE = frozenset(kind for kind, t in TYPES.items() if t.rare)
_NAMELESS = ("me", "common")
_PLAIN = frozenset(TYPES) - _NUMERIC - _RARE

_Drawn = tuple[SceneWriter, Question]


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
    asked = [_training_question(rng, writer, keys) for _ in range(questions)]
    return Scene(tuple(writer.blocks), tuple(asked))


def _add_block(rng: random.Random, writer: SceneWriter) -> None:
    roll = rng.random()
    if roll < 0.22 and writer.facts:
        writer.add_update(rng.choice(list(writer.facts.values())))
    elif roll < 0.25:
        writer.add_both(writer.new_fact())
    elif roll < 0.41:
        writer.add_aside(_of_another(writer))
    elif roll < 0.45:
        writer.add_small_talk()
    elif roll < 0.47:
        writer.add_unanswered()
    else:
        facts = [writer.new_fact() for _ in range(rng.choices((1, 2, 3), weights=(7, 3, 1))[0])]
        if len(facts) > 1 and rng.random() < 0.5:
            writer.add_neighbour(facts)
        writer.add_facts(facts)


def _of_another(writer: SceneWriter) -> Fact:
    """Return a new fact whose subject is not the user: only such can be meant by "it" or "she"."""
    while all(subject.kind in _NAMELESS for subject in writer.cast):
        writer.draw_cast(len(writer.cast) + 1)
    while True:
        fact = writer.new_fact()
        if fact.subject.kind not in _NAMELESS:
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


def _training_question(rng: random.Random, writer: SceneWriter, keys: tuple[str, ...]) -> Question:
    total = len(writer.blocks)
    roll = rng.random()
    if roll < 0.13:
        return writer.ask_ordinary(*_window(rng, total, None))
    if keys and roll < 0.34:
        return _product_question(rng, writer, keys)
    facts = list(writer.facts.values())
    if roll < 0.59 and facts:
        fact = rng.choices(facts, [_interest(writer, fact) for fact in facts])[0]
        holding = rng.choice([i for i in range(total) if fact.slot in writer.told[i]])
        return writer.ask_fact(fact, *_window(rng, total, holding))
    if roll < 0.71 and len(facts) > 1:
        joint = _joint(rng, writer, rng.sample(facts, 2))
        if joint:
            return joint
    if roll < 0.77 and facts:
        return writer.ask_fact(rng.choice(facts), *_window(rng, total, None))
    return writer.ask_fact(unstated(writer), *_window(rng, total, None))


def _interest(writer: SceneWriter, fact: Fact) -> float:
    """How often a fact is asked for: what was updated, or said in passing, is harder to answer."""
    holding = [i for i, told in enumerate(writer.told) if fact.slot in told]
    return 6.0 if len(holding) > 1 else 2.0 if holding[-1] in writer.asides else 1.0


def _product_question(rng: random.Random, writer: SceneWriter, keys: tuple[str, ...]) -> Question:
    total = len(writer.blocks)
    key = rng.choice(keys)
    holding = next(i for i in range(total) if ("product", key) in writer.told[i])
    window = _window(rng, total, holding if rng.random() < 0.75 else None)
    if key == "transfer" and rng.random() < 0.5:
        return writer.ask_transfer(*((0, total) if rng.random() < 0.7 else window))
    return writer.ask_product(key, *window)


def _joint(rng: random.Random, writer: SceneWriter, facts: list[Fact]) -> Question | None:
    total = len(writer.blocks)
    for _ in range(6):
        window = _window(rng, total, None)
        if all(writer.known(fact.slot, *window) is not None for fact in facts):
            return writer.ask_joint(facts[0], facts[1], *window)
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


def _filled(rng: random.Random, kinds: frozenset[str] | None, blocks: int) -> SceneWriter:
    writer = SceneWriter(rng, Side.TEST, kinds)
    writer.draw_cast(rng.randint(2, 4))
    for _ in range(blocks):
        writer.add_facts([writer.new_fact(near=0.7)])
    return writer


def _simple(kinds: frozenset[str], skill: str) -> Callable[[random.Random], _Drawn]:
    def make(rng: random.Random) -> _Drawn:
        writer = _filled(rng, kinds, rng.randint(1, 3))
        fact = rng.choice(list(writer.facts.values()))
        return writer, writer.ask_fact(fact, 0, len(writer.blocks), skill)

    return make


def _updated(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.randint(1, 3))
    if rng.random() < 0.3:
        fact = writer.add_both(writer.new_fact())
    else:
        fact = writer.add_update(rng.choice(list(writer.facts.values())))
    return writer, writer.ask_fact(fact, 0, len(writer.blocks), "updated")


def _context(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.randint(0, 2))
    fact = _of_another(writer)
    writer.add_aside(fact)
    for _ in range(rng.randint(0, 1)):
        writer.add_facts([writer.new_fact()])
    return writer, writer.ask_fact(fact, 0, len(writer.blocks), "context")


def _near_miss(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, 8)
    fact = rng.choice(list(writer.facts.values()))
    return writer, writer.ask_fact(fact, 0, 8, "near_miss")


def _abstain(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.choice((0, 1, 1, 2, 4, 8)))
    return writer, writer.ask_fact(unstated(writer), 0, len(writer.blocks), "abstain")


def _story(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.randint(0, 2))
    fact = writer.new_fact()
    writer.add_facts([fact], as_story=True)
    return writer, writer.ask_fact(fact, 0, len(writer.blocks), "story")


def _joint_scene(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.randint(2, 4))
    one, two = rng.sample(list(writer.facts.values()), 2)
    return writer, writer.ask_joint(one, two, 0, len(writer.blocks))


def _product(rng: random.Random) -> _Drawn:
    writer = SceneWriter(rng, Side.TEST)
    writer.draw_cast(2)
    keys = rng.choice(product.PRODUCT_GROUPS)
    writer.add_product(keys, split=rng.random() < 0.5)
    for _ in range(rng.randint(0, 2)):
        writer.add_facts([writer.new_fact()])
    if "transfer" in keys and rng.random() < 0.3:
        return writer, writer.ask_transfer(0, len(writer.blocks))
    return writer, writer.ask_product(rng.choice(keys), 0, len(writer.blocks))


def _general(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.choice((0, 1, 2, 4)))
    return writer, writer.ask_ordinary(0, len(writer.blocks))


def _scenes(
    draw: Callable[[random.Random], _Drawn], *, apart: bool | None = None
) -> Callable[[random.Random], Scene]:
    """Make scenes of what is drawn; with `apart`, only those whose question is, or is not, in other words."""

    def make(rng: random.Random) -> Scene:
        writer, question = draw(rng)
        while apart is not None and apart is not in_other_words(
            question, writer.blocks, (subject.name for subject in writer.cast)
        ):
            writer, question = draw(rng)
        return Scene(tuple(writer.blocks), (question,))

    return make


HELD_OUT: dict[str, Callable[[random.Random], Scene]] = {
    "plain": _scenes(_simple(_PLAIN, "plain"), apart=False),
    "numeric": _scenes(_simple(_NUMERIC, "numeric"), apart=False),
    "rare_word": _scenes(_simple(_RARE, "rare_word"), apart=False),
    "updated": _scenes(_updated, apart=False),
    "context": _scenes(_context, apart=False),
    "near_miss": _scenes(_near_miss, apart=False),
    "abstain": _scenes(_abstain),
    "story": _scenes(_story, apart=False),
    "joint": _scenes(_joint_scene, apart=False),
    "product": _scenes(_product),
    "in_other_words": _scenes(_simple(frozenset(TYPES), "in_other_words"), apart=True),
    "general": _scenes(_general),
}
"""Skill → how one held-out scene of it is drawn; nothing in it is on the side of training.

A question that shares no word with what answers it ("Who looks after Ida's back?", "Dylan massages Ida") asks for
knowledge of the world besides memory: such ones are a skill of their own.
"""
