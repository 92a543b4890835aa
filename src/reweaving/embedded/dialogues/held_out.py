"""Draws scenes to measure with: one request each, of one skill, with nothing from the side of training."""

from __future__ import annotations

import random
from collections.abc import Callable

from reweaving.embedded.dialogues import product
from reweaving.embedded.dialogues.asking import (
    fact_question,
    in_other_words,
    joint_question,
    ordinary_question,
    product_question,
    transfer_question,
)
from reweaving.embedded.dialogues.scene import Question, Scene
from reweaving.embedded.dialogues.scenes import of_another, that_can_change, unstated
from reweaving.embedded.dialogues.split import Side
from reweaving.embedded.dialogues.values import TYPES
from reweaving.embedded.dialogues.writer import SceneWriter

_NUMERIC = frozenset(kind for kind, t in TYPES.items() if t.numeric)
_RARE = frozenset(kind for kind, t in TYPES.items() if t.rare)
_PLAIN = frozenset(TYPES) - _NUMERIC - _RARE

_Drawn = tuple[SceneWriter, Question]


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
        return writer, fact_question(writer, fact, 0, len(writer.blocks), skill)

    return make


def _updated(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.randint(1, 3))
    changeable = writer.changeable()
    if rng.random() < 0.3 or not changeable:
        fact = writer.add_both(that_can_change(writer))
    else:
        fact = writer.add_update(rng.choice(changeable))
    return writer, fact_question(writer, fact, 0, len(writer.blocks), "updated")


def _context(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.randint(0, 2))
    fact = of_another(writer)
    writer.add_aside(fact)
    for _ in range(rng.randint(0, 1)):
        writer.add_facts([writer.new_fact()])
    return writer, fact_question(writer, fact, 0, len(writer.blocks), "context")


def _near_miss(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, 8)
    fact = rng.choice(list(writer.facts.values()))
    return writer, fact_question(writer, fact, 0, 8, "near_miss")


def _abstain(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.choice((0, 1, 1, 2, 4, 8)))
    return writer, fact_question(writer, unstated(writer), 0, len(writer.blocks), "abstain")


def _story(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.randint(0, 2))
    fact = writer.new_fact()
    writer.add_facts([fact], as_story=True)
    return writer, fact_question(writer, fact, 0, len(writer.blocks), "story")


def _joint_scene(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.randint(2, 4))
    one, two = rng.sample(list(writer.facts.values()), 2)
    return writer, joint_question(writer, one, two, 0, len(writer.blocks))


def _product(rng: random.Random) -> _Drawn:
    writer = SceneWriter(rng, Side.TEST)
    writer.draw_cast(2)
    keys = rng.choice(product.PRODUCT_GROUPS)
    writer.add_product(keys, split=rng.random() < 0.5)
    for _ in range(rng.randint(0, 2)):
        writer.add_facts([writer.new_fact()])
    if "transfer" in keys and rng.random() < 0.3:
        return writer, transfer_question(writer, 0, len(writer.blocks))
    return writer, product_question(writer, rng.choice(keys), 0, len(writer.blocks))


def _general(rng: random.Random) -> _Drawn:
    writer = _filled(rng, None, rng.choice((0, 1, 2, 4)))
    return writer, ordinary_question(writer, 0, len(writer.blocks))


def _scenes(
    draw: Callable[[random.Random], _Drawn], *, apart: bool | None = None
) -> Callable[[random.Random], Scene]:
    """Make scenes of what is drawn; with `apart`, only those whose question is, or is not, in other words."""

    def make(rng: random.Random) -> Scene:
        writer, question = draw(rng)
        while apart is not None and apart is not in_other_words(writer, question):
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
