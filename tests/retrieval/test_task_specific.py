"""Each kind of task searches by its own strategy."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from reweaving.errors import InputError
from reweaving.retrieval.task_specific import TASKS, TaskSpecific
from tests.retrieval.world import STORIES, catalogue_of, context_of

QUESTION = "Which code opens the locker of Clara?"


def test_the_documented_tasks_are_there_each_with_a_reason() -> None:
    assert set(TASKS) == {
        "conversation", "long_context", "question_answering", "summarization", "code_generation",
    }  # fmt: skip
    assert len({task.reason for task in TASKS.values()}) == 5
    strategies = [task.strategy for task in TASKS.values()]
    assert all(a != b for i, a in enumerate(strategies) for b in strategies[:i])


@pytest.mark.parametrize("name", [*TASKS, None])
def test_scores_and_order_are_those_of_the_tasks_strategy(name: str | None) -> None:
    context = replace(context_of(QUESTION), task_type=name)
    catalogue = catalogue_of(list(STORIES), one_session=True)
    own = TASKS[name or "question_answering"].strategy
    found, expected = TaskSpecific().score(context, catalogue), own.score(context, catalogue)
    torch.testing.assert_close(found.rank, expected.rank)
    passed = torch.tensor([4, 5, 0])
    _, order = TaskSpecific().arrange(context, catalogue, found, passed)
    assert order.tolist() == own.arrange(context, catalogue, expected, passed)[1].tolist()


def test_a_summary_does_not_tell_the_same_twice() -> None:
    texts = ["Clara drives a teal car.", "Clara drives a teal car.", "Clara sails a red boat."]
    context = replace(context_of("Clara drives a teal car."), task_type="summarization")
    catalogue = catalogue_of([*texts, *STORIES[6:]])
    scores = TaskSpecific().score(context, catalogue)
    _, order = TaskSpecific().arrange(context, catalogue, scores, torch.tensor([0, 1, 2]))
    assert order.tolist() == [0, 2, 1]


def test_a_task_that_is_not_known_is_refused() -> None:
    context = replace(context_of(QUESTION), task_type="conversations")
    with pytest.raises(InputError, match="did you mean 'conversation'"):
        TaskSpecific().score(context, catalogue_of(list(STORIES)))
