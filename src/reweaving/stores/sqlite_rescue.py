"""A new database out of the intact rows of a damaged one, put in its place in one step."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import time
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import apsw

from reweaving.errors import StoreFormatError
from reweaving.stores.codec import Row
from reweaving.stores.connection import APPLICATION_ID, connect, rows
from reweaving.stores.encryption import is_sealed
from reweaving.stores.header_copy import header_of
from reweaving.stores.pages import Cell, PageFile
from reweaving.stores.progress import Progress, silent
from reweaving.stores.raw_file import RawFile
from reweaving.stores.rotation import HEADER
from reweaving.stores.sqlite_swap import Damaged

PART = "rescue.part"  # beside the database, while it is being rescued
_SMALL = {"namespaces", "notes", "events"}
_GONE = {"forgotten", "evicted", "expired", "set aside"}
_ROW = [each.name for each in fields(Row)]
_DIGEST = re.compile("[0-9a-f]{64}")
_FIRST_COLUMNS = 24  # that a row of the first format has


@dataclass
class Rescue:
    """What was brought back, and what was not.

    Attributes
    ----------
    entries
        Rows that are in the new database.
    aside
        Namespace and id to the reason why an entry is not; the id is empty where it is not known.
    pages
        What is wrong with which page.
    """

    entries: int = 0
    aside: dict[tuple[str, str], str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()


def rescue(path: Path, busy_timeout_seconds: float, progress: Progress = silent) -> Rescue:
    """Replace the database at `path` by one with everything in it that is provably intact.

    A row counts as intact when its digest is right, and when its namespace, which no digest
    covers, stands on an intact page or is confirmed by an index that does.

    Raises
    ------
    StoreFormatError
        When nothing in the file is of this project; it is left as it is.
    StoreError
        While another process or connection has the database open.
    """
    part = path.parent / PART
    remove_leftovers(path.parent)
    part.mkdir()
    try:
        with Damaged.opened(path, part, busy_timeout_seconds) as damaged:
            found = PageFile(damaged.image)
            builder = _Builder(part / "fresh.sqlite3", busy_timeout_seconds)
            try:
                builder.fill(found, progress)
                _require_ours(path, found, builder.result)
                damaged.copy_other_tables(builder.connection, builder.known_tables)
            finally:
                builder.connection.close()
            damaged.replace_by(builder.path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    builder.result.pages = tuple(
        f"page {number} is not what was written" for number in sorted(found.broken)
    )
    return builder.result


class _Builder:
    """Fills a new database."""

    def __init__(self, path: Path, busy_timeout_seconds: float) -> None:
        self.path, self._folder = path, path.parent.parent
        self.connection = connect(path, busy_timeout_seconds)
        self.result = Rescue()
        described = rows(self.connection, "SELECT name, type FROM pragma_table_info('entries')")
        self._columns = [str(name) for name, _ in described]
        self._real = {str(name) for name, kind in described if kind == "REAL"}
        self.known_tables = {"entries", "keys", *_SMALL}
        self._numbers: dict[tuple[str, str], tuple[int, bool]] = {}
        self._doubtful: list[tuple[Cell, dict[str, Any]]] = []
        self._confirmed: set[int] = set()
        self._last_events: dict[tuple[str, str], tuple[int, str]] = {}
        self._named: set[tuple[str, str, int]] = set()
        self._hinted: set[tuple[str, str, int]] = set()
        self._generations: dict[str, int] = {}
        self._notes: dict[tuple[str, str], str] = {}

    def fill(self, found: PageFile, progress: Progress) -> None:
        """Everything that is intact, in one transaction."""
        with self.connection:
            for cell in found.cells(progress):
                self._sort(cell)
            for cell, values in self._doubtful:
                triple = (values["namespace"], values["id"], cell.number)
                if hash(triple) in self._confirmed:
                    self._insert(cell, values)
                else:
                    self._set_aside(values, "its namespace cannot be confirmed")
            self._fill_keys(found, progress)
            self._fill_ledger()
        self._name_the_lost()
        self.result.entries = len(self._numbers)

    def _sort(self, cell: Cell) -> None:
        """One record of any table or index: what it looks like, it is tried as."""
        values = cell.values
        if cell.number is not None and len(values) >= _FIRST_COLUMNS and values[0] is None:
            self._sort_entry(cell)
        elif cell.number is not None and _is(values, None, str, str, str, float, str):
            self._event(cell)
        elif cell.number is None and _is(values, str, str, int):
            self._indexed(cell)
        elif cell.number is None and _is(values, str, str, str):
            self._note(cell)
        elif cell.number is None and _is(values, str, int) and cell.intact:
            space, generation = values
            self._generations[space] = max(generation, self._generations.get(space, 0))

    def _sort_entry(self, cell: Cell) -> None:
        values = dict(zip(self._columns, cell.values, strict=False))
        for name in self._real & values.keys():
            values[name] = float(values[name]) if isinstance(values[name], int) else values[name]
        try:
            row = Row(**{name: values[name] for name in _ROW if name in values})
            matches = row.digest == values["digest"]
        except (TypeError, ValueError, AttributeError, KeyError):
            matches = False
        if not matches:
            self._set_aside(values, "its row does not match its checksum")
        elif cell.intact:
            self._insert(cell, values)
        else:
            self._doubtful.append((cell, values))

    def _insert(self, cell: Cell, values: dict[str, Any]) -> None:
        place = (values["namespace"], values["id"])
        earlier = self._numbers.get(place)
        if earlier is not None:
            if earlier[1] or not cell.intact:
                return
            self.connection.execute("DELETE FROM entries WHERE number = ?", (earlier[0],))
        names = [name for name in self._columns if name in values and name != "number"]
        marks = ", ".join("?" * (len(names) + 1))
        try:
            self.connection.execute(
                f"INSERT INTO entries (number, {', '.join(names)}) VALUES ({marks})",  # noqa: S608
                (cell.number, *(values[name] for name in names)),
            )
        except (apsw.ConstraintError, apsw.MismatchError) as error:
            self._set_aside(values, f"its row cannot be stored again ({error})")
            return
        self._numbers[place] = (cell.number or 0, cell.intact)

    def _fill_keys(self, found: PageFile, progress: Progress) -> None:
        """Retrieval keys, each told by its digest: nothing else has its number and its bytes."""
        sql = "SELECT number, key_digest FROM entries WHERE key_digest IS NOT NULL"
        wanted = dict(rows(self.connection, sql))
        for cell in found.cells(progress):
            if cell.number not in wanted or not _is(cell.values, None, bytes):
                continue
            state = cell.values[1]
            if hashlib.sha256(state).hexdigest() == wanted[cell.number]:
                del wanted[cell.number]
                self.connection.execute("INSERT INTO keys VALUES (?, ?)", (cell.number, state))

    def _indexed(self, cell: Cell) -> None:
        """A row of an index: of ids, of events by id, or of payloads, whose names are digests."""
        space, name, number = cell.values
        if cell.intact:
            self._confirmed.add(hash(cell.values))
        if _DIGEST.fullmatch(name) is None:
            # A damaged id may be a wrong one: it counts only when its row is not there.
            (self._named if cell.intact else self._hinted).add((space, name, number))

    def _event(self, cell: Cell) -> None:
        _, space, entry_id, what, at, detail = cell.values
        (self._named if cell.intact else self._hinted).add((space, entry_id, 0))
        if not cell.intact:
            return
        self.connection.execute(
            "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?)",
            (cell.number, space, entry_id, what, float(at), detail),
        )
        last = self._last_events.get((space, entry_id), (0, ""))
        self._last_events[space, entry_id] = max(last, (cell.number or 0, what))

    def _note(self, cell: Cell) -> None:
        space, key, value = cell.values
        with contextlib.suppress(ValueError):
            json.loads(value)
            if cell.intact or (space, key) not in self._notes:
                self._notes[space, key] = value

    def _bring_back_header(self) -> None:
        """The header of the encryption, from its copy, where the rows need it."""
        found = rows(self.connection, "SELECT metadata FROM entries LIMIT 1")
        if found and is_sealed(str(found[0][0])):
            header = header_of(self._folder, str(found[0][0]))
            if header is not None:
                self._notes["", HEADER] = json.dumps(header)

    def _fill_ledger(self) -> None:
        self._bring_back_header()
        sql = "SELECT DISTINCT namespace, fingerprint FROM entries WHERE fingerprint <> ''"
        models = {str(space): str(fingerprint) for space, fingerprint in rows(self.connection, sql)}
        for space, fingerprint in models.items():
            note = json.loads(self._notes.get((space, "model"), "{}"))
            if not isinstance(note, dict) or note.get("fingerprint") != fingerprint:
                rebuilt = {"fingerprint": fingerprint, "name": ""}
                self._notes[space, "model"] = json.dumps(rebuilt)
        self.connection.executemany(
            "INSERT INTO notes VALUES (?, ?, ?)",
            [(space, key, value) for (space, key), value in self._notes.items()],
        )
        spaces = {space for space, _ in (*self._numbers, *self._notes, *self._last_events)} - {""}
        self.connection.executemany(
            # A generation never falls: where the old one is lost, the clock is ahead of it.
            "INSERT INTO namespaces VALUES (?, ?)",
            [(name, self._generations.get(name, int(time.time())) + 1) for name in spaces],
        )

    def _set_aside(self, values: dict[str, Any], reason: str) -> None:
        space, entry_id = (
            value if isinstance(value, str) and value.isprintable() else ""
            for value in (values.get("namespace"), values.get("id"))
        )
        self.result.aside.setdefault((space, entry_id), reason)

    def _name_the_lost(self) -> None:
        """Entries that are named anywhere, were not removed, and are not there."""
        numbers = {(place[0], number) for place, (number, _) in self._numbers.items()}
        hinted = {each for each in self._hinted if (each[0], each[2]) not in numbers}
        for place in {each[:2] for each in self._named | hinted} - self._numbers.keys():
            if self._last_events.get(place, (0, ""))[1] not in _GONE:
                self.result.aside.setdefault(place, "the page that it stood on cannot be read")
        for place in self._numbers:
            self.result.aside.pop(place, None)


def _is(values: tuple[Any, ...], *kinds: type | None) -> bool:
    """Whether a record has exactly these types; a float may be stored as an integer."""
    return len(values) == len(kinds) and all(
        value is None if kind is None else isinstance(value, float | int if kind is float else kind)
        for value, kind in zip(values, kinds, strict=True)
    )


def _require_ours(path: Path, found: PageFile, result: Rescue) -> None:
    with RawFile(path) as file:
        application = int.from_bytes(file.read(68, 4), "big")
    if not result.entries and application != APPLICATION_ID:
        raise StoreFormatError(
            f"{path} holds nothing of this project ({found.count} pages were read); it was left as "
            "it is. Restore the store from a backup"
        )


def remove_leftovers(folder: Path) -> None:
    """Remove what a rescue that was killed left behind."""
    for path in leftovers(folder):
        shutil.rmtree(path, ignore_errors=True)


def leftovers(folder: Path) -> list[Path]:
    """What a rescue that was killed left behind; the next one begins anew."""
    part = folder / PART
    return [part] if part.exists() else []
