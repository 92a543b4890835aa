"""Which spans of an index come nearest to a request: sketches propose, the keys themselves weigh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reweaving.stores.index import SpanIndex
from reweaving.stores.index_segment import Integers
from reweaving.stores.index_sketch import Floats

Matches = Callable[[Integers], Floats]
"""Exact best match of each of a request's tokens in each of these spans, ``(tokens, spans)``."""

_REACHED = 0.04  # part of all tokens that is in the cells looked into for one token of a request
_COUNTING = 0.02  # tokens whose weight is a smaller part of the largest one do not propose spans
_RANKED = 10  # times as many spans as are asked for have their sketches compared with all tokens
_CONTROLLED = 4_096  # spans whose sketches correct what a sample of keys says of all of them
_WEIGHED = 4  # spans for each token in which its best match is looked for exactly


def candidate_count(spans: int) -> int:
    """How many candidates so many spans need: more spans are nearly as good as the best ones, then."""
    return int(min(3072, max(1536, 3.072 * np.sqrt(spans))))


@dataclass(frozen=True, eq=False)
class IndexQuery:
    """A request, as the index sees it.

    Attributes
    ----------
    states
        Shape ``(tokens, hidden)``.
    shares
        How much each token may count, ``(tokens,)``.
    chance
        Mean over the store's spans of each token's exact best match, ``(tokens,)``: over a fixed
        random sample of them.
    sharpness
        Power to which standing out of chance counts, as in `LateInteraction`.
    """

    states: Floats
    shares: Floats
    chance: Floats
    sharpness: float = 2.0

    def weights(self, best: Floats) -> Floats:
        """Weight of each token, ``(tokens,)``; the shares alone where nothing stands out."""
        weights = self.shares * np.maximum(best - self.chance, 0) ** self.sharpness
        return weights if weights.sum() > 0 else self.shares


def chance_of_all(index: SpanIndex, states: Floats, sample: Integers, met: Floats) -> Floats:
    """Mean best match of each token over all spans, from the keys of a sample, ``(tokens,)``.

    The sample's mean, plus how far its sketches lie below those of a larger sample: sketches follow
    keys closely, so most of the sample's accident is taken out (a control variate; Cochran, 1977,
    §7.1).

    Parameters
    ----------
    states
        Of the request, ``(tokens, hidden)``.
    sample, met
        Numbers of spans from `SpanIndex.sample`, and their exact matches ``(tokens, spans)``.
    """
    chance: Floats = met.mean(axis=1)
    larger = index.sample(_CONTROLLED)
    if len(larger) > len(sample):
        sketched = _matches(index, larger, index.sketcher.directions(states))
        chance += sketched.mean(axis=1) - sketched[:, np.isin(larger, sample)].mean(axis=1)
    return chance


def nearest_spans(index: SpanIndex, query: IndexQuery, count: int, exact: Matches) -> Integers:
    """Numbers of the spans that match best by their sketches, best first.

    Three steps, as in PLAID (Santhanam et al., 2022) and XTR (Lee et al., 2023). For each token of the
    request a span gets the closeness of the nearest cell that it has a token in, and that of the farthest
    cell looked into when it has none there. Of the best spans all sketches are compared. Sketches
    order a token's matches well and tell badly how good they are, and weights are made of that: so
    each token's best match is taken from the keys of the few spans that its sketches match best.

    Parameters
    ----------
    exact
        Reads keys; called once, for a few spans of each token.
    """
    if not len(index):
        return np.empty(0, dtype=np.int64)
    directions = index.sketcher.directions(query.states)
    first = _near(index, query, directions, _RANKED * count)
    met = _matches(index, first, directions)  # (tokens, spans)
    few = min(_WEIGHED, len(first))
    telling = np.unique(first[np.argpartition(-met, few - 1, axis=1)[:, :few]])
    scores = query.weights(exact(telling).max(axis=1)) @ met
    return first[np.argsort(-scores, kind="stable")[:count]]


def _near(index: SpanIndex, query: IndexQuery, directions: Floats, count: int) -> Integers:
    """Spans with tokens in the cells nearest to the tokens that count, ascending."""
    if len(index) <= count:
        return np.arange(len(index))
    closeness = directions @ index.cells.centres.T  # (tokens, cells)
    promised = query.weights(closeness.max(axis=1))
    counting = np.flatnonzero(promised >= _COUNTING * promised.max())
    sizes = np.sum([np.diff(segment.bounds) for segment in index.segments], axis=0)
    total = np.zeros(len(index), dtype=np.float32)
    for token in counting.tolist():
        order = np.argsort(-closeness[token])
        reached = int(np.searchsorted(np.cumsum(sizes[order]), _REACHED * index.tokens))
        near = order[: reached + 1][::-1]
        met = np.full(len(index), closeness[token, near[0]], dtype=np.float32)
        for segment, offset in zip(index.segments, index.offsets.tolist(), strict=False):
            segment.lift(met[offset : offset + len(segment)], near, closeness[token])
        total += promised[token] * met
    return np.sort(np.argpartition(-total, count)[:count])


def _matches(index: SpanIndex, spans: Integers, directions: Floats) -> Floats:
    """Largest cosine of each direction in each span, ``(tokens, spans)``, in the order of `spans`."""
    met = np.empty((len(directions), len(spans)), dtype=np.float32)
    for segment, offset in zip(index.segments, index.offsets.tolist(), strict=False):
        own = np.flatnonzero((spans >= offset) & (spans < offset + len(segment)))
        met[:, own] = segment.matches(spans[own] - offset, directions)
    return met
