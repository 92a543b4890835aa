"""Tables of names and where their parts live: explicit, lazy, open to outsiders by entry point."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from reweaving.errors import RegistryError

T = TypeVar("T")


class Registry(Generic[T]):
    """Names of one kind of part, each with the target that is imported when it is asked for.

    Parameters
    ----------
    kind
        What the names stand for, in one word, for messages: ``"store"``.
    table
        Name to ``"module:attribute"``. This table is the only place where built-in parts are listed.
    group
        Entry point group through which other distributions add parts; default
        ``"reweaving.<kind>s"``.

    Notes
    -----
    Nothing is imported before `get`; entry points are read once, at the first miss or listing.
    """

    def __init__(self, kind: str, table: Mapping[str, str], group: str | None = None) -> None:
        self.kind = kind
        self.group = group or f"reweaving.{kind}s"
        self._targets = dict(table)
        self._outsiders: dict[str, EntryPoint] | None = None

    def add(self, name: str, target: str) -> None:
        """Add one more name at run time.

        Raises
        ------
        RegistryError
            When the name is taken by another target.
        """
        taken = self._targets.get(name)
        if taken is not None and taken != target:
            raise RegistryError(
                f"{self.kind} {name!r} is already {taken}; {target} needs another name"
            )
        self._targets[name] = target

    def names(self) -> list[str]:
        """Every name, built-in ones first."""
        return [*self._targets, *self._entry_points()]

    def get(self, name: str) -> T:
        """Import and return the part called `name`.

        Raises
        ------
        RegistryError
            When no part has that name (the message suggests the nearest), or its target is not
            there.
        """
        target = self._targets.get(name)
        if target is None:
            entry_point = self._entry_points().get(name)
            if entry_point is None:
                raise RegistryError(self._miss(name))
            target = entry_point.value
        module, _, attribute = target.partition(":")
        absent = f"{self.kind} {name!r} points at {target}, which does not exist"
        try:
            home = importlib.import_module(module)
        except ModuleNotFoundError as error:
            # What the part itself needs and lacks is another matter, and keeps its own name.
            if f"{module}.".startswith(f"{error.name}."):
                raise RegistryError(absent) from error
            raise
        try:
            part: T = getattr(home, attribute)
        except AttributeError as error:
            raise RegistryError(absent) from error
        return part

    def __contains__(self, name: object) -> bool:
        return name in self._targets or name in self._entry_points()

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def _entry_points(self) -> dict[str, EntryPoint]:
        if self._outsiders is None:
            found: dict[str, EntryPoint] = {}
            for entry_point in entry_points(group=self.group):
                taken = self._targets.get(entry_point.name)
                other = found.get(entry_point.name)
                if taken is not None or (other is not None and other.value != entry_point.value):
                    raise RegistryError(
                        f"{self.kind} {entry_point.name!r} is claimed by {entry_point.value} and by "
                        f"{taken or (other and other.value)}: uninstall one of them"
                    )
                found[entry_point.name] = entry_point
            self._outsiders = found
        return self._outsiders

    def _miss(self, name: str) -> str:
        names = self.names()
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(names))}"
        return f"there is no {self.kind} called {name!r}: {hint}"
