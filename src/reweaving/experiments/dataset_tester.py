"""`CMRDatasetTester`: a memory on data sets, beside controls that have none, the wrong one, or text."""

from __future__ import annotations

import csv
import json
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from reweaving.config import Settings
from reweaving.errors import ConfigurationError
from reweaving.experiments.answer_scores import score, token_f1
from reweaving.experiments.arms import ARMS, Question, answered
from reweaving.experiments.base import environment
from reweaving.experiments.charts import bars
from reweaving.experiments.subject import experiment_on, forget_everything
from reweaving.experiments.tasks import DatasetConfig, Item
from reweaving.reweaver import Reweaver
from reweaving.settings import ReweavingConfig

_DRAWS = 1000


class TestConfig(Settings):
    """How data sets are run.

    Parameters
    ----------
    arms
        Names in the table of `reweaving.experiments.arms`.
    max_new_tokens
        Longest answer.
    seed
        Of the controls that draw, and of the confidence intervals.
    reweaving
        How the memory is attached; None for the defaults.
    """

    __test__ = False  # no test class, whatever its name begins with

    arms: tuple[str, ...] = ("memory", "memory_off", "random_memory", "text_search")
    max_new_tokens: int = Field(default=32, gt=0)
    seed: int = 0
    reweaving: ReweavingConfig | None = None


class CMRDatasetTester:
    """Runs data sets through a model with a memory of the experiment's own.

    All sessions of a data set are remembered first, then every question is asked in each arm, so that recall
    has to find the right session among all others.

    Parameters
    ----------
    cmr_model
        See `experiment_on`.
    tokenizer
        The model's.
    test_config
        `TestConfig`, or a mapping of its names; None for the defaults.
    """

    def __init__(
        self,
        cmr_model: Any,
        tokenizer: Any = None,
        test_config: TestConfig | Mapping[str, Any] | None = None,
    ) -> None:
        self.cmr_model, self.tokenizer = cmr_model, tokenizer
        self.config = (
            test_config
            if isinstance(test_config, TestConfig)
            else TestConfig(**(test_config or {}))
        )
        self._arms = {name: ARMS.get(name) for name in self.config.arms}
        if not self._arms:
            raise ConfigurationError("TestConfig.arms is empty; name at least one arm")

    def run_comprehensive_tests(
        self,
        dataset_configs: Sequence[DatasetConfig | Mapping[str, Any]],
        output_dir: str | Path,
        progress: Callable[[int, int, str], None] = lambda *_: None,
    ) -> dict[str, Any]:
        """Run every data set in every arm and write ``results.json``, ``rows.csv`` and ``results.png``.

        Parameters
        ----------
        dataset_configs
            `DatasetConfig`, or mappings of its names.
        output_dir
            Made where it is missing.

        Returns
        -------
        dict
            ``datasets``: name to arm to ``score`` (mean), ``low`` and ``high`` (95 % bootstrap interval),
            ``f1``, ``seconds`` (median per answer), ``memory_tokens`` (mean), ``truncated`` (how many prompts
            lost their beginning to the model's window) and ``questions``; ``rows``: one per question and arm;
            ``environment``.

        Raises
        ------
        ConfigurationError
            For two data sets of one name.
        """
        configs = [
            one if isinstance(one, DatasetConfig) else DatasetConfig(**one)
            for one in dataset_configs
        ]
        names = [one.name or one.task for one in configs]
        if len(set(names)) < len(names) or not names:
            raise ConfigurationError(
                f"data sets are called {names}; give at least one, and each a name of its own"
            )
        loaded = [
            one.load() for one in configs
        ]  # a bad file is better known before an hour of asking
        folder = Path(output_dir)
        folder.mkdir(parents=True, exist_ok=True)
        rows: list[dict[str, Any]] = []
        with experiment_on(self.cmr_model, self.tokenizer, self.config.reweaving) as woven:
            for done, (name, config, items) in enumerate(zip(names, configs, loaded, strict=True)):
                progress(done, len(names), name)
                rows += self._run(woven, name, config.task, items)
                forget_everything(woven)
        results = {
            "datasets": {
                name: self._summary([r for r in rows if r["dataset"] == name]) for name in names
            },
            "rows": rows,
            "environment": environment(),
        }
        self._write(folder, results)
        return results

    def _run(
        self, woven: Reweaver, name: str, task: str, items: Sequence[Item]
    ) -> list[dict[str, Any]]:
        for number, item in enumerate(items):
            messages = [{"role": role, "content": text} for role, text in item.context]
            for message in messages:  # one by one: a long session need not fit the window at once
                woven.remember([message], session=f"{name} {number}")
        held = woven.memory.entries()
        rows = []
        for number, item in enumerate(items):
            for arm, way in self._arms.items():
                draw = random.Random(f"{self.config.seed} {name} {number}")
                began = time.perf_counter()
                asked = way(Question(woven, item, held, draw))
                answer = answered(woven, asked, self.config.max_new_tokens)
                rows.append(
                    {
                        "dataset": name,
                        "task": task,
                        "arm": arm,
                        "item": number,
                        "question": item.question,
                        "wanted": item.answers[0],
                        "answer": answer.text,
                        "score": score(task, answer.text, item.answers),
                        "f1": max(token_f1(answer.text, one) for one in item.answers),
                        "memory_tokens": asked.memory_tokens,
                        "answer_tokens": answer.tokens,
                        "truncated": answer.truncated,
                        "seconds": time.perf_counter() - began,
                    }
                )
        return rows

    def _summary(self, rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
        found = {}
        for arm in self._arms:
            mine = [row for row in rows if row["arm"] == arm]
            scores = [row["score"] for row in mine]
            low, high = bootstrap(scores, self.config.seed)
            found[arm] = {
                "score": statistics.fmean(scores),
                "low": low,
                "high": high,
                "f1": statistics.fmean(row["f1"] for row in mine),
                "seconds": statistics.median(row["seconds"] for row in mine),
                "memory_tokens": statistics.fmean(row["memory_tokens"] for row in mine),
                "truncated": sum(row["truncated"] for row in mine),
                "questions": len(mine),
            }
        return found

    def _write(self, folder: Path, results: dict[str, Any]) -> None:
        (folder / "results.json").write_text(
            json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8"
        )
        with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(results["rows"][0]))
            writer.writeheader()
            writer.writerows(results["rows"])
        bars(
            folder / "results.png",
            "Score by data set, 95 % intervals",
            "score",
            {
                arm: {
                    name: (arms[arm]["score"], arms[arm]["low"], arms[arm]["high"])
                    for name, arms in results["datasets"].items()
                }
                for arm in self._arms
            },
        )


def bootstrap(scores: Sequence[float], seed: int) -> tuple[float, float]:
    """95 % percentile interval of the mean, from 1000 draws with replacement (Efron 1979)."""
    draw = random.Random(f"bootstrap {seed}")
    means = sorted(statistics.fmean(draw.choices(scores, k=len(scores))) for _ in range(_DRAWS))
    return means[round(0.025 * _DRAWS)], means[round(0.975 * _DRAWS) - 1]
