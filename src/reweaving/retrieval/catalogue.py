"""A namespace as recall sees it: spans in the order of their sessions, their keys and their words."""

from __future__ import annotations

import threading
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import torch

from reweaving.retrieval.base import KeySource
from reweaving.retrieval.bm25 import WordIndex
from reweaving.retrieval.contextual_scorer import HeadProjection, typical_queries
from reweaving.retrieval.hierarchy import MemoryHierarchy
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.text_embedder import Embedder
from reweaving.retrieval.text_keys import TextKeys
from reweaving.retrieval.whitening import Whitener
from reweaving.retrieval.words import stems

if TYPE_CHECKING:
    from reweaving.types import MemoryEntry

_HEAD_BLOCK_TOKENS = 16_384
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
    timestamp: float = 0.0
    relevance: float = 1.0
    trust: str = "user"
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    token_ids: tuple[int, ...] = ()


def span_note(entry: MemoryEntry, known: Container[str]) -> SpanNote:
    """What is noted of an entry; a successor counts only if it is `known`."""
    return SpanNote(
        entry.id,
        entry.sequence_id,
        entry.position_idx,
        entry.tokens,
        entry.text,
        entry.superseded_by if entry.superseded_by in known else "",
        entry.timestamp,
        entry.relevance_score,
        entry.trust,
        entry.tags,
        entry.metadata,
        entry.token_ids,
    )


class Catalogue:
    """Spans of one namespace at one generation, in the order in which their keys came.

    Parameters
    ----------
    generation
        The memory's, when it was read.
    spans, keys
        Notes and keys, in the same order; keys is None when there are none.
    texts
        The spans as a text embedder sees them, where there is one.
    heads
        The model's attention heads at the key layer, where the model is at hand.
    standing
        Where the spans are a part of the namespace, candidates and a random sample of the others: for
        how many of its spans each one stands, ``(spans,)``, so that means over all can be told. None
        where they are all there is.
    previous
        Then also the span that each one is taken to stand behind, -1 for none, ``(spans,)``.
    """

    def __init__(
        self,
        generation: int,
        spans: Sequence[SpanNote],
        keys: KeyMatrix | None,
        texts: TextKeys | None = None,
        heads: HeadProjection | None = None,
        standing: torch.Tensor | None = None,
        previous: torch.Tensor | None = None,
    ) -> None:
        self.standing = standing
        if previous is not None:
            self.previous = previous  # in the place of what is told by session and position
        self.generation, self.spans, self._keys = generation, tuple(spans), keys
        self.texts, self.heads = texts, heads
        self._hierarchies: dict[int, MemoryHierarchy] = {}

    def __len__(self) -> int:
        return len(self.spans)

    @property
    def keys(self) -> KeyMatrix:
        """Keys of the spans of a catalogue that is not empty."""
        if self._keys is None:
            raise LookupError("an empty catalogue has no keys")
        return self._keys

    @cached_property
    def text_keys(self) -> KeyMatrix:
        """Token states of the text embedder, of a catalogue that is not empty."""
        if self.texts is None:
            raise LookupError("there is no text embedder")
        return self.texts.of(self.spans, self.previous.tolist())

    @cached_property
    def whitener(self) -> Whitener:
        """Whitens states by the statistics of all keys."""
        return Whitener(self.keys.states)

    @cached_property
    def whitened_keys(self) -> KeyMatrix:
        """The keys after whitening."""
        return KeyMatrix(self.whitener.whiten(self.keys.states).split(self.keys.lengths))

    @cached_property
    def pooled(self) -> torch.Tensor:
        """One state of length 1 for every span, ``(spans, hidden)``; see `KeyMatrix.pooled`."""
        return self.keys.pooled()

    def hierarchy(self, max_clusters: int) -> MemoryHierarchy:
        """Spans grouped by episode and by topic, into so many clusters at most."""
        if max_clusters not in self._hierarchies:
            made = MemoryHierarchy(self.keys.hidden, max_clusters)
            self._hierarchies[max_clusters] = made.build(self.pooled, self.sessions)
        return self._hierarchies[max_clusters]

    @cached_property
    def head_keys(self) -> torch.Tensor:
        """What every token offers to the attention heads, ``(kv_heads, total_tokens, head_dim)``."""
        if self.heads is None:
            raise LookupError("there are no attention heads")
        blocks = self.keys.states.split(_HEAD_BLOCK_TOKENS)
        return torch.cat([self.heads.keys(block.float()) for block in blocks], dim=1)

    @cached_property
    def typical_queries(self) -> torch.Tensor:
        """What the attention heads ask for on behalf of the spans' own tokens; see `typical_queries`."""
        if self.heads is None:
            raise LookupError("there are no attention heads")
        return typical_queries(self.heads, self.keys.states)

    @cached_property
    def relevance(self) -> torch.Tensor:
        """Relevance score of every span, in [0, 1]; shape ``(spans,)``."""
        return torch.tensor([span.relevance for span in self.spans]).clamp(0.0, 1.0)

    @cached_property
    def recency(self) -> torch.Tensor:
        """Place of every span in the order of time, 0 for the oldest and 1 for the newest; ``(spans,)``.

        Spans read at the same time share their place. It is an order and no age, so that it means the
        same in a memory of an hour and in one of a year, and does not change while nobody writes.
        """
        times = torch.tensor([span.timestamp for span in self.spans], dtype=torch.float64)
        moments, place = torch.unique(times, return_inverse=True)  # ascending
        return torch.as_tensor(place.float() / max(len(moments) - 1, 1))

    @cached_property
    def sessions(self) -> torch.Tensor:
        """Number of every span's session, counted in the order in which they appear; ``(spans,)``."""
        number: dict[int | str, int] = {}
        return torch.tensor([number.setdefault(span.session, len(number)) for span in self.spans])

    @cached_property
    def following(self) -> torch.Tensor:
        """For each span the one after it in its session, -1 for a session's last; ``(spans,)``."""
        after = torch.full((len(self),), -1, dtype=torch.long)
        has = self.previous >= 0
        after[self.previous[has]] = torch.arange(len(self))[has]
        return after

    @cached_property
    def lengths(self) -> torch.Tensor:
        """Tokens of every span, shape ``(spans,)``."""
        return torch.tensor([span.tokens for span in self.spans])

    @cached_property
    def words(self) -> WordIndex:
        """Word counts of every span."""
        return WordIndex([stems(span.text) for span in self.spans], self.standing)

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
    embedder
        A text embedder, where spans are to be compared by one as well.
    heads
        The model's attention heads at the key layer, where the model is at hand.
    """

    def __init__(
        self,
        source: KeySource,
        *,
        allow_untrusted: bool = False,
        embedder: Embedder | None = None,
        heads: HeadProjection | None = None,
    ) -> None:
        self._source, self._allow_untrusted, self._heads = source, allow_untrusted, heads
        self._texts = None if embedder is None else TextKeys(embedder)
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
        """Read what is new; under the lock, for keys are added where those of `_latest` lie."""
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
        spans = [span_note(entries[key], entries) for key in (*(s.id for s in kept), *states)]
        keys = KeyMatrix(list(states.values()), before) if states else before
        return Catalogue(generation, spans, keys, self._texts, self._heads)
