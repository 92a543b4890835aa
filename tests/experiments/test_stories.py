"""The stories bench on a tiny model: all of memory's benefit is kept, and finding is counted."""

from __future__ import annotations

import pytest

from families import make, tokenizer
from reweaving.experiments import stories
from reweaving.experiments.stories import Parted

TOLD = ("my cat is called Tom", "the dog lives in Rome", "blue is the dog of my cat")


def test_the_right_states_keep_all_of_the_benefit() -> None:
    model, words = make("llama", "sdpa"), tokenizer(templated=False)
    parted = [Parted(text, text) for text in TOLD]
    rows = stories._measure("tiny", model, words, parted)
    for row in rows:
        assert row["woven"] == pytest.approx(row["as_text"], abs=1e-4)
        assert row["woven"] != pytest.approx(row["nothing"], abs=1e-4)
        assert row["found"], "all six spans of three stories are found"
    summary = stories._summary(rows)
    assert summary["benefit_share"] == pytest.approx(1.0, abs=1e-2)
    assert summary["recall_at_6"] == 1.0
    assert summary["stories"] == 3


def test_shares_are_of_the_means() -> None:
    rows = [
        {"nothing": 3.0, "as_text": 1.0, "woven": 2.0, "found": True, "found_first": False},
        {"nothing": 2.0, "as_text": 2.0, "woven": 2.0, "found": False, "found_first": False},
    ]
    summary = stories._summary(rows)
    assert summary["benefit_share"] == 0.5
    assert summary["recall_at_6"] == 0.5
