"""The derived index in one file: checksum, generation, arrays that are read where they lie."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reweaving.stores.disk import Disk
from reweaving.stores.index import SpanIndex
from reweaving.stores.index_cells import Cells
from reweaving.stores.index_segment import Segment
from reweaving.stores.index_sketch import Sketcher

FOLDER = "index"
_MAGIC = b"CMRINDEX"
_FORMAT = 2  # another encoding or another order of arrays is another format
_DIGEST_BYTES = 32
_ALIGNED = 64
_BLOCK_BYTES = 1 << 20
_SEGMENT = (
    "ids", "marks", "sessions", "positions", "starts", "sketches", "cells", "bounds", "owners",
)  # fmt: skip
_log = logging.getLogger(__name__)


class IndexFiles:
    """Index files in a store's folder, one for each namespace, in ``<folder>/index/``.

    A file is written beside its place, synced and renamed, and read only if its checksum is right:
    what is damaged, of another format or another namespace is no index, and a new one is made.

    Parameters
    ----------
    folder
        Of the store.
    disk
        What files are written with.
    """

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._folder, self._disk = folder / FOLDER, disk or Disk()

    def path(self, namespace: str) -> Path:
        """Where the index of a namespace is; its name tells nothing of the namespace."""
        return self._folder / f"{_name(namespace)}.index"

    def load(self, namespace: str) -> SpanIndex | None:
        """The index as it was written, its arrays mapped from the file; None when there is no sound one."""
        path = self.path(namespace)
        try:
            found = _read(path, namespace)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, OSError) as error:
            _log.warning("the index %s is discarded and made anew: %s", path.name, error)
            return None
        return found

    def write(self, namespace: str, index: SpanIndex) -> Path:
        """Write the index beside its place; `put` makes it the namespace's."""
        self._disk.make_folder(self._folder)
        return self._disk.write(self._folder, _encoded(namespace, index))

    def put(self, namespace: str, written: Path) -> None:
        """Give a file that was written its name, durably."""
        self._disk.rename(written, self.path(namespace))
        self._disk.sync_folder(self._folder)

    def remove(self, namespace: str) -> bool:
        """Take the index away; returns whether there was one."""
        path = self.path(namespace)
        if not path.exists():
            return False
        self._disk.unlink(path)
        self._disk.sync_folder(self._folder)
        return True

    def remove_parts(self) -> None:
        """Take away what writers left that were killed; called by the only writer."""
        for path in self._folder.glob("*.part"):
            path.unlink(missing_ok=True)

    def remove_all(self) -> list[str]:
        """Take all of them away; returns names relative to the store's folder."""
        names = []
        for path in sorted(self._folder.glob("*")):
            path.unlink(missing_ok=True)
            names.append(f"{FOLDER}/{path.name}")
        return names


def _name(namespace: str) -> str:
    return hashlib.blake2b(namespace.encode(), digest_size=16).hexdigest()


def _encoded(namespace: str, index: SpanIndex) -> bytes:
    arrays = _arrays(index.joined())
    table, at = {}, 0
    for name, array in arrays.items():
        table[name] = [array.dtype.str, list(array.shape), at]
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    body = b"".join(array.tobytes() + bytes(-array.nbytes % _ALIGNED) for array in arrays.values())
    header = json.dumps(
        {"format": _FORMAT, "namespace": _name(namespace), "arrays": table, "bytes": len(body)}
    ).encode()
    header += b" " * (-(len(_MAGIC) + 8 + len(header) + _DIGEST_BYTES) % _ALIGNED)
    start = _MAGIC + len(header).to_bytes(8, "big") + header
    digest = hashlib.blake2b(start, digest_size=_DIGEST_BYTES)
    digest.update(body)
    return start + digest.digest() + body


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


def _read(path: Path, namespace: str) -> SpanIndex:
    with path.open("rb") as file:
        start = file.read(len(_MAGIC) + 8)
        size = int.from_bytes(start[len(_MAGIC) :], "big")
        if start[: len(_MAGIC)] != _MAGIC or size > path.stat().st_size:
            raise ValueError("it is no index")
        header = file.read(size)
        stored = file.read(_DIGEST_BYTES)
        digest = hashlib.blake2b(start + header, digest_size=_DIGEST_BYTES)
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    if digest.digest() != stored:
        raise ValueError("its checksum is wrong")
    described = json.loads(header)
    if described["format"] != _FORMAT or described["namespace"] != _name(namespace):
        raise ValueError("it is of another format or another namespace")
    offset = len(_MAGIC) + 8 + size + _DIGEST_BYTES
    mapped = np.memmap(path, dtype=np.uint8, mode="r")
    arrays = {
        name: _view(mapped, dtype, shape, offset + at)
        for name, (dtype, shape, at) in described["arrays"].items()
    }
    sketcher = Sketcher(np.array(arrays["mean"]), np.array(arrays["basis"]))
    segment = Segment(*(arrays[name] for name in _SEGMENT))
    cells = Cells(np.array(arrays["districts"]), np.array(arrays["centres"]))
    return SpanIndex(sketcher, cells, (segment,))


def _view(mapped: NDArray[np.uint8], dtype: str, shape: list[int], at: int) -> NDArray[Any]:
    kind = np.dtype(dtype)
    size = kind.itemsize * math.prod(shape)
    return mapped[at : at + size].view(kind).reshape(shape)
