"""The log beside a database, checked before SQLite reads it.

SQLite takes the first broken frame of a log for its end: after a power cut it is. But a bit that
flipped in the middle, or an end that was cut off later, would silently take everything that was
acknowledged since. Two witnesses tell the difference: the index of the log (``-shm``), which says how
far transactions had been acknowledged when the last process died, and frames of a later transaction
behind the broken one, which SQLite writes only when the one before has reached the disk.

Written after the public description of the format (sqlite.org/fileformat2.html#walformat, and
sqlite.org/walformat.html for the index).
"""

from __future__ import annotations

import struct
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reweaving.errors import DamagedEntryError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# NumPy is imported where there is a log to be checked: not for a memory that was closed in order.

_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_USUAL = ("<u4", 4096)
_MAGIC = {0x377F0682: "<u4", 0x377F0683: ">u4"}
_INDEX_VERSION, _INDEX_BYTES = 3007000, 136
_TRIES = 20  # while another process goes on writing
_PAUSE_SECONDS = 0.01


@dataclass(frozen=True)
class Log:
    """A log, frame by frame.

    Attributes
    ----------
    salts
        Eight bytes that all frames since the log's last restart have in common.
    pages
        Number of the page, counted from 1, that each frame holds.
    commits
        Whether a transaction ends with the frame.
    sound
        Whether the frame belongs to the log and follows the one before it, by its checksum.
    guessed
        The log's beginning is broken; SQLite reads nothing of it.
    """

    path: Path
    page_bytes: int
    salts: bytes
    pages: npt.NDArray[np.uint32]
    commits: npt.NDArray[np.bool_]
    sound: npt.NDArray[np.bool_]
    guessed: bool

    @property
    def whole(self) -> int:
        """How many frames SQLite reads: from the first to the last commit before a broken one."""
        if self.guessed:
            return 0
        leading = len(self.sound) if self.sound.all() else int(self.sound.argmin())
        return _last(self.commits[:leading])

    @property
    def acknowledged(self) -> int:
        """How many frames are known to have reached the disk, from what was written after them."""
        return _last(self.commits[:-1] & self.sound[1:])

    def behind_the_break(self) -> dict[int, bytes]:
        """Pages of transactions that SQLite does not reach, each as it was written last."""
        end = _last(self.commits & self.sound)
        size = _FRAME_HEADER_BYTES + self.page_bytes
        found: dict[int, bytes] = {}
        with self.path.open("rb") as file:
            for frame in range(self.whole, end):
                if self.sound[frame]:
                    file.seek(_HEADER_BYTES + frame * size + _FRAME_HEADER_BYTES)
                    found[int(self.pages[frame])] = file.read(self.page_bytes)
        return found


@dataclass(frozen=True)
class _Index:
    """What the index of the log says.

    Attributes
    ----------
    frames
        How many frames of the log were acknowledged.
    copied
        How many of them are in the database as well.
    """

    salts: bytes
    frames: int
    copied: int


def require_whole(database: Path) -> None:
    """Refuse a database whose log has lost what was acknowledged; it is left as it is.

    May only be called while this process has no connection to it: the index is a file with locks.

    Raises
    ------
    DamagedEntryError
        Saying how much is lost.
    """
    if not any(Path(f"{database}{suffix}").exists() for suffix in ("-wal", "-shm")):
        return
    for _ in range(_TRIES):
        before = _read_index(database)
        log = read_log(database)
        if before == _read_index(database):
            break
        time.sleep(_PAUSE_SECONDS)
    else:
        return  # somebody who writes all the time has opened it, and found it whole
    lost = 0 if log is None else max(0, log.acknowledged - log.whole)
    if before is not None and before.frames > before.copied:
        if log is None:
            lost = before.frames - before.copied
        elif log.salts == before.salts:
            lost = max(lost, before.frames - log.whole)
    if lost:
        raise DamagedEntryError(
            f"the log beside {database} is damaged: {lost} pages of what was stored last cannot be "
            "read; bring back what is intact with cmr memory repair, or restore the store from a "
            "backup",
            f"{lost} pages of the log cannot be read",
        )


