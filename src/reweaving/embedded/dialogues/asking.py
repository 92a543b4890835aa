"""Asks for what a scene tells: for a fact, two at once, what a product's assistant knows, or nothing of it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from reweaving.embedded.dialogues import blocks, chatter, phrasing, product
from reweaving.embedded.dialogues.facts import Fact, alias, answer, ask, ask_both
from reweaving.embedded.dialogues.general import ordinary_request
from reweaving.embedded.dialogues.scene import Question, Turn
from reweaving.embedded.dialogues.split import choose
from reweaving.embedded.dialogues.values import TYPES
from reweaving.embedded.dialogues.wording import shares_no_word

if TYPE_CHECKING:
    from reweaving.embedded.dialogues.writer import SceneWriter


def _others(writer: SceneWriter, values: tuple[str, ...], first: int, last: int) -> tuple[str, ...]:
    """Return the values in a run of blocks that are none of `values`."""
    found = {value for told in writer.told[first:last] for value in told.values()}
    return tuple(sorted(found - set(values)))


def _question(
    writer: SceneWriter,
    skill: str,
    first: int,
    last: int,
    text: str,
    reply: str | None,
    values: tuple[str, ...] = (),
) -> Question:
    """Write a request over a run of blocks, with a conversation of its own around it."""
    system = chatter.system_prompt(writer.rng, writer.side, default=0.35, none=0.5)
    earlier: tuple[Turn, ...] = ()
    if writer.rng.random() < 0.05:
        earlier = blocks.earlier_turns(writer.rng, writer.side, quiet=0.0)
    others = _others(writer, values, first, last) if values else ()
    asked = _scribble(writer.rng, text)
    holding = tuple(_holding(writer, value, first, last) for value in values)
    return Question(skill, first, last, system, earlier, asked, reply, values, others, holding)


def _holding(writer: SceneWriter, value: str, first: int, last: int) -> int:
    """Return the latest of a run of blocks that states `value`."""
    return max(i for i in range(first, last) if value in writer.told[i].values())


def fact_question(
    writer: SceneWriter, fact: Fact, first: int, last: int, skill: str = ""
) -> Question:
    """Ask for a fact; the answer follows from what the run of blocks holds."""
    subject = alias(writer.rng, fact.subject)
    american = writer.rng.random() < 0.5
    text, noun = ask(writer.rng, fact.attribute, subject, writer.side, american)
    value = writer.known(fact.slot, first, last)
    if value is None:
        return _question(writer, skill or "abstain", first, last, text, phrasing.UNKNOWN)
    reply = answer(Fact(fact.subject, fact.attribute, value), subject, noun, american)
    skill = skill or _skill(writer, fact, first, last)
    return _question(writer, skill, first, last, text, reply, (value,))


def joint_question(writer: SceneWriter, one: Fact, two: Fact, first: int, last: int) -> Question:
    """Ask for two facts at once; both must be known."""
    american = writer.rng.random() < 0.5
    same = one.attribute == two.attribute and one.attribute.relation is None
    if same and writer.rng.random() < 0.6:
        subjects = (one.subject, two.subject)
        text = ask_both(writer.rng, one.attribute, *subjects, writer.side, american)
        nouns = [one.attribute.key] * 2
    else:
        asked = [
            ask(writer.rng, f.attribute, f.subject, writer.side, american, wrapped=False)
            for f in (one, two)
        ]
        template = choose(writer.rng, "join", writer.side, phrasing.JOINS)
        text = template.replace("{a}", asked[0].text).replace("{b}", asked[1].text)
        nouns = [question.noun for question in asked]
    values = tuple(str(writer.known(fact.slot, first, last)) for fact in (one, two))
    told = [Fact(f.subject, f.attribute, v) for f, v in zip((one, two), values, strict=True)]
    reply = " ".join(
        answer(fact, fact.subject, noun, american) for fact, noun in zip(told, nouns, strict=True)
    )
    return _question(writer, "joint", first, last, text, reply, values)


def product_question(writer: SceneWriter, key: str, first: int, last: int) -> Question:
    """Ask one of the product assistants for what it was told."""
    fact = product.product_fact(key)
    text = product.product_asks(writer.rng, fact, writer.side)
    value = writer.known(("product", key), first, last)
    if value is None:
        return _question(writer, "abstain", first, last, text, phrasing.UNKNOWN)
    reply = fact.answer.replace("{v}", value)
    return _question(writer, "product", first, last, text, reply, (value,))


def transfer_question(writer: SceneWriter, first: int, last: int) -> Question:
    """Ask the banking helper to act on two memories."""
    text = choose(writer.rng, "product", writer.side, product.TRANSFER_REQUESTS)
    amount = writer.known(("product", "transfer"), first, last)
    account = writer.known(("product", "account"), first, last)
    if amount is None or account is None:
        return _question(writer, "abstain", first, last, text, phrasing.UNKNOWN)
    reply = product.TRANSFER_ANSWER.replace("{amount}", amount).replace("{account}", account)
    return _question(writer, "product", first, last, text, reply, (amount, account))


def ordinary_question(writer: SceneWriter, first: int, last: int) -> Question:
    """Ask what needs no memory; the plain model's own answer is the target."""
    text = ordinary_request(writer.rng, writer.side)
    return _question(writer, "general", first, last, text, None)


def _skill(writer: SceneWriter, fact: Fact, first: int, last: int) -> str:
    holding = [i for i in range(first, last) if fact.slot in writer.told[i]]
    if holding[-1] in writer.asides:
        return "context"
    if len(holding) > 1:
        return "updated"
    if last - first >= 6:
        return "near_miss"
    kind = TYPES[fact.attribute.kind]
    return "numeric" if kind.numeric else "rare_word" if kind.rare else "plain"


def in_other_words(writer: SceneWriter, question: Question) -> bool:
    """Whether a question about what `writer` wrote shares no word with what answers it, names aside."""
    names = (subject.name for subject in writer.cast)
    return shares_no_word(question, writer.blocks, names)


def _scribble(rng: random.Random, text: str) -> str:
    """Return a request as people type it: now and then in lower case or without its last mark."""
    roll = rng.random()
    if roll < 0.06:
        return text.lower()
    if roll < 0.14:
        return text.rstrip("?.!")
    if roll < 0.16:
        return text.upper() if len(text) < 40 else text
    return text
