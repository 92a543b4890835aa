"""Recall in two stages: the index names candidates, and only their keys and rows are read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
import torch

from reweaving.retrieval.base import KeySource, RetrievalContext
from reweaving.retrieval.catalogue import Catalogue, SpanNote, span_note
from reweaving.retrieval.contextual_scorer import HeadProjection
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.late_interaction import token_shares
from reweaving.retrieval.words import stems
from reweaving.stores.base import KeyMark, KeyState
from reweaving.stores.index import IndexedSpan, SpanIndex
from reweaving.stores.index_cells import PER_CELL, fitting_count
from reweaving.stores.index_search import (
    IndexQuery,
    candidate_count,
    chance_of_all,
    nearest_spans,
)
from reweaving.stores.index_segment import Integers
from reweaving.stores.index_sketch import Floats
from reweaving.types import MemoryEntry

FEWEST = 8_192
"""Spans from which on the index is used; docs/decisions/0008-index.md has the figures."""

_BY_WORDS = 64
_WITH_CONTEXT = 16  # best candidates whose neighbours in the session come along
_REACH = 16  # how many on each side: as far as `inherit` looks back
_SAMPLED = 256  # spans that stand for all others
_FITTED = 2_048  # spans that the encoding is fitted to; cells to as many as they need
_PAGE = 512
_GROWN = 4  # an index that has grown so many times over is encoded anew
_WORTH_SAVING = 0.02  # part of the spans that changed since the index was kept


@runtime_checkable
class IndexedSource(KeySource, Protocol):
    """A memory that can show a few of its keys, and keep an index; `reweaving.Memory` is one."""

    def key_marks(self) -> Iterator[KeyMark]:
        """Which entries have a retrieval key, and which key."""

    def keys_of(self, ids: Sequence[str]) -> list[KeyState]:
        """Retrieval keys of these entries, in this order."""

    def rows_of(self, ids: Sequence[str]) -> list[MemoryEntry]:
        """Entries without their states, in the order of `ids`."""

    def word_matches(self, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores of the entries whose words fit best, best first."""

    def load_index(self) -> SpanIndex | None:
        """The derived index that was kept last, of whatever generation."""

    def save_index(self, index: SpanIndex, generation: int) -> bool:
        """Keep a derived index, unless the namespace has another generation by now."""


