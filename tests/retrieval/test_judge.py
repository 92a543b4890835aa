"""What the judge makes of hearing: order, gate, slack, budgets, time; and that it is off by default."""

from __future__ import annotations

import pytest
import torch

import reweaving
from families import make, tokenizer
from reweaving import Memory, ReweavingConfig
from reweaving.retrieval.calibration import Calibration, JudgeCalibration
from reweaving.retrieval.judge import Judge, JudgeConfig, choose, is_clear, log_odds, rank
from reweaving.retrieval.judge_witness import Hearing, Request
from reweaving.types import MemoryEntry, Recollection

MADE = tokenizer()
FACTS = ("my cat is called Tom", "the dog lives in Rome", "blue is the dog", "a cat is blue")
WEIGHTS = JudgeCalibration(first=1.0, unknown=2.0, question=0.5, most_unknown=0.5, needs=0.0)


def heard(unknown: list[float], gains: list[float]) -> Hearing:
    """Hearing with these probabilities of the abstention and mean gains."""
    asked = torch.tensor(gains)[:, None].repeat(1, 3)
    return Hearing(torch.tensor(unknown).log(), asked, 0.0, torch.zeros(3))


def test_rank_adds_weighted_z_scores() -> None:
    first = [3.0, 2.0, 1.0]
    hearing = heard([0.5, 0.9, 0.1], [0.0, 1.0, 5.0])

    def z(values: list[float]) -> list[float]:
        mean = sum(values) / len(values)
        spread = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
        return [(v - mean) / spread for v in values]

    odds = [-torch.logit(torch.tensor(p)).item() for p in (0.5, 0.9, 0.1)]
    parts = zip(z(first), z(odds), z([0.0, 1.0, 5.0]), strict=True)
    wanted = [a + 2.0 * b + 0.5 * c for a, b, c in parts]
    assert rank(torch.tensor(first), hearing, WEIGHTS).tolist() == pytest.approx(wanted, abs=1e-5)


def test_log_odds_stay_finite_at_certainty() -> None:
    odds = log_odds(torch.tensor([-1e9, -0.6931472, 0.0]))
    assert torch.isfinite(odds).all()
    assert odds.tolist() == pytest.approx([-12.0, 0.0, 12.0], abs=1e-4)


def test_nothing_is_chosen_where_every_answer_would_abstain() -> None:
    scores = torch.tensor([3.0, 2.0, 1.0])
    assert choose(scores, heard([0.6, 0.7, 0.9], [1.0] * 3), WEIGHTS) == []
    assert choose(scores, heard([0.6, 0.4, 0.9], [1.0] * 3), WEIGHTS) == [1]


def test_what_is_nearly_as_good_is_woven_beside_the_best() -> None:
    scores = torch.tensor([1.0, 3.0, 2.6, -2.0])
    known = heard([0.1] * 4, [1.0] * 4)
    assert choose(scores, known, WEIGHTS) == [1]
    assert choose(scores, known, WEIGHTS.replace(slack=0.5)) == [1, 2]
    assert choose(scores, known, WEIGHTS.replace(slack=9.0)) == [1, 2, 0, 3]


def test_a_clear_lead_needs_no_judge() -> None:
    leading, close = torch.tensor([9.0, 1.0, 0.9, 0.8]), torch.tensor([1.1, 1.0, 0.9, 0.8])
    assert is_clear(leading, 1.5)
    assert not is_clear(close, 1.5)
    assert not is_clear(leading, None)
    assert not is_clear(torch.tensor([4.0]), 0.0), "one candidate leads nobody"


def attached(memory: Memory | None = None, **config: object) -> reweaving.Reweaver:
    recall = {"threshold": 0.0, "share": 0.0, "limit": 4, **config.pop("recall", {})}  # type: ignore[dict-item]
    settings = ReweavingConfig(recall=recall, **config)
    return reweaving.attach(make("llama", "sdpa"), MADE, memory, settings)


def calibration(fingerprint: str, **judge: float) -> Calibration:
    return Calibration(
        model="tiny",
        fingerprint=fingerprint,
        key_layer=0,
        threshold=0.0,
        false_weave_rate=0.05,
        judge=WEIGHTS.replace(**judge),
    )


