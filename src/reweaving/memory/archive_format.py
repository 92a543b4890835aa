"""What an archive holds: a manifest, one JSON line for each entry, and shards of states."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from reweaving.errors import ArchiveError
from reweaving.types import MemoryEntry

# A zip file of uncompressed members; safetensors gain nothing from compression, and what is not
# compressed cannot grow when it is read.
MANIFEST = "manifest.json"
ENTRIES = "entries.jsonl"
SHARD = "states-{:05d}.safetensors"
SHARD_NAME = re.compile(r"states-[0-9]{5}\.safetensors")

SHARD_BYTES = 64 * 2**20  # a shard is closed when it holds so much; one entry is never divided
LARGEST_SHARD_BYTES = 4 * 2**30
MANIFEST_BYTES = 16 * 2**20
LINE_BYTES = 16 * 2**20
DIRECTORY_BYTES = 32 * 2**20  # of the zip file
HEADER_BYTES = 16 * 2**20  # of a shard

_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Count = Annotated[int, Field(ge=0)]


class _Strict(BaseModel):
    """Exactly these fields, exactly these types."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Member(_Strict):
    """Size and SHA-256 of one member."""

    bytes: _Count
    sha256: _Digest


class Manifest(_Strict):
    """What is in the archive, and which model it is of."""

    format: Literal["reweaving archive"] = "reweaving archive"
    version: Literal[1] = 1
    created: str
    namespace: str
    model: str
    fingerprint: str
    key_layer: _Count | None = None  # where retrieval keys were taken; None for the model's default
    entries: _Count
    tokens: _Count
    members: dict[str, Member]


class Record(_Strict):
    """One line of ``entries.jsonl``: an entry without its tensors."""

    id: str
    session: int | str
    position: int
    layers: int | list[int]
    codec: str
    role: str
    text: str
    token_ids: list[int]
    metadata: dict[str, Any]
    relevance_score: FiniteFloat
    timestamp: FiniteFloat
    access_count: int
    last_access: FiniteFloat
    pinned: bool
    fingerprint: str
    read_length: int
    tags: list[str]
    source: str
    trust: str
    expires_at: FiniteFloat | None
    ttl_seconds: FiniteFloat | None
    valid_until: FiniteFloat | None
    superseded_by: str
    tier: str
    shard: _Count | None

    @classmethod
    def of(cls, entry: MemoryEntry, shard: int | None) -> Record:
        """The record of an entry whose tensors stand in this shard."""
        layers = entry.layer_idx
        return cls(
            id=entry.id,
            session=entry.sequence_id,
            position=entry.position_idx,
            layers=layers if isinstance(layers, int) else list(layers),
            codec=entry.codec,
            role=entry.role,
            text=entry.text,
            token_ids=list(entry.token_ids),
            metadata=entry.metadata,
            relevance_score=entry.relevance_score,
            timestamp=entry.timestamp,
            access_count=entry.access_count,
            last_access=entry.last_access,
            pinned=entry.pinned,
            fingerprint=entry.fingerprint,
            read_length=entry.read_length,
            tags=list(entry.tags),
            source=entry.source,
            trust=entry.trust,
            expires_at=entry.expires_at,
            ttl_seconds=entry.ttl_seconds,
            valid_until=entry.valid_until,
            superseded_by=entry.superseded_by,
            tier=entry.tier,
            shard=shard,
        )

    def entry(self, tensors: dict[str, Any]) -> MemoryEntry:
        """The entry, with its tensors by the names that `tensors_of` gives them."""
        kv_layers = sum(name.startswith("key.") for name in tensors)
        names = {"hidden", "key_state"} & tensors.keys()
        names |= {f"{kind}.{i:04d}" for kind in ("key", "value") for i in range(kv_layers)}
        if names != tensors.keys():
            odd = sorted(names ^ tensors.keys())
            raise ArchiveError(f"entry {self.id!r} has states that do not belong together: {odd}")
        fields = self.model_dump(exclude={"shard", "session", "position", "layers"})
        return MemoryEntry(
            **{**fields, "token_ids": tuple(self.token_ids), "tags": tuple(self.tags)},
            sequence_id=self.session,
            position_idx=self.position,
            layer_idx=self.layers if isinstance(self.layers, int) else tuple(self.layers),
            hidden_state=tensors.get("hidden"),
            key_state=tensors.get("key_state"),
            keys=tuple(tensors[f"key.{i:04d}"] for i in range(kv_layers)) if kv_layers else None,
            values=tuple(tensors[f"value.{i:04d}"] for i in range(kv_layers))
            if kv_layers
            else None,
        )


def tensors_of(entry: MemoryEntry) -> dict[str, Any]:
    """An entry's tensors by name: ``hidden``, ``key_state``, ``key.0000``, ``value.0000`` and so on."""
    tensors = {"hidden": entry.hidden_state, "key_state": entry.key_state}
    for kind, states in (("key", entry.keys), ("value", entry.values)):
        tensors |= {f"{kind}.{i:04d}": state for i, state in enumerate(states or ())}
    return {
        name: state.detach().cpu().contiguous()
        for name, state in tensors.items()
        if state is not None
    }


def parse(kind: type[Manifest] | type[Record], data: bytes, where: str) -> Any:
    """A manifest or a record out of JSON.

    Raises
    ------
    ArchiveError
        Naming what is wrong in which place.
    """
    try:
        return kind.model_validate(json.loads(data, parse_constant=_no_constant))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])[:80]
        raise ArchiveError(f"{where} is not as it should be: {name!r}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{where} is not JSON of this format: {error}") from error


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")
