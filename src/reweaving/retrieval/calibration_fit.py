"""From probes that a model has judged to what the judge goes by, or to none where it is no judge."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from reweaving.retrieval.calibration import JudgeCalibration
from reweaving.retrieval.fusion import z_scores
from reweaving.retrieval.judge import choose, log_odds, rank
from reweaving.retrieval.judge_witness import Hearing

_WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
_SLACKS = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
_MOST = 4  # spans woven at once
_COST_OF_A_NEAR_MISS = (
    0.02  # of an answer; woven near-misses mislead (docs/decisions/0002-recall.md)
)
_LEAST_GAIN = 0.02
_LEAST_GATE = 0.6  # a gate that knows nothing has one half
_SURE = 0.99
_FEWEST_SURE = 12


@dataclass(frozen=True, eq=False)
class Judged:
    """A probe, its candidates and what the model said of them.

    Attributes
    ----------
    first
        Scores of the first stage, falling, ``(candidates,)``.
    needed
        For each value that the answer needs, the candidates that tell it; empty for a probe that nothing
        answers.
    ordinary
        Whether it asks for nothing that anybody told.
    """

    first: torch.Tensor
    heard: Hearing
    needed: tuple[frozenset[int], ...]
    ordinary: bool = False

    @property
    def right(self) -> frozenset[int]:
        """Candidates that tell any needed value."""
        return frozenset().union(*self.needed)


def fit_judge(probes: Sequence[Judged]) -> tuple[JudgeCalibration | None, dict[str, float]]:
    """Choose weights, gate, slack and margin on half of the probes; keep them if the other half agrees.

    Returns
    -------
    calibration
        None where judging finds the right span first no more often than the first stage does, or does
        not tell what is unknown.
    figures
        Shares on the half that nothing was chosen on.
    """
    asked = [probe for probe in probes if not probe.ordinary]
    chosen_on, checked_on = asked[::2], asked[1::2]
    fitted = _fitted(chosen_on)
    before = _first_right(checked_on, lambda probe: probe.first)
    after = _first_right(checked_on, lambda probe: rank(probe.first, probe.heard, fitted))
    told = _balanced(checked_on, fitted)
    figures = {
        "right_first_without_judge": before,
        "right_first_with_judge": after,
        "gate_balanced_accuracy": told,
        "complete_with_judge": _complete(checked_on, fitted),
        "probes_checked": float(len(checked_on)),
    }
    figures = {name: round(value, 4) for name, value in figures.items()}
    # Candidates that are judged pass no other gate, so a judge that cannot say no is none.
    if after < before + _LEAST_GAIN or told < _LEAST_GATE:
        return None, figures
    # The constants themselves may rest on all probes: the form has been shown to hold.
    return _fitted(asked).replace(needs=_needs(probes)), figures


def _fitted(probes: Sequence[Judged]) -> JudgeCalibration:
    grid = [
        JudgeCalibration(first=1.0, unknown=unknown, question=question, most_unknown=1.0)
        for unknown, question in itertools.product(_WEIGHTS, _WEIGHTS)
    ]

    def quality(weights: JudgeCalibration) -> tuple[float, float]:
        ranks = [(probe, rank(probe.first, probe.heard, weights)) for probe in probes]
        lead = [_lead(probe, scores) for probe, scores in ranks if probe.right]
        return _first_right(probes, lambda probe: rank(probe.first, probe.heard, weights)), sum(
            lead
        ) / max(len(lead), 1)

    best = max(grid, key=quality)
    gated = best.replace(most_unknown=_gate(probes, best))
    slack = max(_SLACKS, key=lambda slack: _worth(probes, gated.replace(slack=slack)))
    return gated.replace(slack=slack, margin=_margin(probes))


def _lead(probe: Judged, scores: torch.Tensor) -> float:
    """How far the best right candidate is ahead of the best wrong one."""
    wrong = [at for at in range(len(scores)) if at not in probe.right]
    ahead = max(float(scores[at]) for at in probe.right)
    return ahead - max((float(scores[at]) for at in wrong), default=ahead)


def _first_right(probes: Sequence[Judged], score: Callable[[Judged], torch.Tensor]) -> float:
    """Share of the answerable probes whose best candidate is a right one."""
    asked = [probe for probe in probes if probe.needed]
    right = [bool(probe.right) and int(score(probe).argmax()) in probe.right for probe in asked]
    return sum(right) / max(len(right), 1)


def _best_unknown(probe: Judged, weights: JudgeCalibration) -> float:
    """Log-odds of the abstention with the best candidate woven."""
    best = int(rank(probe.first, probe.heard, weights).argmax())
    return float(log_odds(probe.heard.unknown)[best])


def _needs(probes: Sequence[Judged]) -> float:
    """Probability of the abstention with nothing woven that best parts questions from ordinary requests."""
    alone = torch.tensor([probe.heard.unknown_alone for probe in probes])
    told = [
        (value, probe.ordinary)
        for value, probe in zip(log_odds(alone).tolist(), probes, strict=True)
    ]
    return _parting(told)


def _parting(told: Sequence[tuple[float, bool]]) -> float:
    """The probability that best parts log-odds that should lie below it (True) from those above."""
    values = sorted({value for value, _ in told})
    low = [value for value, is_low in told if is_low]
    high = [value for value, is_low in told if not is_low]
    if not low or not high or len(values) < 2:
        return 0.5

    def parted(edge: float) -> float:
        kept = sum(value <= edge for value in low) / len(low)
        return kept + sum(value > edge for value in high) / len(high)

    # In the middle of the widest gap among those that part equally well.
    edges = [(parted((a + b) / 2), b - a, (a + b) / 2) for a, b in itertools.pairwise(values)]
    return 1 / (1 + math.exp(-max(edges)[2]))


def _gate(probes: Sequence[Judged], weights: JudgeCalibration) -> float:
    """Probability of the abstention that best parts answerable probes from the others."""
    return _parting([(_best_unknown(probe, weights), bool(probe.needed)) for probe in probes])


def _balanced(probes: Sequence[Judged], weights: JudgeCalibration) -> float:
    """Mean of the shares of answerable probes that pass the gate and of others that do not."""
    opened = [(bool(_chosen(probe, weights)), bool(probe.needed)) for probe in probes]
    shares = [
        sum(is_open is wanted for is_open, known in opened if known is wanted)
        / max(sum(known is wanted for _, known in opened), 1)
        for wanted in (True, False)
    ]
    return sum(shares) / 2


def _chosen(probe: Judged, weights: JudgeCalibration) -> list[int]:
    scores = rank(probe.first, probe.heard, weights)
    return choose(scores, probe.heard, weights)[:_MOST]


def _is_complete(probe: Judged, weights: JudgeCalibration) -> bool:
    chosen = set(_chosen(probe, weights))
    return all(holders & chosen for holders in probe.needed)


def _complete(probes: Sequence[Judged], weights: JudgeCalibration) -> float:
    """Share of the answerable probes for which all that is needed would be woven."""
    asked = [probe for probe in probes if probe.needed]
    return sum(_is_complete(probe, weights) for probe in asked) / max(len(asked), 1)


def _worth(probes: Sequence[Judged], weights: JudgeCalibration) -> float:
    extra = [len(set(_chosen(probe, weights)) - probe.right) for probe in probes]
    return _complete(probes, weights) - _COST_OF_A_NEAR_MISS * sum(extra) / max(len(extra), 1)


def _margin(probes: Sequence[Judged]) -> float | None:
    """The least lead from which on the first stage alone was right, and all that was needed."""
    leads = sorted(
        (
            (
                float(standing[0] - standing[1]),
                bool(probe.needed) and all(0 in n for n in probe.needed),
            )
            for probe in probes
            if len(standing := z_scores(probe.first)) > 1
        ),
        reverse=True,
    )
    found, right = None, 0
    for count, (lead, alone) in enumerate(leads, start=1):
        right += alone
        if count >= _FEWEST_SURE and right / count >= _SURE:
            found = lead
    return found
