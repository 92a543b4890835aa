"""Data sets: what is read, what is drawn, how answers are judged, and that controls are what they say."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import reweaving
from families import make, tokenizer
from reweaving.errors import ConfigurationError, InputError, RegistryError
from reweaving.experiments import arms
from reweaving.experiments.answer_scores import calls, contains, rouge_l, score, token_f1
from reweaving.experiments.dataset_tester import CMRDatasetTester, bootstrap
from reweaving.experiments.performance_analyzer import AnalysisConfig, CMRPerformanceAnalyzer
from reweaving.experiments.subject import experiment_on
from reweaving.experiments.tasks import TASKS, DatasetConfig
from reweaving.models.base_transformer import CMRTransformer

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("task", TASKS)
def test_generators_draw_the_same_from_a_seed_and_answers_stand_in_the_context(task: str) -> None:
    one = DatasetConfig(task=task, items=12, seed=3).load()
    assert one == DatasetConfig(task=task, items=12, seed=3).load()
    assert one != DatasetConfig(task=task, items=12, seed=4).load()
    assert len({item.question for item in one}) == 12, "each item asks for something of its own"
    for item in one:
        said = " ".join(text for _, text in item.context)
        assert all(score(task, answer, item.answers) == 1.0 for answer in item.answers)
        key = item.answers[0].split("(")[0] if task == "code_generation" else item.answers[0]
        if task == "summarization":
            assert all(part.strip(". ") in said for part in key.split(". "))
        else:
            assert key in said
        assert item.answers[0] not in item.question


def test_json_lines_are_read_and_wrong_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    lines: list[Any] = [
        {"context": "Tom is blue.", "question": "What is Tom?", "answers": "blue"},
        {"context": ["a", "b"], "question": "q", "answers": ["x", "y"]},
        {"context": [{"role": "assistant", "content": "c"}], "question": "q", "answers": ["x"]},
    ]
    path.write_text("\n".join([*map(json.dumps, lines), ""]), "utf-8")
    items = DatasetConfig(path=path).load()
    assert items[0].context == (("user", "Tom is blue."),)
    assert items[0].answers == ("blue",)
    assert items[2].context == (("assistant", "c"),)
    assert len(DatasetConfig(path=path, items=2).load()) == 2
    for wrong in ("{", '{"context": "a"}', '{"context": [], "question": "q", "answers": "a"}', "3"):
        path.write_text(json.dumps(lines[0]) + "\n" + wrong + "\n", "utf-8")
        with pytest.raises(InputError, match="line 2"):
            DatasetConfig(path=path).load()
    with pytest.raises(InputError, match="there is no data set"):
        DatasetConfig(path=tmp_path / "none").load()
    with pytest.raises(RegistryError, match="did you mean 'summarization'"):
        DatasetConfig(task="summarisation").load()


def test_scores_are_those_of_their_papers() -> None:
    assert contains("It is Bradan soup.", "bradan soup") == 1
    assert contains("It is Bradansoup.", "bradan soup") == 0
    assert contains("1234", "123") == 0
    # ROUGE-L, Lin 2004, section 3.1: "police killed the gunman" against two candidates
    assert rouge_l("police kill the gunman", "police killed the gunman") == pytest.approx(0.75)
    assert rouge_l("the gunman kill police", "police killed the gunman") == pytest.approx(0.5)
    assert token_f1("a b c", "b c d e") == pytest.approx(2 * (2 / 3) * (2 / 4) / (2 / 3 + 2 / 4))
    assert rouge_l("", "a") == token_f1("", "a") == 0
    assert calls("Sure:\n```python\nx = load('a.txt')\n```", "load('a.txt')") == 1
    assert calls('use `load("a.txt")` here', "load('a.txt')") == 1
    assert calls("load('b.txt')", "load('a.txt')") == 0
    assert calls("overload('a.txt')", "load('a.txt')") == 0


def test_the_interval_is_that_of_a_bootstrap() -> None:
    scores = [1.0] * 30 + [0.0] * 10
    low, high = bootstrap(scores, seed=0)
    draw = np.random.default_rng(0)
    means = draw.choice(scores, (20_000, 40)).mean(1)
    assert low == pytest.approx(np.quantile(means, 0.025), abs=0.03)
    assert high == pytest.approx(np.quantile(means, 0.975), abs=0.03)


def test_a_run_writes_what_it_returns_and_leaves_nothing(tmp_path: Path) -> None:
    model, made = make("llama", "sdpa"), tokenizer()
    plain = model(torch.tensor([[5, 6, 7]])).logits
    tester = CMRDatasetTester(
        model, made, {"arms": ("memory", *arms.ARMS.names()[1:]), "max_new_tokens": 4}
    )
    configs = [
        {"task": "question_answering", "items": 2},
        {"task": "code_generation", "items": 2, "name": "code"},
    ]
    results = tester.run_comprehensive_tests(configs, tmp_path / "out")
    assert set(results["datasets"]) == {"question_answering", "code"}
    assert len(results["rows"]) == 2 * 2 * 5
    for name, found in results["datasets"].items():
        for arm, summary in found.items():
            mine = [r for r in results["rows"] if (r["dataset"], r["arm"]) == (name, arm)]
            assert summary["score"] == np.mean([r["score"] for r in mine])
            assert summary["questions"] == 2
            assert summary["truncated"] == sum(r["truncated"] for r in mine)
    tokens = {r["arm"]: r["memory_tokens"] for r in results["rows"]}
    assert tokens["memory_off"] == 0
    assert tokens["random_memory"] > 0
    assert max(r["memory_tokens"] for r in results["rows"] if r["arm"] != "full_text") <= 256
    written = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert written["datasets"] == results["datasets"]
    with (tmp_path / "out" / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["answer"] for r in rows] == [r["answer"] for r in results["rows"]]
    assert (tmp_path / "out" / "results.png").read_bytes().startswith(PNG)
    assert torch.equal(model(torch.tensor([[5, 6, 7]])).logits, plain)
    with reweaving.attach(model):  # given back
        pass
    again = tester.run_comprehensive_tests(configs, tmp_path / "again")
    assert [r["answer"] for r in again["rows"]] == [r["answer"] for r in results["rows"]]


def test_arms_are_what_they_say() -> None:
    import random

    model, made = make("llama", "sdpa"), tokenizer()
    with reweaving.attach(model, made) as woven:
        items = DatasetConfig(task="question_answering", items=3).load()
        for number, item in enumerate(items):
            woven.remember(item.context[0][1], session=str(number))
        question = arms.Question(woven, items[1], woven.memory.entries(), random.Random(0))
        off = arms.memory_off(question)
        text = arms.text_search(question)
        assert off.prompt == items[1].question
        assert items[1].context[0][1].split(".")[0] in text.prompt
        ids = torch.tensor([woven.chat.request(items[1].question)])
        with woven.paused():
            expected = model.generate(ids, max_new_tokens=5, do_sample=False, pad_token_id=0)
        said = made.decode(expected[0, ids.shape[1] :], skip_special_tokens=True).strip()
        assert arms.answered(woven, off, 5)[0] == said
        wrong = arms.random_memory(question)
        assert 0 < wrong.memory_tokens <= question.budget
        arms.answered(woven, wrong, 2)
        assert woven.last_weave.weave.slots > 0


def test_text_search_fills_its_budget_and_a_cut_prompt_is_told() -> None:
    import random

    with reweaving.attach(make("llama", "sdpa"), tokenizer()) as woven:
        for number in range(30):
            woven.remember("my cat is blue", session=str(number))
        item = replace(DatasetConfig(task="question_answering", items=1).load()[0], question="cat")
        held = woven.memory.entries()
        question = arms.Question(woven, item, held, random.Random(0))
        each = held[0].tokens
        assert 30 * each > question.budget > 10 * each
        found = arms.text_search(question)
        assert found.memory_tokens == question.budget // each * each
        assert not arms.answered(woven, found, 2).truncated
        longer = replace(found, prompt="cat " * woven.adapter.trained_length)
        assert arms.answered(woven, longer, 2).truncated


def test_whose_memory_it_is_matters(tmp_path: Path) -> None:
    model, made = make("llama", "sdpa"), tokenizer()
    with reweaving.attach(model, made) as woven:
        with experiment_on(woven) as mine:
            assert mine is woven
            woven.remember("the dog lives in Rome")
        assert woven.memory.stats().entries == 0, "emptied"
        woven.remember("my cat is called Tom")
        with pytest.raises(InputError, match="holds 1 entries"):
            CMRDatasetTester(woven, made).run_comprehensive_tests([{"items": 1}], tmp_path)
        assert woven.memory.stats().entries == 1
    cmr = CMRTransformer(make("llama"), {"target_layers": [1, 3]}, tokenizer=made)
    cmr.enable_memory()
    with experiment_on(cmr, made) as other:
        assert other.layers == (1, 3)
        assert other.model is cmr.backbone
    assert cmr.memory_enabled
    assert set(cmr.layer_hooks) == {1, 3}


def test_wrong_settings_are_named(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="did you mean 'memory_off'"):
        CMRDatasetTester(make("llama"), None, {"arms": ["memory_of"]})
    with pytest.raises(ConfigurationError, match="at least one arm"):
        CMRDatasetTester(make("llama"), None, {"arms": []})
    tester = CMRDatasetTester(make("llama"), tokenizer())
    with pytest.raises(ConfigurationError, match="a name of its own"):
        tester.run_comprehensive_tests([{}, {}], tmp_path)


def test_an_analysis_measures_every_configuration(tmp_path: Path) -> None:
    config = AnalysisConfig(memory_tokens=(16, 40), request_tokens=6, new_tokens=3, repeats=1)
    model: Any = make("llama", "sdpa")
    results = CMRPerformanceAnalyzer(model, tokenizer(), config).run_comprehensive_analysis(
        tmp_path
    )
    rows = results["rows"]
    assert [(r["configuration"], r["memory_tokens"]) for r in rows] == [
        (name, size) for name in ("exact", "hierarchical", "documented") for size in (16, 40)
    ]
    assert all(value > 0 for row in rows for value in list(row.values())[1:])
    # four layers of 48 floats and a key of 48 in bfloat16; keys and values of two heads of 12
    held = results["bytes_per_token"]
    assert (held["hidden"], held["kv"], held["replay"]) == (864, 864, 96)
    assert held["replay"] < held["int4"] < held["int8"] < held["kv"]
    assert {"read", "score", "store"} <= set(results["stages"]["remember"])
    assert {"recall", "generate"} <= set(results["stages"]["request"])
    assert json.loads((tmp_path / "analysis.json").read_text("utf-8"))["rows"] == rows
    for name in ("first_token.png", "stages.png"):
        assert (tmp_path / name).read_bytes().startswith(PNG)
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 6
    with reweaving.attach(model, tokenizer()) as woven:
        found = CMRPerformanceAnalyzer(woven, config=config).run_comprehensive_analysis(tmp_path)
        assert {row["configuration"] for row in found["rows"]} == {"as attached"}
        assert woven.memory.stats().entries == 0
