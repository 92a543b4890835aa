"""Another model for a namespace: states made again from token ids, beside the old ones until all are."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from reweaving.errors import ConflictError, InputError
from reweaving.memory.bound_model import KEY_LAYER_NOTE, MODEL_NOTE, BoundModel
from reweaving.stores.base import MemoryStore
from reweaving.stores.progress import Progress, silent
from reweaving.types import MemoryEntry

_NOTE = "reencoding"
_PASS_TOKENS = 512  # read at a time, and stored with one commit
_PAGE = 32
_ROUNDS = 16


class Rereader(Protocol):
    """A model that reads stored sessions again; `reweaving.Reweaver.rereader` makes one."""

    @property
    def fingerprint(self) -> str:
        """Of the model."""

    @property
    def model_name(self) -> str:
        """Of the model, for messages."""

    @property
    def key_layer(self) -> int:
        """Where it takes retrieval keys."""

    @property
    def recipe(self) -> str:
        """What else the states depend on: codec and layers."""

    def understands(self, entries: Sequence[MemoryEntry]) -> bool:
        """Whether the entries' token ids are those of this model's tokenizer."""

    def rewritten(self, spans: Sequence[MemoryEntry]) -> list[MemoryEntry]:
        """A whole session with token ids and positions of this tokenizer, made from the texts."""

    def states(
        self, before: Sequence[MemoryEntry], spans: Sequence[MemoryEntry]
    ) -> list[MemoryEntry]:
        """The spans with this model's states, read behind what came before them in the session."""


class Attached(Protocol):
    """What `reweaving.attach` returns, as far as it is needed here."""

    def rereader(self) -> Rereader:
        """Reads stored sessions again."""


@dataclass(frozen=True)
class Reencoded:
    """What was made again.

    Attributes
    ----------
    before, now
        Model names, with the beginning of their fingerprints.
    retokenised
        Whether token ids were made anew from the texts, for another tokenizer.
    """

    entries: int
    tokens: int
    before: str
    now: str
    retokenised: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def reencode(
    store: MemoryStore,
    namespace: str,
    bound: BoundModel,
    reader: Rereader,
    progress: Progress = silent,
) -> Reencoded:
    """See `reweaving.Memory.reencode`.

    Parameters
    ----------
    store
        What is durable, with what is put around it: states at hand are let go of with the old ones.
        New states are put together in the innermost store, which keeps no limits.
    """
    exchanged, store = store, store.bare
    target = BoundModel(reader.model_name, reader.fingerprint)
    staging = _staging(store, namespace, reader)
    done = Reencoded(0, 0, bound.shown if bound.fingerprint else "", target.shown, False)
    for _ in range(_ROUNDS):
        known = list(store.scan(namespace))
        understood = reader.understands(known)
        _require_readable(known, understood, reader)
        _stage(store, namespace, staging, known, understood, reader, progress)
        entries = _staged(store, staging, [entry.id for entry in known])
        notes: Mapping[str, Any] = {
            MODEL_NOTE: target.as_note(),
            KEY_LAYER_NOTE.format(target.fingerprint): reader.key_layer,
            _NOTE: None,
        }
        left = exchanged.replace_many(namespace, entries, what="reencoded", notes=notes, whole=True)
        if not left:
            tokens = sum(entry.tokens for entry in store.scan(staging))
            done = replace(done, entries=len(known), tokens=tokens, retokenised=not understood)
            _drop(store, staging)
            return done
    raise ConflictError(
        f"others kept adding to namespace {namespace!r}; the memory is as it was. Close the programs "
        "that write to it, and run cmr memory reencode again: it goes on from here"
    )


def staging_of(store: MemoryStore, namespace: str) -> str:
    """Where a reencoding that is under way, or was broken off, keeps new states; empty for none."""
    note = store.bare.ledger.note(namespace, _NOTE)
    return "" if note is None else str(note["staging"])


def forget_staged(store: MemoryStore, namespace: str, staging: str) -> None:
    """Forget what a reencoding holds of entries that the namespace has no more, for whatever reason.

    A reencoding looks after each of its commits whether its entries are still there, so whichever
    comes first, nothing of them is left.
    """
    if staging:
        staged = set(store.bare.matching_ids(staging, ""))
        gone = staged.difference(store.bare.matching_ids(namespace, ""))
        _forget(store.bare, staging, sorted(gone))


