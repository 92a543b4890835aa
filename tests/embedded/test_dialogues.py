"""Training never sees what evaluation asks."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from reweaving.embedded.dialogues import chatter, general, phrasing, product, words
from reweaving.embedded.dialogues.asking import fact_question
from reweaving.embedded.dialogues.attributes import NOUNS
from reweaving.embedded.dialogues.facts import PAST, attributes_of, draw_value
from reweaving.embedded.dialogues.held_out import HELD_OUT
from reweaving.embedded.dialogues.relations import RELATIONS
from reweaving.embedded.dialogues.scene import Block, Question, Scene, Turn
from reweaving.embedded.dialogues.scenes import _add_block, training_scene
from reweaving.embedded.dialogues.split import Side, share, side_of
from reweaving.embedded.dialogues.subjects import Subject, common, me, render, thing
from reweaving.embedded.dialogues.synonyms_daily import DAILY_GROUPS
from reweaving.embedded.dialogues.values import TYPES
from reweaving.embedded.dialogues.wording import shares_no_word
from reweaving.embedded.dialogues.writer import SceneWriter

TABLES = {
    "say": phrasing.SAYS_NOUN,
    "update": phrasing.SAYS_UPDATED,
    "update start": phrasing.UPDATED_STARTS,
    "ask": phrasing.ASKS_NOUN
    + phrasing.ASKS_CALLED
    + tuple(text for texts in phrasing.ASKS_OF_KIND.values() for text in texts),
    "wrap": phrasing.WRAPS_QUESTION,
    "clause": phrasing.WRAPS_CLAUSE,
    "open": phrasing.OPENS_TOPIC,
    "lead": phrasing.LEADS,
    "both": phrasing.ASKS_BOTH + phrasing.ASKS_BOTH_IN_FULL,
    "join": phrasing.JOINS,
    "system": chatter.SYSTEMS,
    "acknowledge": chatter.ACKNOWLEDGES,
    "general": general._PROMPTS,
    "person": words.FIRST_NAMES + words.RELATIVES,
    "product": tuple(text for fact in product.PRODUCT_FACTS for text in fact.says + fact.asks),
}


def values(scenes: list[Scene]) -> set[str]:
    return {value.lower() for scene in scenes for q in scene.questions for value in q.values}


@pytest.fixture(scope="module")
def trained() -> list[Scene]:
    return [training_scene(random.Random(seed)) for seed in range(400)]


@pytest.fixture(scope="module")
def held_out() -> list[Scene]:
    return [draw(random.Random(seed)) for draw in HELD_OUT.values() for seed in range(40)]


@pytest.mark.parametrize("kind", TABLES)
def test_both_sides_have_words_of_every_kind_and_share_none(kind: str) -> None:
    train, test = (set(share(kind, side, TABLES[kind])) for side in Side)
    assert train
    assert test
    assert not train & test


def test_values_asked_for_are_of_one_side_only(trained: list[Scene], held_out: list[Scene]) -> None:
    assert len(values(held_out)) > 200
    assert len(values(trained)) > 1000
    assert not values(trained) & values(held_out)
    assert {side_of("value", value) for value in values(held_out)} == {Side.TEST}
    assert {side_of("value", value) for value in values(trained)} == {Side.TRAIN}


def test_a_drawn_value_is_never_of_the_other_side() -> None:
    rng = random.Random(5)
    for side in Side:
        for subject in (me(), thing(rng, side), common()):
            for attribute in attributes_of(subject, side):
                assert side_of("attribute", attribute.key) is side
                assert side_of("value", draw_value(rng, attribute, side)) is side


def test_there_are_hundreds_of_attributes_and_people() -> None:
    owners = (me(), common(), thing(random.Random(0), Side.TRAIN))
    assert sum(len(attributes_of(owner, Side.TRAIN)) for owner in owners) > 500
    assert len(share("person", Side.TRAIN, words.FIRST_NAMES + words.RELATIVES)) > 250


def test_the_same_seed_gives_the_same_scene() -> None:
    assert training_scene(random.Random("a")) == training_scene(random.Random("a"))
    assert training_scene(random.Random("a")) != training_scene(random.Random("b"))


def test_answers_follow_from_what_is_woven(trained: list[Scene]) -> None:
    checked = 0
    for scene in trained:
        for question in scene.questions:
            seen = scene.blocks[question.first : question.last]
            text = " ".join(turn.text for block in seen for turn in block.woven).lower()
            for value in question.values:
                assert value.lower() in text
                assert value.lower() in (question.answer or "").lower()
                checked += 1
            if not question.values and question.answer is not None:
                assert question.answer == phrasing.UNKNOWN
    assert checked > 1000


def test_the_latest_statement_wins() -> None:
    writer = SceneWriter(random.Random(3), Side.TRAIN)
    writer.draw_cast(1)
    old = writer.new_fact()
    writer.add_facts([old])
    new = writer.add_update(old)
    assert fact_question(writer, old, 0, 1).values == (old.value,)
    assert fact_question(writer, old, 0, 2).values == (new.value,)
    assert fact_question(writer, old, 0, 0).answer == phrasing.UNKNOWN


def test_what_is_past_is_not_corrected() -> None:
    for seed in range(60):
        writer = SceneWriter(random.Random(seed), Side.TRAIN)
        writer.draw_cast(3)
        for _ in range(12):
            _add_block(writer.rng, writer)
        slots = Counter(slot for told in writer.told for slot in told)
        assert not [key for (_, key), times in slots.items() if times > 1 and key in PAST]


def test_nobody_says_that_what_was_told_is_not_known() -> None:
    def unknown(told: int) -> int:
        writer = SceneWriter(random.Random(5), Side.TRAIN, frozenset({"language"}))
        writer.draw_cast(1)
        for _ in range(told):  # of all languages it can be said that one is another
            writer.add_facts([writer.new_fact(near=0.0)])
        for _ in range(40):
            writer.add_unanswered()
        return sum(turn.text == phrasing.UNKNOWN for b in writer.blocks for turn in b.woven)

    assert unknown(0) == 40
    assert unknown(3) == 0


def test_near_misses_are_seven_and_the_right_one_is_single() -> None:
    for seed in range(30):
        scene = HELD_OUT["near_miss"](random.Random(seed))
        question = scene.questions[0]
        assert len(scene.blocks) == 8
        assert (question.first, question.last) == (0, 8)
        assert question.values[0] not in question.others
        assert len(question.others) >= 7


@pytest.mark.parametrize(
    ("asked", "told", "apart"),
    [
        ("Who looks after Ida's back?", "Dylan massages Ida. I bought some tulips.", True),
        ("Who massages Ida?", "Dylan massages Ida.", False),
        ("Do you remember Ida's major?", "Remember that Ida's major is biology.", False),
        ("Do you remember who helps Ida?", "Remember this. Dylan carried Ida's boxes.", True),
        ("What is the lamp worth?", "My lamp costs $5.", True),
    ],
)
def test_words_in_common_are_neither_names_nor_idle_words(
    asked: str, told: str, apart: bool
) -> None:
    blocks = [Block(None, (), (Turn("user", told),))]
    question = Question("plain", 0, 1, None, (), asked, "", ("x",), holding=(0,))
    assert shares_no_word(question, blocks, ["Ida", "my lamp"]) is apart


def test_a_question_in_other_words_is_a_skill_of_its_own() -> None:
    def share_apart(skill: str) -> float:
        scenes = [HELD_OUT[skill](random.Random(seed)) for seed in range(30)]
        # A name that counts as a word can only make question and statement more alike.
        return sum(shares_no_word(s.questions[0], s.blocks, ()) for s in scenes) / len(scenes)

    assert share_apart("plain") == 0.0
    assert share_apart("in_other_words") > 0.5


def test_nearly_every_answer_ends_in_its_value() -> None:
    answers = [relation.answer for relation in RELATIONS]
    assert not [answer for answer in answers if answer.startswith("{v}")]
    assert sum(answer.endswith("{v}.") for answer in answers) > 0.6 * len(answers)


def test_an_aside_does_not_name_its_subject_in_what_is_woven() -> None:
    for seed in range(30):
        writer = SceneWriter(random.Random(seed), Side.TEST)
        writer.draw_cast(3)
        fact = next(f for f in iter(writer.new_fact, None) if f.subject.kind in ("person", "thing"))
        block = writer.blocks[writer.add_aside(fact)]
        assert any(fact.subject.name in turn.text for turn in block.earlier)
        assert not any(fact.subject.name in turn.text for turn in block.woven)


def test_every_relation_can_be_told_asked_and_answered() -> None:
    nouns = {noun for owned in NOUNS.values() for noun, _ in owned}
    keys = [relation.key for relation in RELATIONS if relation.key not in nouns]
    assert len(keys) == len(set(keys))
    for relation in RELATIONS:
        assert relation.kind in TYPES
        assert relation.says
        assert relation.asks
        for told in (*relation.says, relation.answer):
            assert told.count("{v}") == 1, told
        for asked in (*relation.asks, relation.about):
            assert "{v}" not in asked, asked
            if relation.owners == "common":
                assert not {"{S}", "{P}", "{O}"} & set(re.findall(r"\{\w\}", asked)), asked


def test_groups_of_like_attributes_name_attributes_that_there_are() -> None:
    known = {noun for owned in NOUNS.values() for noun, _ in owned}
    known |= {relation.key for relation in RELATIONS}
    named = {key for group in DAILY_GROUPS for key in group.split(", ")}
    assert named <= known, named - known


@pytest.mark.parametrize(("pronoun", "object_form"), [("she", "her"), ("he", "him")])
def test_pronouns_take_the_form_that_their_place_wants(pronoun: str, object_form: str) -> None:
    ann = Subject("person", "Ann", pronoun)
    assert render("{S} {was} late, ask {O}", ann, "user", pronoun=True) == (
        f"{pronoun.title()} was late, ask {object_form}"
    )
    assert render("{S} {was} late, ask {O}", me(), "user") == "I was late, ask me"
    assert render("{S} {was} late, ask {O}", me(), "assistant") == "You were late, ask you"
