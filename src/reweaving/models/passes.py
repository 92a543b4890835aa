"""One pass of a model with a memory, and the sums over all of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reweaving.types import MemoryEntry, Recollection


@dataclass
class MemoryPass:
    """What one pass recalled, kept and took.

    Attributes
    ----------
    found
        What was woven, one list per row of the batch.
    kept
        What was stored.
    tokens
        Real tokens that were read, and what was written.
    candidates
        Entries that were held when recall began.
    seconds
        Wall time of the stages ``retrieval``, ``model`` and ``capture``.
    """

    found: Sequence[Sequence[Recollection]] = ()
    kept: list[MemoryEntry] = field(default_factory=list)
    tokens: int = 0
    candidates: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add what happens meanwhile to a stage's time."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - began

    @property
    def total_seconds(self) -> float:
        """All stages together."""
        return sum(self.seconds.values())

    @property
    def woven(self) -> int:
        """How many entries were woven, over all rows."""
        return sum(len(row) for row in self.found)

    @property
    def woven_tokens(self) -> int:
        """How many tokens they have."""
        return sum(hit.tokens for row in self.found for hit in row)

    def described(self) -> dict[str, Any]:
        """What was woven and what was kept, entry by entry."""
        return {
            "woven": [
                {"row": row, "score": hit.score, **_described(hit.entry)}
                for row, hits in enumerate(self.found)
                for hit in hits
            ],
            "stored": [_described(entry) for entry in self.kept],
        }


@dataclass
class Totals:
    """Sums over all passes of one model."""

    passes: int = 0
    tokens: int = 0
    seconds: float = 0.0
    recalls: int = 0
    abstained: int = 0
    woven: int = 0

    def add(self, done: MemoryPass) -> None:
        """Count a finished pass."""
        self.passes += 1
        self.tokens += done.tokens
        self.seconds += done.total_seconds
        if "retrieval" in done.seconds:
            self.recalls += 1
            self.abstained += not done.woven
        self.woven += done.woven

    def performance(self, last: MemoryPass) -> dict[str, Any]:
        """Times in seconds, of the last pass and of all of them."""
        return {
            "forward_time": last.total_seconds,
            "model_time": last.seconds.get("model", 0.0),
            "retrieval_time": last.seconds.get("retrieval", 0.0),
            "capture_time": last.seconds.get("capture", 0.0),
            "tokens": last.tokens,
            "tokens_per_second": last.tokens / max(last.total_seconds, 1e-9),
            "total_forward_passes": self.passes,
            "total_tokens": self.tokens,
            "total_time": self.seconds,
            "average_forward_time": self.seconds / max(self.passes, 1),
        }

    def retrieval(self, last: MemoryPass) -> dict[str, Any]:
        """What recall did in the last pass, and in all of them."""
        return {
            "candidates": last.candidates,
            "woven_entries": last.woven,
            "woven_tokens": last.woven_tokens,
            "retrieval_time": last.seconds.get("retrieval", 0.0),
            "total_recalls": self.recalls,
            "total_abstained": self.abstained,
            "total_woven_entries": self.woven,
        }


def _described(entry: MemoryEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "sequence_id": entry.sequence_id,
        "position_idx": entry.position_idx,
        "layers": list(entry.layers),
        "tokens": entry.tokens,
        "relevance_score": entry.relevance_score,
        "text": entry.text,
    }
