"""`RetrievalCache`: what was found for a request is found again without looking, until somebody writes."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import torch

from reweaving.errors import ConfigurationError


@dataclass(frozen=True)
class CacheKey:
    """What a result depends on: the request's content, whose memory, what was asked of it, and its state."""

    namespace: str
    generation: int
    content: bytes
    conditions: str


class RetrievalCache:
    """A bounded memory of results, each namespace's by itself; safe between threads.

    Namespaces do not share room: what one of them asks pushes out nothing of another, so nobody can
    tell from the time that an answer takes what others have asked. A result of an earlier generation
    is never given, and the first result of a new one drops those before it.

    Parameters
    ----------
    cache_size
        Most results that are kept for a namespace; 0 for none.

    Raises
    ------
    ConfigurationError
        For a size below 0.
    """

    def __init__(self, cache_size: int = 1000) -> None:
        if cache_size < 0:
            raise ConfigurationError(f"cache_size = {cache_size}: give 0 for no cache, or more")
        self.cache_size = cache_size
        self.hits = self.misses = 0
        self._lock = threading.Lock()
        self._results: dict[str, OrderedDict[CacheKey, Any]] = {}
        self._generations: dict[str, int] = {}

    def get(self, key: CacheKey) -> Any:
        """What was put for a key, or None."""
        with self._lock:
            results = self._results.get(key.namespace)
            if results is None or key not in results:
                self.misses += 1
                return None
            self.hits += 1
            results.move_to_end(key)
            return results[key]

    def put(self, key: CacheKey, result: Any) -> None:
        """Keep a result; the one that was used longest ago goes for it.

        A result of an older generation than the newest that was seen is not kept.
        """
        with self._lock:
            latest = self._generations.get(key.namespace, key.generation)
            if key.generation < latest or not self.cache_size:
                return
            results = self._results.setdefault(key.namespace, OrderedDict())
            if key.generation > latest:
                results.clear()
            self._generations[key.namespace] = key.generation
            results[key] = result
            results.move_to_end(key)
            while len(results) > self.cache_size:
                results.popitem(last=False)

    def clear(self, namespace: str | None = None) -> None:
        """Drop the results of one namespace, or all."""
        with self._lock:
            for name in [*self._results] if namespace is None else [namespace]:
                self._results.pop(name, None)
                self._generations.pop(name, None)

    def __len__(self) -> int:
        with self._lock:
            return sum(map(len, self._results.values()))


def content_digest(*tensors: torch.Tensor, texts: tuple[str, ...] = ()) -> bytes:
    """A fingerprint of what a request is made of: shapes, numbers and texts."""
    digest = hashlib.blake2b(digest_size=32)
    for tensor in tensors:
        held = tensor.detach().to("cpu", torch.float32).contiguous()
        digest.update(f"{tuple(held.shape)};".encode())
        digest.update(held.numpy().tobytes())
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        digest.update(f"{len(encoded)};".encode())
        digest.update(encoded)
    return digest.digest()
