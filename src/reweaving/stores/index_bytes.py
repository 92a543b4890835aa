"""The derived index as bytes: a header, a checksum over everything, arrays that are read where they lie."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from reweaving.stores.index import SpanIndex
from reweaving.stores.index_cells import Cells
from reweaving.stores.index_segment import Segment
from reweaving.stores.index_sketch import Sketcher

_MAGIC = b"CMRINDEX"
_FORMAT = 2  # another encoding or another order of arrays is another format
_DIGEST_BYTES = 32
_ALIGNED = 64
_BLOCK_BYTES = 1 << 20
_SEGMENT = (
    "ids", "marks", "sessions", "positions", "starts", "sketches", "cells", "bounds", "owners",
)  # fmt: skip

UNREADABLE = (ValueError, KeyError, TypeError)
"""What `checked` raises for bytes that are no sound index of the namespace."""


@dataclass(frozen=True)
class Layout:
    """Where each array lies: dtype, shape, and place behind `offset` bytes."""

    arrays: dict[str, tuple[str, list[int], int]]
    offset: int


def name_of(namespace: str) -> str:
    """What stands for a namespace in files; it tells nothing of the namespace."""
    return hashlib.blake2b(namespace.encode(), digest_size=16).hexdigest()


def packed(namespace: str, index: SpanIndex) -> bytes:
    """An index with entries, as it is kept."""
    arrays = _arrays(index.joined())
    table, at = {}, 0
    for name, array in arrays.items():
        table[name] = [array.dtype.str, list(array.shape), at]
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    body = b"".join(array.tobytes() + bytes(-array.nbytes % _ALIGNED) for array in arrays.values())
    header = json.dumps(
        {"format": _FORMAT, "namespace": name_of(namespace), "arrays": table, "bytes": len(body)}
    ).encode()
    header += b" " * (-(len(_MAGIC) + 8 + len(header) + _DIGEST_BYTES) % _ALIGNED)
    start = _MAGIC + len(header).to_bytes(8, "big") + header
    digest = hashlib.blake2b(start, digest_size=_DIGEST_BYTES)
    digest.update(body)
    return start + digest.digest() + body


def checked(namespace: str, stream: BinaryIO, size: int) -> Layout:
    """Look at every byte of an index, and say where its arrays lie.

    Parameters
    ----------
    size
        Bytes in the stream.

    Raises
    ------
    ValueError, KeyError, TypeError
        For what is damaged, of another format or of another namespace: `UNREADABLE`.
    """
    start = stream.read(len(_MAGIC) + 8)
    length = int.from_bytes(start[len(_MAGIC) :], "big")
    if start[: len(_MAGIC)] != _MAGIC or length > size:
        raise ValueError("it is no index")
    header = stream.read(length)
    stored = stream.read(_DIGEST_BYTES)
    digest = hashlib.blake2b(start + header, digest_size=_DIGEST_BYTES)
    while block := stream.read(_BLOCK_BYTES):
        digest.update(block)
    if digest.digest() != stored:
        raise ValueError("its checksum is wrong")
    described = json.loads(header)
    if described["format"] != _FORMAT or described["namespace"] != name_of(namespace):
        raise ValueError("it is of another format or another namespace")
    return Layout(described["arrays"], len(_MAGIC) + 8 + length + _DIGEST_BYTES)


def unpacked(data: NDArray[np.uint8], layout: Layout) -> SpanIndex:
    """The index in bytes that were `checked`; the large arrays stay where they are."""
    arrays = {
        name: _view(data, dtype, shape, layout.offset + at)
        for name, (dtype, shape, at) in layout.arrays.items()
    }
    sketcher = Sketcher(np.array(arrays["mean"]), np.array(arrays["basis"]))
    segment = Segment(*(arrays[name] for name in _SEGMENT))
    cells = Cells(np.array(arrays["districts"]), np.array(arrays["centres"]))
    return SpanIndex(sketcher, cells, (segment,))


def _arrays(index: SpanIndex) -> dict[str, NDArray[Any]]:
    (segment,) = index.segments
    arrays = {name: np.ascontiguousarray(getattr(segment, name)) for name in _SEGMENT}
    encoding = {
        "mean": index.sketcher.mean,
        "basis": index.sketcher.basis,
        "districts": index.cells.districts,
        "centres": index.cells.centres,
    }
    return {**encoding, **arrays}


def _view(data: NDArray[np.uint8], dtype: str, shape: list[int], at: int) -> NDArray[Any]:
    kind = np.dtype(dtype)
    size = kind.itemsize * math.prod(shape)
    return data[at : at + size].view(kind).reshape(shape)
