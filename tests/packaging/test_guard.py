"""The regression guard lets noise pass and nothing worse."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from reweaving.experiments import BENCHES

ROOT = Path(__file__).parents[2]
BASELINE = {
    "overhead": {"capture": {"baseline": 1.0, "better": "lower", "noise": 0.2}},
    "optimization": {"batches.gain": {"baseline": 2.0, "better": "higher", "noise": 0.25}},
}


@pytest.fixture
def guard() -> ModuleType:
    spec = importlib.util.spec_from_file_location("guard", ROOT / ".ci" / "guard.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("value", "worse"), [(0.5, 0), (1.19, 0), (1.21, 1), (None, 1)])
def test_lower_is_better(guard: ModuleType, value: float | None, worse: int) -> None:
    report = {"name": "overhead", "summary": {"capture": value}}
    assert len(guard.regressions(BASELINE, report)) == worse


@pytest.mark.parametrize(("value", "worse"), [(9.0, 0), (1.51, 0), (1.49, 1)])
def test_higher_is_better(guard: ModuleType, value: float, worse: int) -> None:
    report = {"name": "optimization", "summary": {"batches": {"gain": value}}}
    assert len(guard.regressions(BASELINE, report)) == worse


def test_the_command_fails_and_names_the_figure(
    guard: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "base").write_text(json.dumps(BASELINE))
    (tmp_path / "now").write_text(json.dumps({"name": "overhead", "summary": {"capture": 3.0}}))
    assert guard.main(str(tmp_path / "base"), str(tmp_path / "now")) == 1
    assert "overhead capture: 3" in capsys.readouterr().out


def test_the_baseline_guards_benches_that_exist() -> None:
    baseline = json.loads((ROOT / "benchmarks" / "baseline.json").read_text("utf-8"))
    assert baseline.keys() <= set(BENCHES.names())
    for figures in baseline.values():
        for guarded in figures.values():
            assert guarded.keys() == {"baseline", "better", "noise"}
            assert guarded["better"] in ("lower", "higher")
