"""The model as judge of its memories: which candidates are woven, and whether any is.

For each candidate of the first stage the model reads the request with that span alone woven, all in
one batch. A span is good when the model would not say "I don't know", and when the request becomes
likelier. How much each counts is the calibration's; an uncalibrated model is not asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from pydantic import Field

from reweaving.config import Settings
from reweaving.retrieval.calibration import JudgeCalibration
from reweaving.retrieval.fusion import z_scores
from reweaving.retrieval.judge_witness import Hearing, Request, Witness
from reweaving.types import Findings, Recollection, Verdict

_MOST_LOGIT = 12.0  # beyond it, certainty is rounding


class JudgeConfig(Settings):
    """What judging may cost.

    Parameters
    ----------
    enabled
        Whether a calibrated model judges.
    candidates
        Most candidates of the first stage that are judged.
    at_once
        Candidates per batch: between two batches the time is looked at.
    seconds
        Time after which no further batch is read; what was not judged is not woven.
    longest_request
        Most tokens of the request that are read, its last ones.
    """

    enabled: bool = True
    candidates: int = Field(default=16, gt=0)
    at_once: int = Field(default=16, gt=0)
    seconds: float = Field(default=10.0, gt=0.0)
    longest_request: int = Field(default=96, gt=0)


class Judge:
    """Decides for one calibrated model.

    Parameters
    ----------
    witness
        Reads requests with candidates woven.
    calibration
        What the model's signals are worth.
    config
        What judging may cost.
    """

    def __init__(
        self, witness: Witness, calibration: JudgeCalibration, config: JudgeConfig
    ) -> None:
        self.config = config
        self._witness, self._calibration = witness, calibration

    def decide(
        self, request: Request, candidates: Sequence[Recollection], most: int, budget_tokens: int
    ) -> Findings:
        """The candidates worth weaving, best first, with the verdict.

        Parameters
        ----------
        candidates
            What the first stage found, best first, with its scores.
        most, budget_tokens
            Most spans, and most tokens of all of them together.
        """
        if not candidates:
            return Findings()
        first = torch.tensor([hit.score for hit in candidates])
        if is_clear(first, self._calibration.margin):
            verdict = Verdict("clear", {}, len(candidates))
            return Findings(_fitting(candidates[:1], most, budget_tokens), verdict)
        heard = self._hear(request, candidates)
        judged = candidates[: len(heard.unknown)]
        scores = rank(first[: len(judged)], heard, self._calibration)
        order = choose(scores, heard, self._calibration)
        verdict = Verdict(
            "judged" if order else "unknown",
            {
                hit.entry.id: round(float(unknown.exp()), 6)
                for hit, unknown in zip(judged, heard.unknown, strict=True)
            },
            len(candidates),
            heard.seconds,
            heard.tokens,
        )
        parts = _parts(first[: len(judged)], heard, self._calibration)
        chosen = [
            Recollection(
                judged[at].entry,
                float(scores[at]),
                None
                if judged[at].explanation is None
                else {name: float(part[at]) for name, part in parts.items()},
            )
            for at in order
        ]
        return Findings(_fitting(chosen, most, budget_tokens), verdict)

    def needs_memory(self, request: Request) -> bool:
        """Whether the model, with nothing woven, would say that it does not know."""
        return math.exp(self._witness.hear(request, []).unknown_alone) >= self._calibration.needs

    def _hear(self, request: Request, candidates: Sequence[Recollection]) -> Hearing:
        heard: Hearing | None = None
        for at in range(0, len(candidates), self.config.at_once):
            part = candidates[at : at + self.config.at_once]
            more = self._witness.hear(request, [[hit.entry] for hit in part])
            heard = more if heard is None else heard.and_then(more)
            if heard.seconds >= self.config.seconds:
                break
        if heard is None:
            raise LookupError("there is nobody to hear")
        return heard


def is_clear(first: torch.Tensor, margin: float | None) -> bool:
    """Whether the first candidate leads by so much that nothing is left to judge; `first` falls."""
    if margin is None or len(first) < 2:
        return False
    standing = z_scores(first)
    return float(standing[0] - standing[1]) >= margin


def rank(first: torch.Tensor, heard: Hearing, weights: JudgeCalibration) -> torch.Tensor:
    """How good each candidate is, higher is better, shape ``(candidates,)``."""
    return torch.stack(list(_parts(first, heard, weights).values())).sum(dim=0)


def _parts(
    first: torch.Tensor, heard: Hearing, weights: JudgeCalibration
) -> dict[str, torch.Tensor]:
    """What each signal adds to the rank of each candidate, each ``(candidates,)``."""
    return {
        "first_stage": weights.first * z_scores(first),
        "answerable": weights.unknown * z_scores(-log_odds(heard.unknown)),
        "likelier_question": weights.question * z_scores(heard.gains.mean(dim=1)),
    }


def log_odds(log_p: torch.Tensor) -> torch.Tensor:
    """``log(p / (1 - p))`` of log-probabilities, within bounds."""
    bounded = log_p.double().clamp(-_MOST_LOGIT, -1e-6)
    odds = bounded - torch.log1p(-bounded.exp())
    return odds.clamp(-_MOST_LOGIT, _MOST_LOGIT).float()


def choose(scores: torch.Tensor, heard: Hearing, weights: JudgeCalibration) -> list[int]:
    """Indices of the candidates to weave, best first; none when none would be answered from.

    A question that needs two memories is answered in part from each of them alone, and a fact stands
    beside the one that it has replaced: whatever is nearly as good as the best is woven with it.
    """
    answered = heard.unknown.exp() <= weights.most_unknown
    order = [at for at in scores.argsort(descending=True, stable=True).tolist() if answered[at]]
    return [at for at in order if float(scores[at]) >= float(scores[order[0]]) - weights.slack]


def joined(found: Sequence[Findings]) -> Findings:
    """What was decided for the parts of one request, each entry once, the parts' best ones first."""
    if len(found) == 1:
        return found[0]
    hits: dict[str, Recollection] = {}
    for place in range(max(map(len, found), default=0)):
        for part in found:
            for hit in part[place : place + 1]:
                hits.setdefault(hit.entry.id, hit)
    verdicts = [part.judged for part in found if part.judged is not None]
    unknown: dict[str, float] = {}
    for verdict in verdicts:
        for key, probability in verdict.unknown.items():
            unknown[key] = min(probability, unknown.get(key, 1.0))
    reasons = [verdict.reason for verdict in verdicts]
    return Findings(
        hits.values(),
        Verdict(
            next((reason for reason in ("judged", "clear") if reason in reasons), "unknown"),
            unknown,
            sum(verdict.candidates for verdict in verdicts),
            sum(verdict.seconds for verdict in verdicts),
            sum(verdict.tokens for verdict in verdicts),
        ),
    )


def _fitting(hits: Sequence[Recollection], most: int, budget_tokens: int) -> list[Recollection]:
    """The first of the hits that fit both budgets together."""
    chosen: list[Recollection] = []
    for hit in hits:
        if len(chosen) < most and hit.tokens <= budget_tokens:
            chosen.append(hit)
            budget_tokens -= hit.tokens
    return chosen
