"""A copy of a whole SQLite store while others write to it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import apsw

from reweaving.errors import InputError, StoreError
from reweaving.stores import codec, rotation
from reweaving.stores.connection import connect, number, rows, translated, value
from reweaving.stores.digest import is_payload, payload_digest
from reweaving.stores.payloads import FilePayloads
from reweaving.stores.progress import Progress
from reweaving.stores.sqlite_ledger import enter
from reweaving.stores.sqlite_session import DATABASE, SqliteSession
from reweaving.stores.sqlite_swap import copy_database
from reweaving.stores.upkeep import Backup


def back_up(store: SqliteSession, folder: Path, progress: Progress) -> Backup:
    """Copy database and payloads of a store into a folder that appears when all of it is verified.

    The database is copied from a snapshot, so writers are not kept waiting. Payloads are never
    changed, and are copied by name; an entry that is forgotten before its payload was copied is
    taken out of the copy too.

    Raises
    ------
    InputError
        When something lies at `folder`.
    DamagedEntryError
        When an entry of the store is not what was written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is there already; choose a new or an empty folder")
    part = folder.with_name(f"{folder.name}.part")
    # What a copy that was broken off has left begins with its database.
    if part.is_dir() and any(part.iterdir()) and not (part / DATABASE).exists():
        raise InputError(f"{part} is in the way; move it, or choose another folder")
    with translated(str(folder)):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
    try:
        with translated(str(part)):
            database = part / DATABASE
            target = connect(database, 60.0)
            try:
                with _snapshot(store) as source:
                    progress(0, 0, "copying the database")
                    copy_database(source, target)
                copied = _copy_payloads(store, target, part, progress)
                _verify(target, part, copied, progress)
                result = _result(target, folder, copied)
            finally:
                target.close()
            for path in (database, part, *([part / "payloads"] if copied else [])):
                _sync(path)
            if folder.exists():
                folder.rmdir()
            part.rename(folder)
            _sync(folder.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return result


@contextlib.contextmanager
def _snapshot(store: SqliteSession) -> Iterator[apsw.Connection]:
    """A connection whose view does not change; a store in RAM has its own one only."""
    path = store.database_path
    if path is None:
        with store.reading() as connection:
            yield connection
        return
    connection = connect(path, 60.0)
    try:
        connection.execute("BEGIN")
        number(connection, "SELECT count(*) FROM sqlite_schema")
        yield connection
    finally:
        connection.close()


def _copy_payloads(
    store: SqliteSession, target: apsw.Connection, part: Path, progress: Progress
) -> dict[tuple[str, str], str]:
    """Copy what the copied rows name; returns namespace and name of each with its digest."""
    sql = "SELECT DISTINCT namespace, payload FROM entries WHERE payload IS NOT NULL"
    named = [(str(space), str(name)) for space, name in rows(target, sql)]
    payloads = FilePayloads(part / "payloads")
    encrypted = rotation.read_header(target) is not None
    copied: dict[tuple[str, str], str] = {}
    dropped = False
    for done, (space, name) in enumerate(named):
        progress(done, len(named), "copying payloads")
        data = store.payloads.read(space, name)
        if data is None:
            _drop(store, target, space, name)
            dropped = True
            continue
        if not encrypted and not is_payload(data, name):
            raise codec.damaged(
                space, _owner(target, space, name), "its payload does not match its checksum"
            )
        payloads.write_many(space, {name: data})
        copied[space, name] = payload_digest(data)
    progress(len(named), len(named), "copying payloads")
    if dropped:
        target.execute("VACUUM")
    return copied


def _drop(store: SqliteSession, target: apsw.Connection, space: str, name: str) -> None:
    """Take entries out of the copy that were forgotten meanwhile; refuse when they are still there."""
    sql = "SELECT id FROM entries WHERE namespace = ? AND payload = ?"
    now = "SELECT payload FROM entries WHERE namespace = ? AND id = ?"
    with store.reading() as connection:
        for (entry_id,) in rows(target, sql, (space, name)):
            for (payload,) in rows(connection, now, (space, entry_id)):
                if payload == name:
                    raise codec.damaged(space, str(entry_id), "its payload file is missing")
                raise StoreError(
                    f"the states of entry {entry_id} of namespace {space!r} were exchanged while the store was "
                    "copied; nothing was kept of this copy, start it again"
                )
    with target:
        gone = [str(entry_id) for (entry_id,) in rows(target, sql, (space, name))]
        target.execute("DELETE FROM entries WHERE namespace = ? AND payload = ?", (space, name))
        enter(target, space, "forgotten", [(entry_id, {}) for entry_id in gone])


def _verify(
    target: apsw.Connection,
    part: Path,
    copied: dict[tuple[str, str], str],
    progress: Progress,
) -> None:
    """Read the copy back, byte for byte; needs no key."""
    progress(0, 0, "checking the copy")
    told = value(target, "PRAGMA integrity_check")
    if told != "ok":
        raise StoreError(
            f"the copied database is not whole ({told}); mend the store with: cmr memory repair"
        )
    payloads = FilePayloads(part / "payloads")
    for done, ((space, name), digest) in enumerate(copied.items()):
        progress(done, len(copied), "checking the copy")
        data = payloads.read(space, name)
        if data is None or payload_digest(data) != digest:
            raise StoreError(f"a payload in {part} does not read back as it was written; try again")
    progress(len(copied), len(copied), "checking the copy")


def _result(target: apsw.Connection, folder: Path, copied: dict[tuple[str, str], str]) -> Backup:
    part = folder.with_name(f"{folder.name}.part")
    return Backup(
        folder=str(folder),
        namespaces=len(rotation.namespaces(target)),
        entries=number(target, "SELECT count(*) FROM entries"),
        payload_files=len(copied),
        bytes=sum(path.stat().st_size for path in part.rglob("*") if path.is_file()),
    )


def _owner(target: apsw.Connection, space: str, name: str) -> str:
    sql = "SELECT id FROM entries WHERE namespace = ? AND payload = ?"
    return str(value(target, sql, (space, name)))


def _sync(path: Path) -> None:
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
