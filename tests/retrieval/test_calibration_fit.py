"""A judge is fitted where its signals say something, and left out where they say nothing."""

from __future__ import annotations

import torch

from reweaving.retrieval.calibration_fit import Judged, fit_judge
from reweaving.retrieval.judge_witness import Hearing

CANDIDATES, PROBES = 8, 96


def probes(
    *, unknown_tells: bool, first_tells: bool, seed: int = 0, gains_tell: bool = False
) -> list[Judged]:
    """Two in three are answered by one candidate, drawn at random."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    for at in range(PROBES):
        right = int(torch.randint(CANDIDATES, (1,), generator=generator))
        known = at % 3 != 2
        first = torch.randn(CANDIDATES, generator=generator)
        unknown = torch.full((CANDIDATES,), 0.9)
        unknown += 0.05 * torch.rand(CANDIDATES, generator=generator)
        gains = torch.randn(CANDIDATES, 1, generator=generator)
        if known and first_tells:
            first[right] += 6.0
        if known and unknown_tells:
            unknown[right] = 0.05
        if known and gains_tell:
            gains[right] += 6.0
        order = first.argsort(descending=True)
        place = int((order == right).nonzero())
        heard = Hearing(unknown[order].log(), gains[order], 0.0, torch.zeros(1))
        made.append(Judged(first[order], heard, (frozenset({place}),) if known else ()))
    return made


def test_a_model_that_abstains_rightly_becomes_the_judge() -> None:
    judge, figures = fit_judge(probes(unknown_tells=True, first_tells=False))
    assert judge is not None
    assert judge.unknown > 0
    assert 0.05 < judge.most_unknown < 0.9
    assert figures["right_first_with_judge"] == 1.0
    assert figures["right_first_without_judge"] < 0.5
    assert figures["gate_balanced_accuracy"] == 1.0
    assert judge.margin is None, "no lead of a first stage that knows nothing is sure"


def test_noise_makes_no_judge() -> None:
    for seed in range(3):
        judge, _ = fit_judge(probes(unknown_tells=False, first_tells=True, seed=seed))
        assert judge is None


def test_a_judge_that_cannot_say_no_is_none() -> None:
    judge, figures = fit_judge(probes(unknown_tells=False, first_tells=False, gains_tell=True))
    assert figures["right_first_with_judge"] > 0.9, "it finds what answers"
    assert figures["gate_balanced_accuracy"] < 0.6, "and would weave something into everything"
    assert judge is None


def test_two_needed_memories_widen_the_slack() -> None:
    joint = []
    for at, probe in enumerate(probes(unknown_tells=True, first_tells=False)):
        if probe.needed:
            other = (next(iter(probe.right)) + 1) % CANDIDATES
            unknown = probe.heard.unknown.clone()
            unknown[other] = torch.tensor(0.1 + 0.001 * at).log()
            heard = Hearing(unknown, probe.heard.asked, 0.0, torch.zeros(1))
            joint.append(Judged(probe.first, heard, (*probe.needed, frozenset({other}))))
        else:
            joint.append(probe)
    single, _ = fit_judge(probes(unknown_tells=True, first_tells=False))
    both, figures = fit_judge(joint)
    assert single is not None
    assert both is not None
    assert both.slack > single.slack
    assert figures["complete_with_judge"] > 0.9


def test_only_a_lead_that_was_always_right_is_clear() -> None:
    helped = probes(unknown_tells=True, first_tells=True, gains_tell=True)
    sure = [probe for probe in helped if probe.needed and 0 in probe.right]
    doubtful = probes(unknown_tells=True, first_tells=False, seed=9)
    judge, _ = fit_judge(sure + doubtful)
    assert judge is not None
    assert judge.margin is not None

    def leads(group: list[Judged]) -> list[float]:
        spread = [probe.first.std(unbiased=False) for probe in group]
        return [float((p.first[0] - p.first[1]) / s) for p, s in zip(group, spread, strict=True)]

    passing = sum(lead >= judge.margin for lead in leads(sure))
    misled = sum(
        lead >= judge.margin and 0 not in probe.right
        for lead, probe in zip(leads(doubtful), doubtful, strict=True)
    )
    assert passing >= 12
    assert misled <= 0.01 * (passing + misled)


def test_ordinary_requests_part_from_questions_before_anything_is_woven() -> None:
    asked = probes(unknown_tells=True, first_tells=False)
    ordinary = [
        Judged(
            probe.first,
            Hearing(probe.heard.unknown, probe.heard.asked, -4.6, torch.zeros(1)),
            (),
            ordinary=True,
        )
        for probe in asked[:20]
    ]
    questions = [
        Judged(
            probe.first,
            Hearing(probe.heard.unknown, probe.heard.asked, -0.1, torch.zeros(1)),
            probe.needed,
        )
        for probe in asked
    ]
    judge, figures = fit_judge([*questions, *ordinary])
    assert judge is not None
    assert 0.01 < judge.needs < 0.9
    assert figures["gate_balanced_accuracy"] == 1.0, "ordinary requests are none of the judge's"
