"""`CMRPerformanceAnalyzer`: what a memory costs this model on this machine, and where the time goes."""

from __future__ import annotations

import csv
import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from pydantic import Field

from reweaving.capture.capturer import StateCapturer
from reweaving.capture.entries import CODECS
from reweaving.config import Settings
from reweaving.experiments.base import environment
from reweaving.experiments.charts import bars, lines
from reweaving.experiments.subject import experiment_on
from reweaving.monitoring.profile import profiled
from reweaving.reweaver import Reweaver
from reweaving.settings import ReweavingConfig
from reweaving.weaving.settings import ReconstructionConfig

CONFIGURATIONS: dict[str, ReconstructionConfig] = {
    "exact": ReconstructionConfig.exact(),
    "hierarchical": ReconstructionConfig().replace(integration_method="attention"),
    "documented": ReconstructionConfig(),
}
"""Ways of weaving that need no training, compared by `run_comprehensive_analysis`."""


class AnalysisConfig(Settings):
    """What is measured.

    Parameters
    ----------
    memory_tokens
        Sizes of memory.
    request_tokens, new_tokens
        Length of the request and of its answer.
    repeats
        Runs of each, of which the median counts; one more is run before and not counted.
    """

    memory_tokens: tuple[int, ...] = (64, 128, 256)
    request_tokens: int = Field(default=32, gt=0)
    new_tokens: int = Field(default=8, gt=0)
    repeats: int = Field(default=3, gt=0)


class CMRPerformanceAnalyzer:
    """Times capture, weaving and answering, and weighs what is stored.

    Parameters
    ----------
    cmr_model
        See `experiment_on`.
    tokenizer
        The model's; None for the one that it brings.
    """

    def __init__(
        self, cmr_model: Any, tokenizer: Any = None, config: AnalysisConfig | None = None
    ) -> None:
        self.cmr_model, self.tokenizer = cmr_model, tokenizer
        self.config = config or AnalysisConfig()

    def run_comprehensive_analysis(self, output_dir: str | Path) -> dict[str, Any]:
        """Measure and write ``analysis.json``, ``rows.csv``, ``first_token.png`` and ``stages.png``.

        Returns
        -------
        dict
            ``rows``: per configuration and size of memory, ``first_token_seconds`` and ``ms_per_token``
            woven (building included), as text, and of the plain request, with ``capture_tokens_per_second``;
            ``bytes_per_token`` by codec; ``stages``: where the time of one remembered message and one
            request goes; ``environment``.
        """
        folder = Path(output_dir)
        folder.mkdir(parents=True, exist_ok=True)
        rows: list[dict[str, Any]] = []
        extra: dict[str, Any] = {}
        for name, reconstruction in self._configurations().items():
            config = None
            if reconstruction is not None:
                config = ReweavingConfig(codec="hidden", reconstruction=reconstruction)
            with experiment_on(self.cmr_model, self.tokenizer, config) as woven:
                rows += [
                    {"configuration": name, **self._sized(woven, size)}
                    for size in self.config.memory_tokens
                ]
                if not extra:
                    extra = {
                        "bytes_per_token": self._bytes_per_token(woven),
                        "stages": self._stages(woven),
                    }
        results = {"rows": rows, **extra, "environment": environment()}
        self._write(folder, results)
        return results

    def _configurations(self) -> dict[str, ReconstructionConfig | None]:
        # What is attached already cannot be attached in other ways.
        if isinstance(self.cmr_model, Reweaver):
            return {"as attached": None}
        return dict(CONFIGURATIONS)

    def _sized(self, woven: Reweaver, size: int) -> dict[str, Any]:
        read, asked = _tokens(woven, size, 0), _tokens(woven, self.config.request_tokens, 1)
        began = time.perf_counter()
        entries = woven.capture(read)
        capture = time.perf_counter() - began

        def ask(ids: torch.Tensor, new: int) -> object:
            return woven.model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=new,
                min_new_tokens=new,
                do_sample=False,
                pad_token_id=0,
            )

        def woven_in(new: int) -> None:
            with woven.weaving(entries):
                ask(asked, new)

        def plain(ids: torch.Tensor, new: int) -> None:
            with woven.paused():
                ask(ids, new)

        both = torch.cat([read, asked], dim=1)
        new = self.config.new_tokens
        return {
            "memory_tokens": size,
            "capture_tokens_per_second": size / capture,
            "first_token_seconds": self._median(lambda: woven_in(1)),
            "first_token_seconds_as_text": self._median(lambda: plain(both, 1)),
            "first_token_seconds_plain": self._median(lambda: plain(asked, 1)),
            "ms_per_token": 1000 * self._median(lambda: woven_in(new)) / new,
            "ms_per_token_as_text": 1000 * self._median(lambda: plain(both, new)) / new,
            "ms_per_token_plain": 1000 * self._median(lambda: plain(asked, new)) / new,
        }

    def _median(self, call: Callable[[], object]) -> float:
        times = []
        with torch.no_grad():
            for _ in range(self.config.repeats + 1):
                began = time.perf_counter()
                call()
                times.append(time.perf_counter() - began)
        return statistics.median(times[1:])

    def _bytes_per_token(self, woven: Reweaver) -> dict[str, float]:
        """Bytes of states per token and codec, the retrieval key included."""
        found = {}
        for codec in CODECS:
            if codec == "auto":
                continue
            capturer = StateCapturer(
                woven.adapter, None, woven.layers, woven.key_layer, codec, woven.fingerprint
            )
            (entry,) = capturer.capture(_tokens(woven, 16, 2))[0]
            found[codec] = sum(state.nbytes for state in entry.states()) / entry.tokens
        return found

    def _stages(self, woven: Reweaver) -> dict[str, dict[str, dict[str, float]]]:
        if woven.tokenizer is None:
            return {}
        text = "The meeting was moved to Friday because the room is taken."
        read = profiled(lambda: woven.remember(text), woven.model)
        ids = torch.tensor([woven.chat.request("When is the meeting?", woven.config.system)])
        ids = ids.to(woven.adapter.entry_device)
        asked = profiled(
            lambda: woven.model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=self.config.new_tokens,
                do_sample=False,
                pad_token_id=0,
            ),
            woven.model,
        )
        return {"remember": read.stages, "request": asked.stages}

    def _write(self, folder: Path, results: dict[str, Any]) -> None:
        rows: Sequence[dict[str, Any]] = results["rows"]
        (folder / "analysis.json").write_text(
            json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8"
        )
        with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        curves = {
            f"{name}, woven": [
                (row["memory_tokens"], row["first_token_seconds"])
                for row in rows
                if row["configuration"] == name
            ]
            for name in dict.fromkeys(row["configuration"] for row in rows)
        }
        first = rows[0]["configuration"]
        curves["read again as text"] = [
            (row["memory_tokens"], row["first_token_seconds_as_text"])
            for row in rows
            if row["configuration"] == first
        ]
        lines(
            folder / "first_token.png",
            "Time to the first token",
            "tokens of memory",
            "seconds",
            curves,
        )
        if results["stages"]:
            names = list(dict.fromkeys(s for run in results["stages"].values() for s in run))
            bars(
                folder / "stages.png",
                "Where the time goes",
                "seconds",
                {
                    run: {name: (stages.get(name, {}).get("seconds", 0.0),) * 3 for name in names}
                    for run, stages in results["stages"].items()
                },
            )


def _tokens(woven: Reweaver, count: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    vocabulary = int(woven.adapter.config.vocab_size)
    ids = torch.randint(min(100, vocabulary // 2), vocabulary, (1, count), generator=generator)
    return ids.to(woven.adapter.entry_device)
