"""Care for a SQLite store: check it, mend it row by row, rescue it page by page, copy it."""

from __future__ import annotations

import datetime
import json
import os
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw

from reweaving.errors import DamagedEntryError, StoreError
from reweaving.stores import sqlite_mending as mending
from reweaving.stores.connection import number, rows, translated
from reweaving.stores.pages import CHECKSUM_BYTES, broken_pages
from reweaving.stores.progress import Progress, silent
from reweaving.stores.raw_file import RawFile
from reweaving.stores.sqlite_backup import back_up
from reweaving.stores.sqlite_erasing import sweep
from reweaving.stores.sqlite_rescue import Rescue, leftovers, remove_leftovers, rescue
from reweaving.stores.upkeep import Backup, Repair, Upkeep, Verification

if TYPE_CHECKING:
    from reweaving.stores.sqlite_session import SqliteSession

AUDITS = "repairs"  # a folder beside the database
_TORN_READS = 3  # a page may be read while another process writes it
_INDEX_WORDS = ("fts5", " index", "lexicon")


class SqliteUpkeep(Upkeep):
    """Upkeep of one opened `SqliteStore`."""

    def __init__(self, store: SqliteSession) -> None:
        self._store = store

    def verify(self, namespace: str, progress: Progress = silent) -> Verification:
        """Pages, indexes, and every entry with its states."""
        pages, index = self._database(progress)
        damaged: dict[str, str] = {}
        missing: list[str] = []
        try:
            known = self._ids(namespace)
        except DamagedEntryError as error:
            return Verification(0, pages=pages or (error.reason,), index=index)
        for done, (at, entry_id) in enumerate(known):
            progress(done, len(known), "reading entries")
            try:
                with self._store.reading() as connection:
                    mending.read(self._store, connection, namespace, at)
            except DamagedEntryError as error:
                if (at, entry_id) not in self._ids(namespace):
                    continue  # forgotten or evicted since they were listed
                damaged[entry_id] = error.reason
                if error.reason == mending.NO_PAYLOAD:
                    missing.append(entry_id)
        progress(len(known), len(known), "reading entries")
        return Verification(
            len(known), damaged, tuple(missing), self._strays(namespace), pages, index
        )

    def repair(self, namespace: str, progress: Progress = silent) -> Repair:
        """Rescue the database when its pages are broken, then mend row by row."""
        pages, _ = self._database(progress)
        rescued = Rescue()
        if pages and self._store.database_path is not None:
            with self._store.replacing_database() as (path, busy_timeout_seconds):
                rescued = rescue(path, busy_timeout_seconds, progress)
        mended = mending.mend(self._store, namespace, progress)
        swept = sweep(self._store, namespace)
        if self._store.database_path is not None:
            remove_leftovers(self._store.database_path.parent)
        lost = {id: why for (space, id), why in rescued.aside.items() if space in ("", namespace)}
        report = Repair(
            intact=mended.intact,
            rebuilt=mended.rebuilt,
            keyless=mended.keyless,
            set_aside={**lost, **mended.aside},
            swept=tuple(swept),
            pages=rescued.pages or pages,
        )
        happened = _told(namespace, report, rescued)
        audit = write_audit(self._store.database_path, happened)
        return Repair(**{**report.as_dict(), "audit": audit})

    def backup(self, folder: Path, progress: Progress = silent) -> Backup:
        """A verified copy of everything, made while others write."""
        return back_up(self._store, folder, progress)

    def _ids(self, namespace: str) -> list[tuple[int, str]]:
        sql = "SELECT number, id FROM entries WHERE namespace = ? ORDER BY number"
        with self._store.reading() as connection:
            return [(int(at), str(name)) for at, name in rows(connection, sql, (namespace,))]

    def _database(self, progress: Progress) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is wrong with pages and with indexes."""
        pages = [f"page {at} does not match its checksum" for at in self._broken(progress)]
        index: list[str] = []
        progress(0, 0, "checking the database")
        with self._store.reading() as connection:
            try:
                told = [str(row[0]) for row in rows(connection, "PRAGMA integrity_check")]
            except (apsw.CorruptError, apsw.IOError) as error:
                told = [] if pages else [str(error)]
            for line in told:
                if line != "ok":
                    words = any(word in line.casefold() for word in _INDEX_WORDS)
                    (index if words else pages).append(line)
        return tuple(pages), tuple(index)

    def _broken(self, progress: Progress) -> list[int]:
        path = self._store.database_path
        if path is None:
            return []
        with self._store.reading() as connection, translated(str(path)):
            size = number(connection, "PRAGMA page_size")
            with RawFile(path) as file:
                reserved = file.read(20, 1)
            if reserved != bytes([CHECKSUM_BYTES]):
                return []
            found = set(broken_pages(path, size, progress))
            for _ in range(_TORN_READS if found else 0):
                # A page that was torn when the power went is whole in the log, and is read from
                # there; it counts as it is when the log has been copied back.
                rows(connection, "PRAGMA wal_checkpoint(PASSIVE)")
                found &= set(broken_pages(path, size))
        return sorted(found)

    def _strays(self, namespace: str) -> tuple[str, ...]:
        sql = "SELECT DISTINCT payload FROM entries WHERE namespace = ? AND payload IS NOT NULL"
        # A writer puts payloads in their place before it commits; under its lock there is none.
        with self._store.writing() as connection:
            used = [str(row[0]) for row in rows(connection, sql, (namespace,))]
            strays = self._store.payloads.strays(namespace, used)
        path = self._store.database_path
        left = leftovers(path.parent) if path is not None else []
        return (*strays, *(each.name for each in left))


def rescue_unopened(path: Path, busy_timeout_seconds: float, progress: Progress) -> Repair:
    """Bring back a database that cannot be opened at all; all namespaces, rows only.

    Raises
    ------
    StoreError
        While another process has it open, or when nothing in it is of this project.
    """
    with translated(str(path)):
        if not path.is_file():
            raise StoreError(f"there is no memory at {path.parent}")
        rescued = rescue(path, busy_timeout_seconds, progress)
    aside = {f"{space}/{id}": reason for (space, id), reason in rescued.aside.items()}
    report = Repair(rescued.entries, set_aside=aside, pages=rescued.pages)
    audit = write_audit(path, list(_told("", report, rescued)))
    return Repair(**{**report.as_dict(), "audit": audit})


def _told(namespace: str, report: Repair, rescued: Rescue) -> list[dict[str, Any]]:
    """The lines of the audit: ids and reasons, no content."""

    def lines(what: str, found: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        for entry_id, reason in found.items():
            yield {"namespace": namespace, "id": entry_id, "what": what, "reason": reason}

    others = {place: why for place, why in rescued.aside.items() if place[0] not in ("", namespace)}
    return [
        *({"what": "page", "reason": page} for page in report.pages),
        *lines("rebuilt from token ids", report.rebuilt),
        *lines("retrieval key dropped", report.keyless),
        *lines("set aside", report.set_aside),
        *(
            {"namespace": space, "id": entry_id, "what": "set aside", "reason": reason}
            for (space, entry_id), reason in others.items()
        ),
    ]


def write_audit(database: Path | None, happened: list[dict[str, Any]]) -> str:
    """Write down what a repair changed; returns the file's path, empty where nothing was changed."""
    if database is None or not happened:
        return ""
    now = datetime.datetime.now(datetime.UTC)
    folder = database.parent / AUDITS
    folder.mkdir(exist_ok=True)
    path = folder / f"{now.strftime('%Y%m%dT%H%M%S')}-{uuid.uuid4().hex[:6]}.jsonl"
    with path.open("x", encoding="utf-8") as file:
        for line in happened:
            file.write(json.dumps({"at": now.isoformat(timespec="seconds"), **line}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return str(path)
