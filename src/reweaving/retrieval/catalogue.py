"""A namespace as recall sees it: spans in the order of their sessions, their keys and their words."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import torch

from reweaving.retrieval.base import KeySource
from reweaving.retrieval.bm25 import WordIndex
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.words import stems

_FEW = 64  # so many new spans are fetched one by one; more are read with all the others


@dataclass(frozen=True)
class SpanNote:
    """What a catalogue knows of one span besides its keys."""

    id: str
    session: int | str
    position: int
    tokens: int
    text: str
    superseded_by: str = ""


class Catalogue:
    """Spans of one namespace at one generation, in the order in which their keys came.

    Parameters
    ----------
    generation
        The memory's, when it was read.
    spans, keys
        Notes and keys, in the same order; keys is None when there are none.
    """

    def __init__(self, generation: int, spans: Sequence[SpanNote], keys: KeyMatrix | None) -> None:
        self.generation, self.spans, self._keys = generation, tuple(spans), keys

    def __len__(self) -> int:
        return len(self.spans)

    @property
    def keys(self) -> KeyMatrix:
        """Keys of the spans of a catalogue that is not empty."""
        if self._keys is None:
            raise LookupError("an empty catalogue has no keys")
        return self._keys

    @cached_property
    def lengths(self) -> torch.Tensor:
        """Tokens of every span, shape ``(spans,)``."""
        return torch.tensor([span.tokens for span in self.spans])

    @cached_property
    def words(self) -> WordIndex:
        """Word counts of every span."""
        return WordIndex([stems(span.text) for span in self.spans])

    @cached_property
    def previous(self) -> torch.Tensor:
        """For each span the one before it in its session, -1 for a session's first; ``(spans,)``."""
        order = sorted(
            range(len(self)),
            key=lambda at: (
                str(self.spans[at].session),
                self.spans[at].position,
                self.spans[at].id,
            ),
        )
        before = torch.full((len(self),), -1, dtype=torch.long)
        for earlier, later in pairwise(order):
            if self.spans[earlier].session == self.spans[later].session:
                before[later] = earlier
        return before

    @cached_property
    def superseded(self) -> tuple[tuple[int, str], ...]:
        """Spans that another entry has put out of date, each with that entry's id."""
        return tuple(
            (at, span.superseded_by) for at, span in enumerate(self.spans) if span.superseded_by
        )

    @cached_property
    def known(self) -> frozenset[str]:
        """Ids of all spans."""
        return frozenset(span.id for span in self.spans)


class CatalogueReader:
    """Keeps one memory's catalogue at hand and reads what has changed since; safe between threads.

    Parameters
    ----------
    source
        The memory.
    allow_untrusted
        Whether entries in quarantine are in the catalogue; where they are not, nothing of them can
        reach a score, a mean or a count.
    """

    def __init__(self, source: KeySource, *, allow_untrusted: bool = False) -> None:
        self._source, self._allow_untrusted = source, allow_untrusted
        self._lock = threading.Lock()
        self._latest: Catalogue | None = None

    def latest(self) -> Catalogue:
        """The catalogue of the memory's present generation."""
        with self._lock:
            generation = self._source.generation
            if self._latest is None or self._latest.generation != generation:
                self._latest = self._read(generation)
            return self._latest

    def _read(self, generation: int) -> Catalogue:
        entries = {
            entry.id: entry
            for entry in self._source.entries()
            if self._allow_untrusted or entry.trust != "untrusted"
        }
        old = self._latest
        fresh = [] if old is None else [key for key in entries if key not in old.known]
        grown = old is not None and len(old) > 0 and old.known <= entries.keys()
        kept = old.spans if old is not None and grown else ()
        before = old.keys if old is not None and grown else None
        states: dict[str, torch.Tensor] = {}
        if grown and len(fresh) <= _FEW:
            for entry in self._source.get_many(fresh):
                if entry.key_state is not None:
                    states[entry.id] = entry.key_state
        else:
            kept, before = (), None
            states = {key.id: key.state for key in self._source.key_states() if key.id in entries}
        spans = [
            SpanNote(
                key,
                entry.sequence_id,
                entry.position_idx,
                entry.tokens,
                entry.text,
                entry.superseded_by if entry.superseded_by in entries else "",
            )
            for key, entry in ((key, entries[key]) for key in (*(s.id for s in kept), *states))
        ]
        keys = KeyMatrix(list(states.values()), before) if states else before
        return Catalogue(generation, spans, keys)
