"""The derived index of one namespace: which few of very many spans a request may be about.

It is made from retrieval keys alone and can be made again at any time; what it finds is ranked by
the keys themselves afterwards. Nothing in it knows of another namespace.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reweaving.stores.index_cells import Cells, fitting_count, sums_of
from reweaving.stores.index_segment import Flags, Integers, Segment
from reweaving.stores.index_sketch import Floats, Sketcher
from reweaving.stores.key_mark import key_mark

_MOST_SEGMENTS = 8
_SEED = 20_405  # of the centres


@dataclass(frozen=True, eq=False)
class IndexedSpan:
    """What the index keeps of one entry.

    Attributes
    ----------
    mark
        What tells this key from an earlier one of the same entry; see `key_mark`.
    states
        The retrieval key, fp32, ``(tokens, hidden)``.
    """

    id: str
    mark: int
    session: int | str
    position: int
    states: Floats


@dataclass(frozen=True, eq=False)
class SpanIndex:
    """Sketches of the keys of a namespace, in cells; never changed, replaced by another one.

    Attributes
    ----------
    sketcher, cells
        The encoding: of whoever built the index first, kept while spans come and go.
    segments
        Spans; their numbers run through all segments.
    """

    sketcher: Sketcher
    cells: Cells
    segments: tuple[Segment, ...]

    @classmethod
    def fitted(cls, states: Sequence[Floats], tokens: int) -> SpanIndex:
        """An empty index for about `tokens` tokens, encoding as fits a sample of keys."""
        sample = np.concatenate(list(states))
        sketcher = Sketcher.fit(sample)
        cells = Cells.fit(sketcher.directions(sample), fitting_count(tokens), _SEED)
        return cls(sketcher, cells, ())

    def __len__(self) -> int:
        return sum(len(segment) for segment in self.segments)

    @property
    def tokens(self) -> int:
        """Of all spans together."""
        return sum(segment.tokens for segment in self.segments)

    @cached_property
    def offsets(self) -> Integers:
        """Number of each segment's first span, and the number of spans, ``(segments + 1,)``."""
        return np.concatenate([[0], np.cumsum([len(part) for part in self.segments])]).astype(
            np.int64
        )

    @cached_property
    def marks(self) -> NDArray[np.uint64]:
        """Mark of every span, ``(spans,)``."""
        return np.concatenate([np.empty(0, np.uint64), *(part.marks for part in self.segments)])

    @cached_property
    def ids(self) -> NDArray[np.bytes_]:
        """Id of every span, ``(spans,)``."""
        return np.concatenate([np.empty(0, "S1"), *(part.ids for part in self.segments)])

    @cached_property
    def neighbours(self) -> tuple[Integers, Integers]:
        """For each span the one before and the one after it in its session, or -1; ``(spans,)`` each."""
        before = np.full(len(self), -1, dtype=np.int64)
        after = before.copy()
        if self.segments:
            sessions = np.concatenate([part.sessions for part in self.segments])
            positions = np.concatenate([part.positions for part in self.segments])
            order = np.lexsort((positions, sessions))
            together = sessions[order[1:]] == sessions[order[:-1]]
            before[order[1:][together]] = order[:-1][together]
            after[order[:-1][together]] = order[1:][together]
        return before, after

    def sample(self, count: int) -> Integers:
        """Numbers of spans that stand for all of them, ascending.

        Those with the smallest marks, which are hashes of keys: a uniform sample that stays the same
        while few spans come and go (bottom-k sampling; Cohen and Kaplan, 2007).
        """
        if count >= len(self):
            return np.arange(len(self))
        return np.sort(np.argpartition(self.marks, count)[:count])

    def marked(self) -> dict[str, int]:
        """Mark of every entry by its id."""
        names = (name.decode() for name in self.ids.tolist())
        return dict(zip(names, self.marks.tolist(), strict=True))

    def names(self, spans: Integers) -> list[str]:
        """Ids of these spans."""
        return [name.decode() for name in self.ids[spans].tolist()]

    def with_spans(self, added: Iterable[IndexedSpan]) -> SpanIndex:
        """The index with more spans; few and similar segments are kept by joining small ones."""
        new = list(added)
        if not new:
            return self
        return replace(self, segments=_settled((*self.segments, self._segment(new))))

    def grown(self, batches: Iterable[Sequence[IndexedSpan]]) -> SpanIndex:
        """The index with very many more spans, in one segment."""
        made = [self._segment(batch) for batch in batches if batch]
        return replace(self, segments=(*self.segments, *made)).joined()

    def _segment(self, new: Sequence[IndexedSpan]) -> Segment:
        states = np.concatenate([span.states for span in new])
        sketches = self.sketcher.encode(states)
        return Segment.of(
            np.array([span.id.encode() for span in new]),
            np.array([span.mark for span in new], dtype=np.uint64),
            np.array([_session_hash(span.session) for span in new], dtype=np.uint64),
            np.array([span.position for span in new], dtype=np.int64),
            np.array([len(span.states) for span in new], dtype=np.int64),
            sketches,
            self.cells.nearest(Sketcher.decode(sketches)),
            len(self.cells),
        )

    def without(self, gone: Collection[str]) -> SpanIndex:
        """The index without these entries; nothing of them is left in it.

        Centres are means of the tokens that fell into them when the index was made, and one token
        may be all there was: those of cells that lose a token are made anew from what remains.
        """
        names = np.array([name.encode() for name in gone]) if gone else np.empty(0, "S1")
        lost = np.zeros(len(self.cells), dtype=np.bool_)
        kept = []
        for segment in self.segments:
            leaving: Flags = np.isin(segment.ids, names)
            if not leaving.any():
                kept.append(segment)
                continue
            tokens, _ = segment.tokens_of(np.flatnonzero(leaving))
            lost[segment.cells[tokens]] = True
            staying = np.flatnonzero(~leaving)
            if len(staying):
                kept.append(segment.kept(staying))
        return SpanIndex(self.sketcher, _remade(self.cells, lost, kept), tuple(kept))

    def joined(self) -> SpanIndex:
        """The same spans in one segment, as they are written to a file."""
        if len(self.segments) < 2:
            return self
        return replace(self, segments=(Segment.joined(self.segments),))


def _session_hash(session: int | str) -> int:
    return key_mark(f"{type(session).__name__} {session}")


def _settled(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """At most a few segments: the smallest ones are joined, so that each token moves O(log n) times."""
    while len(segments) > _MOST_SEGMENTS:
        smaller = min(
            range(len(segments) - 1), key=lambda at: segments[at].tokens + segments[at + 1].tokens
        )
        together = Segment.joined(segments[smaller : smaller + 2])
        segments = (*segments[:smaller], together, *segments[smaller + 2 :])
    return segments


def _remade(cells: Cells, lost: Flags, segments: Sequence[Segment]) -> Cells:
    """Centres of the `lost` cells as means of what is in them now; zeros where nothing is."""
    number = np.cumsum(lost) - 1  # of each lost cell among them
    sums = np.zeros((int(lost.sum()), cells.centres.shape[1]), dtype=np.float32)
    held = np.zeros(len(cells), dtype=np.int64)
    for part in segments:
        held += np.diff(part.bounds)
        left = np.flatnonzero(lost[part.cells])
        rows = Sketcher.decode(part.sketches[left])
        sums += sums_of(rows, number[part.cells[left]], len(sums))
    return cells.remade(lost, sums, held)
