"""How right an answer is, in [0, 1], by task."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Sequence


def score(task: str, answer: str, answers: Sequence[str]) -> float:
    """The best score against any of the right answers.

    ``summarization``: ROUGE-L. ``code_generation``: 1 when the wanted call stands in code that parses. All
    others: 1 when a right answer stands in the answer as whole words.
    """
    if task == "summarization":
        return max(rouge_l(answer, one) for one in answers)
    if task == "code_generation":
        return max(calls(answer, one) for one in answers)
    return max(contains(answer, one) for one in answers)


def words(text: str) -> list[str]:
    """Letters and digits in lower case."""
    return re.findall(r"\w+", text.lower())


def contains(answer: str, wanted: str) -> float:
    """1.0 when the wanted words stand in the answer, side by side."""
    said, run = words(answer), words(wanted)
    return float(any(said[at : at + len(run)] == run for at in range(len(said) - len(run) + 1)))


def token_f1(answer: str, wanted: str) -> float:
    """Harmonic mean of precision and recall of words (SQuAD, Rajpurkar et al. 2016)."""
    said, right = Counter(words(answer)), Counter(words(wanted))
    shared = sum((said & right).values())
    return 2 * shared / (sum(said.values()) + sum(right.values())) if shared else 0.0


def rouge_l(answer: str, wanted: str) -> float:
    """F-measure of the longest common subsequence of words (ROUGE-L, Lin 2004, equations 2–4, beta 1)."""
    said, right = words(answer), words(wanted)
    if not said or not right:
        return 0.0
    before = [0] * (len(right) + 1)
    for word in said:
        row = [0]
        for at, other in enumerate(right):
            row.append(before[at] + 1 if word == other else max(row[at], before[at + 1]))
        before = row
    return 2 * before[-1] / (len(said) + len(right))


def calls(answer: str, wanted: str) -> float:
    """1.0 when some line or fenced block of the answer is Python that holds the wanted expression.

    Code is parsed, never run.
    """
    expected = ast.dump(ast.parse(wanted, mode="eval").body)
    fenced = re.findall(r"```(?:\w+\n)?(.*?)```", answer, re.DOTALL)
    for code in (*fenced, *answer.replace("`", "\n").splitlines(), answer):
        try:
            tree = ast.parse(code.strip())
        except (SyntaxError, ValueError):
            continue
        if any(
            isinstance(node, ast.expr) and ast.dump(node) == expected for node in ast.walk(tree)
        ):
            return 1.0
    return 0.0
