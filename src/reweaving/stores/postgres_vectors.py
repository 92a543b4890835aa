"""One direction per entry for pgvector: the mean of its retrieval key, projected to a fixed size."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from reweaving.errors import InputError
from reweaving.stores.postgres_migrations import DIMENSION
from reweaving.stores.postgres_tables import Connection

if TYPE_CHECKING:
    import numpy
    import torch
    from numpy.typing import NDArray

    from reweaving.stores.base import KeyState

_SEED = "reweaving projection 1"  # another seed would make every stored direction meaningless
# The planner may take the index of the whole partition; scanning goes on until enough rows are
# this namespace's own.
_SETTINGS = (
    "SELECT set_config('hnsw.iterative_scan', 'strict_order', true), "
    "set_config('hnsw.ef_search', %s, true)"
)
_NEAREST = """
SELECT id, 1 - (embedding <=> %(direction)s::vector) AS similarity FROM keys
WHERE namespace = %(namespace)s AND embedding IS NOT NULL
ORDER BY embedding <=> %(direction)s::vector LIMIT %(limit)s
"""
_EXACT = """
WITH own AS MATERIALIZED (
    SELECT id, embedding FROM keys WHERE namespace = %(namespace)s AND embedding IS NOT NULL
)
SELECT id, 1 - (embedding <=> %(direction)s::vector) AS similarity FROM own
ORDER BY similarity DESC LIMIT %(limit)s
"""


def nearest(
    connection: Connection, namespace: str, vector: torch.Tensor, limit: int
) -> list[tuple[str, float]]:
    """Ids and cosine similarities of the entries whose mean key points most nearly the same way.

    Parameters
    ----------
    vector
        Shape ``(hidden,)`` or ``(tokens, hidden)``, as the keys are.

    Raises
    ------
    InputError
        For a vector without a direction: zero, empty, NaN or infinite.
    """
    aim = direction(vector)
    if aim is None:
        raise _aimless()
    wanted = {"namespace": namespace, "direction": aim, "limit": limit}
    connection.execute(_SETTINGS, (str(max(40, min(1000, 2 * limit))),))
    found = connection.execute(_NEAREST, wanted).fetchall()
    if len(found) < limit:
        # A small namespace among large ones: the index gave up before it had seen all of it.
        found = connection.execute(_EXACT, wanted).fetchall()
    return [(str(entry_id), float(similarity)) for entry_id, similarity in found]


def nearest_of(
    keys: Iterable[KeyState], vector: torch.Tensor, limit: int
) -> list[tuple[str, float]]:
    """What `nearest` finds, exactly, among keys that are at hand."""
    import numpy as np

    aim = _projected(vector)
    if aim is None:
        raise _aimless()
    found = [(key.id, _projected(key.state)) for key in keys]
    scored = [(name, float(np.dot(own, aim))) for name, own in found if own is not None]
    return sorted(scored, key=lambda hit: -hit[1])[:limit]


def direction(state: torch.Tensor | None) -> str | None:
    """The unit vector of ``(hidden,)`` or ``(tokens, hidden)`` as pgvector reads it, or None."""
    projected = _projected(state)
    if projected is None:
        return None
    return "[" + ",".join(f"{value:.8g}" for value in projected) + "]"


def _aimless() -> InputError:
    return InputError("the vector to search for is zero, empty or not finite; it has no direction")


def _projected(state: torch.Tensor | None) -> NDArray[numpy.float64] | None:
    """The unit vector, shape ``(DIMENSION,)``."""
    import numpy as np

    if state is None or state.numel() == 0:
        return None
    flat = state.detach().to("cpu").double().reshape(-1, state.shape[-1] if state.dim() else 1)
    mean = flat.numpy().mean(axis=0)  # (hidden,)
    largest = float(np.abs(mean).max())
    if not np.isfinite(largest) or largest == 0.0:
        return None
    projected = _projection(mean.shape[0]) @ (mean / largest)  # (DIMENSION,)
    length = float(np.linalg.norm(projected))
    if length < 1e-6:
        return None
    return np.asarray(projected / length, dtype=np.float64)


@functools.cache
def _projection(hidden: int) -> NDArray[numpy.float64]:
    """Rows of a Hadamard matrix with random signs, shape ``(DIMENSION, hidden)``.

    They are orthonormal, need no decomposition that would differ between machines, and keep angles
    (all of them exactly when ``hidden`` is at most `DIMENSION`, else as Johnson and Lindenstrauss
    say; Ailon and Chazelle, 2006).
    """
    import numpy as np

    size = max(DIMENSION, 1 << (hidden - 1).bit_length())
    drawn = hashlib.shake_256(f"{_SEED} {size}".encode()).digest(size // 8 + 8 * size)
    signs = 1.0 - 2.0 * np.unpackbits(np.frombuffer(drawn[: size // 8], dtype=np.uint8))
    order = np.argsort(np.frombuffer(drawn[size // 8 :], dtype="<u8"), kind="stable")
    rows = np.sort(order[:DIMENSION])[:, None]
    parity = rows & np.arange(hidden)[None, :]  # (DIMENSION, hidden)
    for shift in (32, 16, 8, 4, 2, 1):
        parity ^= parity >> shift
    return np.asarray((1.0 - 2.0 * (parity & 1)) * signs[:hidden] / np.sqrt(size), dtype=np.float64)