def _stage(
    store: MemoryStore,
    namespace: str,
    staging: str,
    known: Sequence[MemoryEntry],
    understood: bool,
    reader: Rereader,
    progress: Progress,
) -> None:
    """Make the states that are not there yet; every pass is committed, so a killed run goes on."""
    there = {entry.id for entry in store.scan(staging)}
    _forget(store, staging, sorted(there - {entry.id for entry in known}))
    at = 0
    for session in _sessions(known):
        spans = session if understood else reader.rewritten(session)
        for start, stop in _passes(spans):
            progress(at + start, len(known), "reading again")
            new = [span for span in spans[start:stop] if span.id not in there]
            if new:
                made = reader.states(spans[:start], spans[start:stop])
                wanted = {span.id for span in new}
                store.put_many(staging, [_bare(entry) for entry in made if entry.id in wanted])
                _forget(store, staging, _gone(store, namespace, sorted(wanted)))
        at += len(spans)
    progress(at, len(known), "reading again")


def _sessions(known: Sequence[MemoryEntry]) -> Iterator[list[MemoryEntry]]:
    """Entries of one session after the other, in the order in which they were read."""
    for _, group in itertools.groupby(known, key=lambda entry: entry.sequence_id):
        yield list(group)


def _staging(store: MemoryStore, namespace: str, reader: Rereader) -> str:
    """Where new states are kept meanwhile; of an earlier attempt for another model nothing is kept."""
    recipe = hashlib.sha256(f"{reader.fingerprint} {reader.recipe}".encode()).hexdigest()[:16]
    # No user's namespace can have a "#" in its name.
    staging = f"{namespace}#{recipe}"
    earlier = staging_of(store, namespace)
    if earlier not in ("", staging):
        _drop(store, earlier)
    store.ledger.set_note(namespace, _NOTE, {"staging": staging})
    return staging


def _staged(store: MemoryStore, staging: str, ids: Sequence[str]) -> Iterator[MemoryEntry]:
    for at in range(0, len(ids), _PAGE):
        yield from store.get_many(staging, ids[at : at + _PAGE])


def _passes(spans: Sequence[MemoryEntry]) -> Iterator[tuple[int, int]]:
    """Runs of spans that are read together."""
    start = held = 0
    for at, span in enumerate(spans):
        if at > start and held + span.tokens > _PASS_TOKENS:
            yield start, at
            start, held = at, 0
        held += span.tokens
    if spans:
        yield start, len(spans)


def _bare(entry: MemoryEntry) -> MemoryEntry:
    """Only what belongs to the states: the rest is taken from the entry when they are exchanged."""
    return replace(entry, text="", metadata={}, tags=(), source="", role="", namespace="")


def _gone(store: MemoryStore, namespace: str, ids: Sequence[str]) -> list[str]:
    """Which of the entries were forgotten meanwhile."""
    there = {entry.id for entry in store.get_many(namespace, ids, payload=False)}
    return [entry_id for entry_id in ids if entry_id not in there]


def _forget(store: MemoryStore, staging: str, ids: Sequence[str]) -> None:
    if ids and store.delete_many(staging, ids).ids:
        store.erase(staging)


def _drop(store: MemoryStore, staging: str) -> None:
    store.delete_many(staging, [entry.id for entry in store.scan(staging)])
    store.ledger.clear(staging)
    store.erase(staging)


def _require_readable(known: Sequence[MemoryEntry], understood: bool, reader: Rereader) -> None:
    bare = [
        entry.id for entry in known if not (entry.token_ids if understood else entry.text.strip())
    ]
    if bare:
        what = "token ids" if understood else "text, which its other tokenizer needs,"
        raise InputError(
            f"{reader.model_name} cannot read {len(bare)} entries, which have no {what} "
            f"({', '.join(bare[:3])}); the memory is as it was. Forget them with: "
            f"cmr memory forget {bare[0]}"
        )
