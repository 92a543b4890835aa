"""Fail when a test was skipped that tests/QUARANTINES.md does not name."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree


def skipped(report: Path) -> dict[str, str]:
    """Skipped tests of a JUnit report, as ``module::name`` with the reason."""
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        skip = case.find("skipped")
        if skip is not None:
            name = re.sub(r"\[.*\]$", "", case.get("name", ""))
            found[f"{case.get('classname')}::{name}"] = skip.get("message", "")
    return found


def quarantined(page: Path) -> set[str]:
    """Tests named in the first column of the page's table, in backticks."""
    return set(re.findall(r"^\|\s*`([^`]+)`\s*\|", page.read_text("utf-8"), re.MULTILINE))


def main(report: str, page: str) -> int:
    found = skipped(Path(report))
    unknown = {name: why for name, why in found.items() if name not in quarantined(Path(page))}
    for name, why in unknown.items():
        print(f"skipped but not listed in {page}: {name} ({why})")
    print(f"skips: {len(found)}, of which not accounted for: {len(unknown)}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
