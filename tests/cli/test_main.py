"""The command line as a user starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reweaving.cli import main as main_module
from reweaving.cli.main import app, main
from reweaving.errors import DamagedEntryError, InputError
from reweaving.experiments import BENCHES
from reweaving.experiments.base import BenchResult, Progress


def command(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from reweaving.cli.main import main; main()", *arguments],
        capture_output=True, text=True, cwd=cwd, stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip


def test_help_does_not_import_torch() -> None:
    code = (
        "import sys; sys.argv = ['cmr', '--help']\n"
        "from reweaving.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'transformers', 'matplotlib', 'numpy'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name in ("chat", "bench", "doctor", "tune"):
        assert name in done.stdout


@pytest.mark.parametrize("name", ["chat", "bench", "doctor", "tune"])
def test_every_command_is_documented(name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    assert f"`cmr {name}" in page
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0


def test_wrong_namespace_is_one_message(tmp_path: Path) -> None:
    done = command("chat", "--namespace", "no spaces", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("cmr: namespace = 'no spaces'")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_unknown_bench_suggests(tmp_path: Path) -> None:
    done = command("bench", "exactnes", cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean 'exactness'?" in done.stderr


@pytest.mark.parametrize(
    ("error", "code"), [(InputError("wrong"), 2), (DamagedEntryError("broken"), 1)]
)
def test_errors_become_messages(
    error: Exception,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(main_module, "app", fail)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == code
    assert capsys.readouterr().err == f"cmr: {error}\n"
    monkeypatch.setenv("CMR_TRACEBACK", "1")
    with pytest.raises(type(error)):
        main()


def measured(quick: bool, seed: int, progress: Progress) -> BenchResult:
    progress(1, 2, "half")
    rows = [
        {"case": "a", "error": 1e-7, "quick": quick},
        {"case": "b", "error": 2.0, "quick": quick},
    ]
    return BenchResult({"seed": seed, "per_skill": {"x": 1.0}}, rows)


def test_bench_prints_and_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BENCHES._targets, "fake", f"{__name__}:measured")
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    target = tmp_path / "deep" / "fake.json"
    shown = CliRunner().invoke(
        app, ["bench", "fake", "--json", str(target), "--quick", "--seed", "7"]
    )
    assert shown.exit_code == 0, shown.output
    assert "1e-07" in shown.output
    report = json.loads(target.read_text("utf-8"))
    assert set(report) == {"name", "summary", "rows", "environment"}
    assert report["summary"] == {"seed": 7, "per_skill": {"x": 1.0}}
    assert [row["quick"] for row in report["rows"]] == [True, True]
    assert report["environment"]["packages"]["torch"]
    assert "hostname" not in json.dumps(report)


def test_benches_are_listed() -> None:
    shown = CliRunner().invoke(app, ["bench", "list"])
    assert shown.output.split() == BENCHES.names()


def test_doctor_finds_families_exact() -> None:
    shown = CliRunner().invoke(app, ["doctor"])
    assert shown.exit_code == 0, shown.output
    for family in ("gpt2", "gpt_neox", "llama", "gemma3", "phi3"):
        (line,) = [line for line in shown.output.splitlines() if f"│ {family} " in line]
        assert "yes" in line


def test_a_report_that_cannot_be_written_is_refused_before_measuring(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path, tmp_path / "file" / "report.json"):
        with pytest.raises(InputError, match="name a"):
            CliRunner().invoke(
                app, ["bench", "exactness", "--json", str(place)], catch_exceptions=False
            )
