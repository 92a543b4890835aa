"""A banking helper remembers the payday and the preferred account."""

from __future__ import annotations

from typing import Any

from assistant import told_and_asked

SAID = [
    "My payday is every other Friday.",
    "My preferred account for transfers is called Blue Harbour.",
]
ASKED = {
    "When is my payday?": "every other Friday",
    "What is my preferred account for transfers called?": "Blue Harbour",
}


def main(loaded: tuple[Any, Any] | None = None) -> list[str]:
    return told_and_asked(SAID, list(ASKED), loaded)


if __name__ == "__main__":
    main()
