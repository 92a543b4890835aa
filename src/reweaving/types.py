"""The things that travel between the parts: an entry, what was found, what was woven."""

from __future__ import annotations

import difflib
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

from reweaving.errors import InputError

if TYPE_CHECKING:
    import torch


TRUST = ("trusted", "user", "untrusted")
TIERS = ("recent", "working", "long_term")


def new_entry_id() -> str:
    """A random 128-bit id in hexadecimal: says nothing of its content or its neighbours."""
    return uuid.uuid4().hex


@dataclass(eq=False)
class MemoryEntry:
    """One span's states at one layer or at all stored layers, with its metadata.

    Parameters
    ----------
    hidden_state
        Residual stream at each stored layer's input, shape ``(layers, tokens, hidden)``, for the codec
        ``hidden``; a single state ``(hidden,)`` or ``(tokens, hidden)`` for entries made by hand; None
        for the codecs ``kv`` and ``replay``.
    layer_idx
        The layer, or all stored layers from the lowest to the highest.
    sequence_id
        The session (episode) that the span was read in.
    position_idx
        Index of the span's first token in that session; 0 is the session's start token.
    relevance_score
        In [0, 1], from the scorer.
    timestamp
        Seconds since the epoch at which the span was read.
    access_count, last_access
        How often, and when last (seconds since the epoch), the entry was woven.
    metadata
        The user's own JSON-compatible values.
    keys, values
        For the codec ``kv``: per stored layer ``(kv_heads, tokens, head_dim)``, keys before rotation;
        for ``int8`` and ``int4`` the same, packed (`reweaving.stores.quantized`).
    key_state
        Retrieval key: the residual stream at the key layer, shape ``(tokens, hidden)``.
    token_ids, text
        What was read. Token ids are kept with every codec, so that states can be rebuilt.
    read_length
        Tokens of the sequence that the model had before it when the states were made; rotations that
        change with the length need to know.
    fingerprint
        Of the model that read it; see `reweaving.adapters.fingerprint`.
    tags
        Short labels given by the user.
    source, trust
        Where the text came from, and how far it may be believed: ``"trusted"``, ``"user"`` or
        ``"untrusted"``. Untrusted entries are in quarantine: kept and shown, not woven.
    expires_at, ttl_seconds
        When the entry is forgotten, in seconds since the epoch, and for how long each use prolongs its
        life; None for never, and for no prolonging.
    valid_until, superseded_by
        Since when (seconds since the epoch) what it says is known to be out of date, and the id of the
        entry that says so; None and ``""`` while it holds.
    tier
        ``"recent"``, ``"working"`` or ``"long_term"``; see `reweaving.memory.tiers`.
    """

    hidden_state: torch.Tensor | None
    layer_idx: int | tuple[int, ...]
    sequence_id: int | str
    position_idx: int
    relevance_score: float = 1.0
    timestamp: float = field(default_factory=time.time)
    access_count: int = 0
    last_access: float = 0.0
    metadata: dict[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=new_entry_id)
    namespace: str = ""
    codec: str = "hidden"
    keys: tuple[torch.Tensor, ...] | None = None
    values: tuple[torch.Tensor, ...] | None = None
    key_state: torch.Tensor | None = None
    token_ids: tuple[int, ...] = ()
    text: str = ""
    role: str = ""
    fingerprint: str = ""
    pinned: bool = False
    read_length: int = 0
    tags: tuple[str, ...] = ()
    source: str = ""
    trust: str = "user"
    expires_at: float | None = None
    ttl_seconds: float | None = None
    valid_until: float | None = None
    superseded_by: str = ""
    tier: str = "recent"

    @property
    def layers(self) -> tuple[int, ...]:
        """Stored layers, from the lowest to the highest."""
        return (self.layer_idx,) if isinstance(self.layer_idx, int) else self.layer_idx

    @property
    def tokens(self) -> int:
        """Length of the span in tokens."""
        return len(self.token_ids)

    def states(self) -> list[torch.Tensor]:
        """Every tensor that the entry holds: hidden state, keys, values, retrieval key."""
        single = [state for state in (self.hidden_state, self.key_state) if state is not None]
        return [*single, *(self.keys or ()), *(self.values or ())]

    def to_dict(self) -> dict[str, Any]:
        """Every field by its name; tensors, lists and dictionaries are the entry's own, not copies."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The entry of `to_dict`; what is left out has its default.

        Raises
        ------
        InputError
            For a field that entries do not have, or when a needed one is missing.
        """
        known = {field.name for field in fields(cls)}
        strange = sorted(set(values) - known)
        if strange:
            near = difflib.get_close_matches(strange[0], known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}"
            raise InputError(f"an entry has no field {strange[0]!r}: {hint}")
        try:
            return cls(**values)
        except TypeError as error:
            raise InputError(f"an entry cannot be made of {sorted(values)}: {error}") from error

    def update_access(self) -> None:
        """Note that the entry was woven now."""
        self.access_count += 1
        self.last_access = time.time()


@dataclass(frozen=True, eq=False)
class Recollection:
    """One entry that recall found, with the score that ranked it (higher is better).

    Attributes
    ----------
    explanation
        What each criterion added to the score, by its name; the values add up to it. None unless recall
        was asked to explain.
    """

    entry: MemoryEntry
    score: float
    explanation: dict[str, float] | None = None

    @property
    def text(self) -> str:
        """The span as text."""
        return self.entry.text

    @property
    def tokens(self) -> int:
        """How many tokens of the budget it takes."""
        return self.entry.tokens


@dataclass(frozen=True)
class Verdict:
    """What the model, as judge of its memories, said about one request.

    Attributes
    ----------
    reason
        ``"judged"``; ``"clear"``, the first stage's lead left nothing to judge; ``"unknown"``, with none
        of the candidates would the model know an answer, so nothing is woven; ``"unneeded"``, the model
        would answer without memory, so the first stage decided.
    unknown
        Entry id to the probability that the answer begins as an abstention with that entry alone woven;
        empty where the judge was not asked.
    candidates
        How many the first stage offered.
    seconds, tokens
        What judging cost: time, and tokens that were read.
    """

    reason: str
    unknown: dict[str, float]
    candidates: int
    seconds: float = 0.0
    tokens: int = 0


class Findings(list[Recollection]):
    """What recall found for one request, best first, and the judge's verdict where there was one."""

    def __init__(self, hits: Iterable[Recollection] = (), judged: Verdict | None = None) -> None:
        super().__init__(hits)
        self.judged = judged
