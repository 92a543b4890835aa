"""The command line as a user starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reweaving import Memory
from reweaving.cli import main as main_module
from reweaving.cli.files import prepare_file, prepare_folder
from reweaving.cli.main import app, main
from reweaving.errors import (
    ConfigurationError,
    DamagedEntryError,
    InputError,
    WeightsNotFoundError,
)
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


def test_a_file_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    there, fresh, dangling = (tmp_path / name for name in ("there", "fresh", "dangling"))
    there.write_text("mine")
    dangling.symlink_to(tmp_path / "missing" / "file")
    prepare_file(there)
    prepare_file(fresh)
    assert there.read_text() == "mine"
    assert not fresh.exists()
    for wrong in (dangling, tmp_path / ("x" * 300)):
        with pytest.raises(InputError, match=r"cannot be written: .* name another file"):
            prepare_file(wrong)


def test_a_folder_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    prepare_folder(tmp_path / "new" / "folder")
    assert list((tmp_path / "new" / "folder").iterdir()) == []
    for wrong in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match=r"cannot be written: .* name another folder"):
            prepare_folder(wrong)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder that refuses even root")
def test_a_folder_that_refuses_files_is_refused() -> None:
    with pytest.raises(InputError, match="/proc cannot be written"):
        prepare_folder(Path("/proc"))


def refused(*arguments: str) -> BaseException | None:
    """What a command ends with whose model is not there: the mistake that is noticed first."""
    return CliRunner().invoke(app, [*arguments, "--model", "/no/such/model"]).exception


def test_what_cannot_be_read_or_written_is_known_before_the_model(tmp_path: Path) -> None:
    text, latin = tmp_path / "text.txt", tmp_path / "latin.txt"
    text.write_text("words", "utf-8")
    latin.write_bytes("für".encode("latin-1"))
    train = ["train-blender", "--out", str(tmp_path / "out"), "--text", str(text)]
    assert isinstance(refused(*train), WeightsNotFoundError), "the premise of this test"
    for command in (
        ["tune", "--out", str(text)],
        ["train-blender", "--text", str(text), "--out", str(text)],
    ):
        error = refused(*command)
        assert isinstance(error, InputError)
        assert "name another folder" in str(error)
    for wrong, told in (
        (latin, "no text in UTF-8: byte 1 is 0xfc"),
        (tmp_path / "x", "no such file"),
        (tmp_path, "cannot be read"),
    ):
        error = refused(*train, "--text", str(wrong))
        assert isinstance(error, InputError)
        assert told in str(error)


@pytest.mark.parametrize("name", ["chat", "calibrate"])
def test_the_memory_may_come_from_the_environment(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CMR_MEMORY", "mine")
    assert isinstance(refused(name), WeightsNotFoundError)
    assert isinstance(refused(name, "-m", "other", "-n", "bob"), WeightsNotFoundError)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "other"]
    monkeypatch.setenv("CMR_NAMESPACE", "no spaces")
    assert "'no spaces'" in str(refused(name))


@pytest.mark.parametrize(
    "command",
    [
        ["chat"],
        ["calibrate"],
        ["train-blender", "--text", __file__],
        ["memory", "reencode", "--yes"],
    ],
)
def test_the_device_may_be_chosen(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Memory.open("memory").close()
    for device, told in (("quantum", "use auto, cpu, cuda"), ("cuda:99", "is not on this machine")):
        error = refused(*command, "--device", device)
        assert isinstance(error, ConfigurationError)
        assert told in str(error)
