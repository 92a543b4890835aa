"""What an answer is for decides how memory is searched: five kinds of task."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

from reweaving.errors import InputError
from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.fusion import Fused
from reweaving.retrieval.hierarchical import Hierarchical
from reweaving.retrieval.lexical import Lexical
from reweaving.retrieval.multi_criteria import MultiCriteria
from reweaving.retrieval.recency import Recency
from reweaving.retrieval.semantic_similarity import SemanticSimilarity


@dataclass(frozen=True)
class Task:
    """How memory is searched for one kind of task, and why so."""

    strategy: RetrievalStrategy
    reason: str


TASKS: Mapping[str, Task] = {
    "conversation": Task(
        Fused(((SemanticSimilarity(), 1.0), (Lexical(), 0.2), (Recency(), 0.1))),
        "People come back to what they spoke of last, and correct themselves: of two spans that fit "
        "alike the newer one should win, but a tenth of a deviation never outvotes the meaning.",
    ),
    "long_context": Task(
        Hierarchical(group_share=0.5, hits=8, neighbour_share=0.7),
        "One long document: the passage counts before the sentence, and a span cut out of its middle "
        "is only understood with the spans beside it.",
    ),
    "question_answering": Task(
        Fused(),
        "One fact is wanted, however old it is: meaning first, words for names and numbers, and "
        "nothing that favours a span for anything but the question.",
    ),
    "summarization": Task(
        MultiCriteria({"relevance": 0.3, "similarity": 0.3, "recency": 0.0, "diversity": 0.4}),
        "A summary has to cover what matters: worth counts as much as likeness to the request, and "
        "the same thing twice is room lost.",
    ),
    "code_generation": Task(
        Fused(((SemanticSimilarity(), 1.0), (Lexical(context_share=0.0), 1.0))),
        "Names must be exact: a function or a setting is found by its own letters, which states blur, "
        "so words weigh as much as meaning, and a span has to hold them itself.",
    ),
}


@dataclass(frozen=True)
class TaskSpecific(RetrievalStrategy):
    """Searches as the request's ``task_type`` asks for.

    Parameters
    ----------
    default
        For requests without a task type.
    tasks
        Kinds of tasks by name.
    """

    default: str = "question_answering"
    tasks: Mapping[str, Task] = field(default_factory=lambda: dict(TASKS))

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """Score as the task's own strategy does.

        Raises
        ------
        InputError
            For a task type that is not known.
        """
        return self._of(context).score(context, catalogue)

    def arrange(
        self,
        context: RetrievalContext,
        catalogue: Catalogue,
        scores: Scores,
        passed: torch.Tensor,
    ) -> tuple[Scores, torch.Tensor]:
        """Arrange as the task's own strategy does."""
        return self._of(context).arrange(context, catalogue, scores, passed)

    def _of(self, context: RetrievalContext) -> RetrievalStrategy:
        name = context.task_type or self.default
        if name not in self.tasks:
            near = difflib.get_close_matches(name, self.tasks, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(self.tasks)}"
            raise InputError(f"there is no task type called {name!r}: {hint}")
        return self.tasks[name].strategy
