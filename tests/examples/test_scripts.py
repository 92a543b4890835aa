"""The example scripts do what they say; the notebook is theirs, and runs."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

import reweaving
from reweaving.retrieval.base import STRATEGIES
from reweaving.retrieval.catalogue import Catalogue, SpanNote
from reweaving.scoring.base import SCORERS, ScoringContext

EXAMPLES = Path(__file__).parents[2] / "examples"
STORIES = ("support_assistant", "writing_copilot", "banking_helper")
OWN = ("own_scorer", "own_strategy", "own_store")


@pytest.fixture(scope="module")
def embedded() -> tuple[Any, Any]:
    return reweaving.load_embedded()


@pytest.fixture(autouse=True)
def own_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a script adds to a table is gone after the test."""
    for table in (SCORERS, STRATEGIES):
        monkeypatch.setattr(table, "_targets", dict(table._targets))


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and name in names():
            del sys.modules[name]


def names() -> set[str]:
    return {path.stem for path in EXAMPLES.glob("*.py")}


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_a_story(name: str, script: Callable[[str], ModuleType], embedded: tuple[Any, Any]) -> None:
    story = script(name)
    for answer, expected in zip(story.main(embedded), story.ASKED.values(), strict=True):
        assert expected.casefold() in answer.casefold()


def test_basic_integration(script: Callable[[str], ModuleType]) -> None:
    done = script("basic_integration").main()
    assert done["entries"] > 0
    assert done["moved"] > 0


def test_mistral_integration(script: Callable[[str], ModuleType]) -> None:
    done = script("mistral_integration").main()
    assert done["memory_layers"] == [2, 4, 6]
    assert done["quantized_share"] > 0.5
    assert done["held"] > 0


@pytest.mark.parametrize("name", OWN)
def test_a_part_of_ones_own_is_short(name: str) -> None:
    assert len((EXAMPLES / f"{name}.py").read_text("utf-8").splitlines()) < 30


def test_own_scorer(script: Callable[[str], ModuleType]) -> None:
    scores = script("own_scorer").main()
    assert scores.shape == (1, 9)
    assert scores[0, 0] == 0.5


def test_own_scorer_works_where_the_states_lie(script: Callable[[str], ModuleType]) -> None:
    states = torch.randn(1, 9, 16, device="meta")  # any device but the CPU
    context = ScoringContext(states, torch.ones(1, 9, device="meta"))
    assert script("own_scorer").LoudnessScorer().score(context).device.type == "meta"


def test_newest_is_an_order_of_time(script: Callable[[str], ModuleType]) -> None:
    times = (5.0, 9.0, 2.0)  # read afresh, spans stand in the order of sessions and positions
    spans = [SpanNote(str(at), "s", at, 1, "x", timestamp=time) for at, time in enumerate(times)]
    scores = script("own_strategy").Latest().score(None, Catalogue(0, spans, None))
    assert scores.rank.argsort(descending=True).tolist() == [1, 0, 2]


def test_own_strategy(script: Callable[[str], ModuleType], embedded: tuple[Any, Any]) -> None:
    assert script("own_strategy").main(embedded)[0] == "The sky is blue today."


def test_own_store(script: Callable[[str], ModuleType], tmp_path: Path) -> None:
    assert script("own_store").main(str(tmp_path / "kept")) == 2


def test_the_notebook_is_the_scripts(script: Callable[[str], ModuleType]) -> None:
    made = script("make_notebook").notebook()
    assert (EXAMPLES / "tour.ipynb").read_text("utf-8") == made, "run examples/make_notebook.py"


@pytest.mark.slow
def test_the_notebook_runs(embedded: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reweaving, "load_embedded", lambda: embedded, raising=False)
    notebook = json.loads((EXAMPLES / "tour.ipynb").read_text("utf-8"))
    own = ModuleType("a_notebook")
    monkeypatch.setitem(sys.modules, "a_notebook", own)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), vars(own))
