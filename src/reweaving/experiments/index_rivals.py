"""faiss and usearch used directly: one vector for each span, their nearest ones ranked by the keys."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from reweaving.errors import ConfigurationError
from reweaving.experiments.index_muvera import FixedEncoding
from reweaving.experiments.index_states import SPAN_TOKENS
from reweaving.stores.index_sketch import Floats

_LISTS, _PROBED = 1024, 64  # faiss: lists of its inverted file, and how many are searched
_EXPANSION = 1024  # usearch: how many candidates its graph search keeps


class FixedKey(ABC):
    """A way to make one vector of a span's sketches, and one of a request's."""

    name: str
    size: int

    @abstractmethod
    def spans(self, directions: Floats) -> Floats:
        """``(spans · SPAN_TOKENS, dimensions)`` to ``(spans, size)``."""

    @abstractmethod
    def query(self, directions: Floats, weights: Floats) -> Floats:
        """``(tokens, dimensions)`` and ``(tokens,)`` to ``(size,)``."""


class MeanKey(FixedKey):
    """The projected, centred mean."""

    name = "mean"

    def __init__(self, dimensions: int) -> None:
        self.size = dimensions

    def spans(self, directions: Floats) -> Floats:
        """Mean of each span's tokens."""
        return np.asarray(directions.reshape(-1, SPAN_TOKENS, self.size).mean(axis=1))

    def query(self, directions: Floats, weights: Floats) -> Floats:
        """Weighted sum of the request's tokens."""
        return np.asarray(weights @ directions)


class MuveraKey(FixedKey):
    """MUVERA's encoding."""

    name = "MUVERA"

    def __init__(self, dimensions: int, seed: int) -> None:
        self._encoding = FixedEncoding(dimensions, seed)
        self.size = self._encoding.size

    def spans(self, directions: Floats) -> Floats:
        """See `FixedEncoding.spans`."""
        return self._encoding.spans(directions, SPAN_TOKENS)

    def query(self, directions: Floats, weights: Floats) -> Floats:
        """See `FixedEncoding.query`."""
        return self._encoding.query(directions, weights)


class Rival(ABC):
    """An index of another library: filled in batches, then asked for the nearest by inner product."""

    name: str

    @abstractmethod
    def add(self, vectors: Floats) -> None:
        """Add vectors ``(spans, size)``; they are numbered in this order."""

    @abstractmethod
    def nearest(self, vector: Floats, count: int) -> NDArray[np.int64]:
        """Numbers of the nearest, ``(count,)`` or fewer."""


class Usearch(Rival):
    """A graph (HNSW; Malkov and Yashunin, 2018) over vectors of half precision."""

    name = "usearch HNSW"

    def __init__(self, size: int) -> None:
        try:
            from usearch.index import Index
        except ImportError as missing:
            raise _missing("usearch") from missing
        self._index = Index(ndim=size, metric="ip", dtype="f16", expansion_search=_EXPANSION)
        self._held = 0

    def add(self, vectors: Floats) -> None:
        """Add them to the graph."""
        numbers = np.arange(self._held, self._held + len(vectors), dtype=np.uint64)
        self._index.add(numbers, vectors, threads=1)
        self._held += len(vectors)

    def nearest(self, vector: Floats, count: int) -> NDArray[np.int64]:
        """Approximate."""
        return np.asarray(self._index.search(vector, count, threads=1).keys, dtype=np.int64)


class Faiss(Rival):
    """An inverted file over vectors of one byte for each number (IVF-SQ8)."""

    name = "faiss IVF-SQ8"

    def __init__(self, size: int) -> None:
        try:
            import faiss
        except ImportError as missing:
            raise _missing("faiss") from missing
        faiss.omp_set_num_threads(1)
        self._index = faiss.index_factory(size, f"IVF{_LISTS},SQ8", faiss.METRIC_INNER_PRODUCT)
        faiss.extract_index_ivf(self._index).nprobe = _PROBED

    def add(self, vectors: Floats) -> None:
        """Add them; the first batch decides the lists."""
        if not self._index.is_trained:
            self._index.train(vectors)
        self._index.add(vectors)

    def nearest(self, vector: Floats, count: int) -> NDArray[np.int64]:
        """Approximate."""
        found = self._index.search(vector[None], count)[1][0]
        return np.asarray(found[found >= 0], dtype=np.int64)


def _missing(library: str) -> ConfigurationError:
    return ConfigurationError(
        f"the comparison needs {library}; install it with: pip install 'reweaving[bench]'"
    )