def read_log(database: Path, *, guess: bool = False) -> Log | None:
    """The log of a database; None when there is none, or its beginning is broken.

    Parameters
    ----------
    guess
        Whether a log with a broken beginning is read as one of this project's usual form.
    """
    import numpy as np

    path = Path(f"{database}-wal")
    data = _beginning(path)
    if len(data) < _HEADER_BYTES:
        return None
    announced = _announced(data)
    if announced is None and not guess:
        return None
    order, page_bytes = announced or _USUAL
    size = _FRAME_HEADER_BYTES + page_bytes
    count = (len(data) - _HEADER_BYTES) // size
    frames = np.frombuffer(data, np.uint8, count * size, _HEADER_BYTES).reshape(count, size)
    heads = np.ascontiguousarray(frames[:, :_FRAME_HEADER_BYTES]).view(">u4").astype(np.uint32)
    stored = heads[:, 4:6]
    begin = np.frombuffer(data, ">u4", 2, 24).astype(np.uint32)
    seeds = np.concatenate([begin[None], stored])[:count]
    summed = np.concatenate([frames[:, :8], frames[:, _FRAME_HEADER_BYTES:]], axis=1)
    found = _checksum(summed.view(order), seeds[:, 0], seeds[:, 1])
    salts = data[16:24]
    if announced is None and count:
        salts = Counter(row.tobytes() for row in frames[:, 8:16]).most_common(1)[0][0]
    ours = (frames[:, 8:16] == np.frombuffer(salts, np.uint8)).all(axis=1)
    sound = ours & (found[0] == stored[:, 0]) & (found[1] == stored[:, 1])
    return Log(path, page_bytes, salts, heads[:, 0], heads[:, 1] > 0, sound, announced is None)


def _announced(data: bytes) -> tuple[str, int] | None:
    """Order of bytes and size of pages that a log's own header names, if its checksum is right."""
    import numpy as np

    magic, _, page_bytes = struct.unpack_from(">III", data)
    order = _MAGIC.get(magic)
    if order is None or not 512 <= page_bytes <= 65536 or page_bytes & (page_bytes - 1):
        return None
    zero = np.zeros(1, np.uint32)
    sums = _checksum(np.frombuffer(data, order, 6).reshape(1, -1), zero, zero)
    matches = [int(part[0]) for part in sums] == list(struct.unpack_from(">II", data, 24))
    return (order, page_bytes) if matches else None


def _beginning(path: Path, count: int = -1) -> bytes:
    """So many bytes of a file; none when it is not there, or not any more."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except FileNotFoundError:
        return b""


def _last(marks: npt.NDArray[np.bool_]) -> int:
    """One more than the place of the last mark; 0 without any."""
    (found,) = marks.nonzero()
    return int(found[-1]) + 1 if len(found) else 0


def _checksum(
    words: npt.NDArray[Any], first: npt.NDArray[np.uint32], second: npt.NDArray[np.uint32]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Both sums over each row of words, shape ``(rows, words)``, going on from those given."""
    import numpy as np

    even, odd = first.astype(np.uint32), second.astype(np.uint32)
    columns = np.ascontiguousarray(words.T).astype(np.uint32)
    for at in range(0, len(columns), 2):
        even = even + columns[at] + odd
        odd = odd + columns[at + 1] + even
    return even, odd


def _read_index(database: Path) -> _Index | None:
    """What the index says; None when there is none, or it is being written, or broken."""
    import numpy as np

    path = Path(f"{database}-shm")
    data = _beginning(path, _INDEX_BYTES)
    if len(data) < _INDEX_BYTES or data[:48] != data[48:96]:
        return None
    version, _, _, ready = struct.unpack_from("=IIIB", data)
    words = np.frombuffer(data, "=u4", 10).reshape(1, -1)
    zero = np.zeros(1, np.uint32)
    sums = [int(part[0]) for part in _checksum(words, zero, zero)]
    if version != _INDEX_VERSION or not ready or sums != list(struct.unpack_from("=II", data, 40)):
        return None
    (frames,) = struct.unpack_from("=I", data, 16)
    (copied,) = struct.unpack_from("=I", data, 96)
    return _Index(data[32:40], frames, copied)