@dataclass(frozen=True, eq=False)
class _Indexed:
    """An index of one generation, with the keys of the sample at hand."""

    generation: int
    index: SpanIndex
    source: IndexedSource

    @cached_property
    def mean(self) -> torch.Tensor:
        """What keys are centred on, ``(hidden,)``: the mean over the spans that were fitted."""
        return torch.from_numpy(self.index.sketcher.mean)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number of every entry in the index."""
        return {name: at for at, name in enumerate(self.index.marked())}

    @cached_property
    def sample(self) -> dict[int, torch.Tensor]:
        """Keys of the sample, by number; entries that are gone are left out."""
        return dict(self._read(self.index.sample(_SAMPLED)))

    def states(self, spans: Integers) -> dict[int, torch.Tensor]:
        """Keys of these spans, by number."""
        wanted = spans[~np.isin(spans, list(self.sample))]
        found = dict(self._read(wanted)) if len(wanted) else {}
        return {
            at: key
            for at in spans.tolist()
            if (key := found.get(at, self.sample.get(at))) is not None
        }

    def _read(self, spans: Integers) -> Iterator[tuple[int, torch.Tensor]]:
        for key in self.source.keys_of(self.index.names(spans)):
            yield self.numbers[key.id], key.state


class CandidateReader:
    """Makes a catalogue of what a request may be about, out of a memory too large to be read whole.

    Safe between threads. The index is brought up to date when the memory's generation has changed:
    entries are told apart by the digests of their keys, so a file that is old, or another process's,
    costs only the difference.

    Parameters
    ----------
    source
        The memory.
    allow_untrusted
        Whether entries in quarantine can be candidates; where they cannot, nothing of them reaches
        the index.
    heads
        The model's attention heads at the key layer, where the model is at hand.
    fewest
        Spans from which on the index is used.
    """

    def __init__(
        self,
        source: IndexedSource,
        *,
        allow_untrusted: bool = False,
        heads: HeadProjection | None = None,
        fewest: int = FEWEST,
    ) -> None:
        self._heads = heads
        self._source, self._allow_untrusted, self._fewest = source, allow_untrusted, fewest
        self._lock = threading.Lock()
        self._latest: _Indexed | None = None
        self._too_few_at = -1  # the generation at which there were too few spans

    def catalogue(self, context: RetrievalContext) -> Catalogue | None:
        """Candidates and a random sample, with exact keys; None where all spans are to be read.

        That is the case below `fewest` spans, and for requests with filters: what meets them may be
        far down in any list of candidates.
        """
        if context.filters.are_set or not len(context.states()):
            return None
        with self._lock:
            indexed = self._current()
        return None if indexed is None else self._gather(indexed, context)

    # -- the index ---------------------------------------------------------------------------------

    def _current(self) -> _Indexed | None:
        generation = self._source.generation
        if self._too_few_at == generation:
            return None
        if self._latest is None or self._latest.generation != generation:
            marks = {
                mark.id: mark.mark
                for mark in self._source.key_marks()
                if self._allow_untrusted or mark.trust != "untrusted"
            }
            if len(marks) < self._fewest:
                self._latest, self._too_few_at = None, generation
                return None
            self._latest = _Indexed(generation, self._renewed(marks, generation), self._source)
        return self._latest

    def _renewed(self, marks: dict[str, int], generation: int) -> SpanIndex:
        index = self._source.load_index() if self._latest is None else self._latest.index
        if index is None:
            return self._built(marks, generation)
        held = index.marked()
        gone = [key for key, mark in held.items() if marks.get(key) != mark]
        fresh = [key for key, mark in marks.items() if held.get(key) != mark]
        if len(gone) + len(fresh) > len(marks) // 2 or len(marks) > _GROWN * max(1, len(held)):
            return self._built(marks, generation)
        index = index.without(gone) if gone else index
        for spans in self._spans(fresh, marks):
            index = index.with_spans(spans)
        if self._latest is None and len(gone) + len(fresh) > _WORTH_SAVING * len(marks):
            self._source.save_index(index, generation)
        return index

    def _built(self, marks: dict[str, int], generation: int) -> SpanIndex:
        names = list(marks)
        drawn = np.random.default_rng(len(names)).permutation(len(names))
        sample = self._states(names, drawn[:_FITTED], marks)
        length = sum(map(len, sample)) / max(1, len(sample))  # tokens in a span
        tokens = int(length * len(names))
        enough = int(PER_CELL * fitting_count(tokens) / max(1.0, length))
        sample += self._states(names, drawn[_FITTED:enough], marks)
        index = SpanIndex.fitted(sample, tokens).grown(self._spans(names, marks))
        self._source.save_index(index, generation)
        return index

    def _states(self, names: Sequence[str], drawn: Integers, marks: dict[str, int]) -> list[Floats]:
        chosen = [names[at] for at in np.sort(drawn).tolist()]
        return [span.states for spans in self._spans(chosen, marks) for span in spans]

    def _spans(self, names: Sequence[str], marks: dict[str, int]) -> Iterator[list[IndexedSpan]]:
        for start in range(0, len(names), _PAGE):
            page = names[start : start + _PAGE]
            yield [
                IndexedSpan(key.id, marks[key.id], key.session, key.position, _numbers(key.state))
                for key in self._source.keys_of(page)
            ]

    # -- one request -------------------------------------------------------------------------------

    def _gather(self, indexed: _Indexed, context: RetrievalContext) -> Catalogue | None:
        chosen = self._chosen(indexed, context)
        sample = np.array(list(indexed.sample), dtype=np.int64)
        others = sample[~np.isin(sample, chosen)]
        states = indexed.states(np.concatenate([chosen, others]))
        rows = self._source.rows_of(indexed.index.names(np.array(list(states))))
        notes = self._notes(rows)
        kept = [note for note in notes if indexed.numbers[note.id] in states]
        if not kept:
            return None
        keys = [states[indexed.numbers[note.id]] for note in kept]
        by_chance = np.isin([indexed.numbers[note.id] for note in kept], others)
        standing = torch.ones(len(kept))
        if by_chance.any():
            left = len(indexed.index) - int((~by_chance).sum())
            standing[torch.from_numpy(by_chance)] = max(1.0, left / int(by_chance.sum()))
        numbers = np.array([indexed.numbers[note.id] for note in kept], dtype=np.int64)
        return Catalogue(
            indexed.generation,
            kept,
            KeyMatrix(keys, mean=indexed.mean),
            heads=self._heads,
            standing=standing,
            previous=torch.from_numpy(_previous(indexed.index, numbers)),
        )

    def _chosen(self, indexed: _Indexed, context: RetrievalContext) -> Integers:
        """Numbers of the candidates, by states and by words, and of the neighbours of the best."""
        index, states = indexed.index, context.states()
        shares = token_shares(context.query_words, context.query_text, len(states))

        def exact(spans: Integers) -> Floats:
            found = indexed.states(spans)
            if not found:  # all of them were deleted since; nothing is met
                return np.full((len(states), 1), -1, dtype=np.float32)
            return _numbers(KeyMatrix(list(found.values()), mean=indexed.mean).best_matches(states))

        asked = _numbers(states)
        sample = np.array(list(indexed.sample), dtype=np.int64)
        chance = chance_of_all(index, asked, sample, exact(sample))
        query = IndexQuery(asked, _numbers(shares), chance)
        near = nearest_spans(index, query, candidate_count(len(index)), exact)
        words = self._by_words(indexed, context.query_text)
        best = np.concatenate([near[:_WITH_CONTEXT], words[:_WITH_CONTEXT]])
        return np.unique(np.concatenate([near, words, _around(index, best)]))

    def _by_words(self, indexed: _Indexed, text: str) -> Integers:
        asked = " ".join(dict.fromkeys(stems(text)))
        found = self._source.word_matches(asked, _BY_WORDS) if asked else []
        numbers = [indexed.numbers[name] for name, _ in found if name in indexed.numbers]
        return np.array(numbers, dtype=np.int64)

    def _notes(self, rows: Sequence[MemoryEntry]) -> list[SpanNote]:
        """Notes of rows; a successor that is not among them is looked up."""
        allowed = [row for row in rows if self._allow_untrusted or row.trust != "untrusted"]
        named = {row.superseded_by for row in allowed if row.superseded_by}
        known = {
            row.id
            for row in self._source.rows_of(sorted(named))
            if self._allow_untrusted or row.trust != "untrusted"
        }
        return [span_note(row, known) for row in allowed]


def _previous(index: SpanIndex, numbers: Integers) -> Integers:
    """For each candidate the place of the nearest one that stands up to `_REACH` spans before it, else -1."""
    before = index.neighbours[0]
    place = np.full(len(before), -1, dtype=np.int64)
    place[numbers] = np.arange(len(numbers))
    found, at = np.full(len(numbers), -1, dtype=np.int64), numbers
    for _ in range(_REACH):
        at = np.where(at >= 0, before[at], -1)
        found = np.where((found < 0) & (at >= 0), place[at], found)
    return found


def _around(index: SpanIndex, spans: Integers) -> Integers:
    """Numbers of the spans up to `_REACH` before and behind these in their sessions."""
    found = [spans]
    for links in index.neighbours:
        step = spans
        for _ in range(_REACH):
            step = links[step]
            step = step[step >= 0]
            if not len(step):
                break
            found.append(step)
    return np.concatenate(found)


def _numbers(tensor: torch.Tensor) -> Floats:
    return np.asarray(tensor.detach().to("cpu", torch.float32).numpy())
