"""The derived index beside a SQLite database: kept while it is true, and rid of what is forgotten."""

from __future__ import annotations

from collections.abc import Mapping

from reweaving.stores.connection import number
from reweaving.stores.index import SpanIndex
from reweaving.stores.index_file import FOLDER, IndexFiles
from reweaving.stores.sqlite_session import SqliteSession

_GENERATION = "SELECT generation FROM namespaces WHERE namespace = ?"


class SqliteIndex:
    """Index files of one opened `SqliteStore`; none where it is in RAM or encrypted.

    Sketches tell something of what was said, so an encrypted store's index stays in RAM.
    """

    def __init__(self, session: SqliteSession) -> None:
        self._session = session

    @property
    def _files(self) -> IndexFiles | None:
        folder = self._session.folder
        if folder is None or self._session.seal.hides_content:
            return None
        return IndexFiles(folder)

    def load(self, namespace: str) -> SpanIndex | None:
        """The index that was kept last; None when there is no sound one."""
        return None if self._files is None else self._files.load(namespace)

    def save(self, namespace: str, index: SpanIndex, generation: int) -> bool:
        """Keep an index, unless the namespace has changed since: what was forgotten must not come back."""
        files = self._files
        if files is None or not len(index):
            return False
        # Nobody forgets between this look at the generation and the file's name: a file that is not
        # finished, because its writer was killed, holds nothing that was forgotten before.
        with self._session.writing() as connection:
            if number(connection, _GENERATION, (namespace,)) != generation:
                return False
            files.remove_parts()
            files.put(namespace, files.write(namespace, index))
        return True

    def erase(self, namespace: str, marks: Mapping[str, int]) -> dict[str, str]:
        """Leave nothing in the namespace's file of keys that are not among `marks`, by entry id."""
        files = self._files
        if files is None:
            return {}
        with self._session.writing():
            files.remove_parts()
            path = files.path(namespace)
            if not path.exists():
                return {}
            name = f"{FOLDER}/{path.name}"
            index = files.load(namespace)
            if index is None:
                files.remove(namespace)
                return {name: "unlinked"}
            gone = [key for key, mark in index.marked().items() if marks.get(key) != mark]
            if not gone:
                return {}
            left = index.without(gone)
            if not len(left):
                files.remove(namespace)
                return {name: "unlinked"}
            files.put(namespace, files.write(namespace, left))
        return {name: "rewritten"}

    def remove_all(self) -> dict[str, str]:
        """Take all files away: the store has another key now, or none any more."""
        folder = self._session.folder
        if folder is None:
            return {}
        return dict.fromkeys(IndexFiles(folder).remove_all(), "unlinked")
