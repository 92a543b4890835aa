"""A writing copilot keeps the project's name and its tone."""

from __future__ import annotations

from typing import Any

from assistant import told_and_asked

SAID = [
    "My project is called Saltwater Lanterns.",
    "Please keep the tone of my texts concise and friendly.",
]
ASKED = {
    "What is my project called?": "Saltwater Lanterns",
    "Which tone do my texts have?": "concise",
}


def main(loaded: tuple[Any, Any] | None = None) -> list[str]:
    return told_and_asked(SAID, list(ASKED), loaded)


if __name__ == "__main__":
    main()