def generate(woven: reweaving.Reweaver, text: str) -> None:
    inputs = MADE.apply_chat_template(
        [{"role": "user", "content": text}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    woven.model.generate(**inputs, max_new_tokens=1, do_sample=False)


def filled(memory: Memory, **judge: float) -> None:
    with attached(memory) as woven:
        for fact in FACTS:
            woven.remember(fact, session=fact)
        calibration(woven.fingerprint, **judge).keep(memory)


def test_an_uncalibrated_model_is_not_asked() -> None:
    with attached() as woven:
        woven.remember(FACTS[0])
        generate(woven, "the cat is called")
        assert woven.last_weave is not None
        assert woven.last_weave.judged is None
        assert woven.last_weave.recollections


def test_a_calibrated_model_is_asked_and_says_what_it_cost() -> None:
    with Memory.open(":memory:") as memory:
        filled(memory, most_unknown=1.0, slack=99.0)
        with attached(memory) as woven:
            generate(woven, "the cat is called")
            assert woven.last_weave is not None
            verdict = woven.last_weave.judged
            assert verdict is not None
            assert verdict.reason == "judged"
            assert set(verdict.unknown) == {entry.id for entry in memory.entries()}
            assert verdict.tokens > 0
            assert verdict.seconds > 0
            assert len(woven.last_weave) == 4
            (hit, *_) = woven.recall("the cat is called", explain=True)
            assert hit.explanation is not None
            assert sum(hit.explanation.values()) == pytest.approx(hit.score, abs=1e-4)
        with attached(memory, recall={"judge": JudgeConfig(enabled=False)}) as woven:
            generate(woven, "the cat is called")
            assert woven.last_weave is not None
            assert woven.last_weave.judged is None
        with attached(memory, calibrated=False) as woven:
            assert woven.calibration is None


def test_the_judge_is_the_gate() -> None:
    with Memory.open(":memory:") as memory:
        filled(memory, most_unknown=1e-30)
        with attached(memory) as woven:
            generate(woven, "the cat is called")
            assert woven.last_weave is not None
            assert woven.last_weave.judged is not None
            assert woven.last_weave.judged.reason == "unknown"
            assert len(woven.last_weave) == 0
            assert woven.recall("the cat is called") == []


def test_what_the_model_would_answer_anyway_is_left_to_the_first_stage() -> None:
    with Memory.open(":memory:") as memory:
        filled(memory, needs=1.0, most_unknown=1e-30)
        with attached(memory) as woven:
            generate(woven, "the cat is called")
            assert woven.last_weave is not None
            assert woven.last_weave.judged is not None
            assert woven.last_weave.judged.reason == "unneeded"
            judged = [hit.entry.id for hit in woven.last_weave.recollections]
        with attached(memory, recall={"judge": JudgeConfig(enabled=False)}) as woven:
            assert [hit.entry.id for hit in woven.recall("the cat is called")] == judged
        with attached(memory, recall={"threshold": 9.0}) as woven:
            assert woven.recall("the cat is called") == [], "behind the first stage's own gate"


def test_rows_of_a_batch_are_judged_each_for_itself() -> None:
    with Memory.open(":memory:") as memory:
        filled(memory, most_unknown=1.0, slack=0.0)
        with attached(memory) as woven:
            asked = ["the cat is called", "the dog lives in"]
            alone = [woven.recall(text)[0].entry.id for text in asked]
            texts = [
                MADE.apply_chat_template(
                    [{"role": "user", "content": text}], add_generation_prompt=True, tokenize=False
                )
                for text in asked
            ]
            inputs = MADE(
                texts, add_special_tokens=False, return_tensors="pt", padding=True,
                padding_side="left", return_token_type_ids=False,
            )  # fmt: skip
            woven.model.generate(**inputs, max_new_tokens=1, do_sample=False)
            assert woven.last_weave is not None
            rows = woven.last_weave.rows
            assert [row.recollections[0].entry.id for row in rows] == alone
            assert all(row.judged is not None for row in rows)


def test_budgets_hold_and_time_ends_the_hearing() -> None:
    with attached() as woven:
        hits = []
        for at, fact in enumerate(FACTS):
            (entry,) = woven.remember(fact, session=fact)
            hits.append(Recollection(entry, 4.0 - at))
        asked = Request.of(
            woven.chat.asking(MADE("the cat", add_special_tokens=False)["input_ids"])
        )
        open_wide = WEIGHTS.replace(most_unknown=1.0, slack=99.0)

        def ids(config: JudgeConfig, most: int, budget: int) -> list[MemoryEntry]:
            found = Judge(woven.witness(), open_wide, config).decide(asked, hits, most, budget)
            return [hit.entry for hit in found]

        assert len(ids(JudgeConfig(), 4, 1000)) == 4
        assert len(ids(JudgeConfig(), 2, 1000)) == 2
        assert sum(entry.tokens for entry in ids(JudgeConfig(), 4, 20)) <= 20
        hurried = JudgeConfig(at_once=2, seconds=1e-9)
        assert {e.id for e in ids(hurried, 4, 1000)} == {hit.entry.id for hit in hits[:2]}
        clear = Judge(woven.witness(), open_wide.replace(margin=0.0), JudgeConfig())
        found = clear.decide(asked, hits, 4, 1000)
        assert [hit.entry.id for hit in found] == [hits[0].entry.id]
        assert found.judged is not None
        assert found.judged.reason == "clear"
        assert found.judged.tokens == 0
        assert clear.decide(asked, [], 4, 1000) == []
