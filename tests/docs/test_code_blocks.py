"""Every Python block of README and docs runs, in order, page by page.

A block right after ``<!-- not executed: reason -->`` is left out.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(
    r"(?P<left_out><!-- not executed: .+? -->\s*)?^```python\n(?P<code>.*?)^```",
    re.MULTILINE | re.DOTALL,
)


def blocks(page: Path) -> list[tuple[int, str]]:
    """Line number and source of each block that is to run."""
    text = page.read_text("utf-8")
    return [
        (text.count("\n", 0, match.start("code")), match["code"])
        for match in BLOCK.finditer(text)
        if not match["left_out"]
    ]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page)], ids=lambda page: str(page.relative_to(ROOT))
)
def test_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    for line, code in blocks(page):
        # Empty lines before the code make tracebacks point into the page.
        exec(compile("\n" * line + code, str(page), "exec"), names)


def test_there_is_something_to_run() -> None:
    assert any(blocks(page) for page in PAGES)
