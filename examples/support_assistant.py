"""A support assistant learns the device and the plan once, and knows them next time."""

from __future__ import annotations

from typing import Any

from assistant import told_and_asked

SAID = ["My router is a Lumatel R7.", "My subscription plan is called Family Plus."]
ASKED = {"What is my router?": "Lumatel R7", "What is my subscription plan called?": "Family Plus"}


def main(loaded: tuple[Any, Any] | None = None) -> list[str]:
    return told_and_asked(SAID, list(ASKED), loaded)


if __name__ == "__main__":
    main()
