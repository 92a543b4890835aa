"""`MemoryEntry` to a row, a retrieval key and a payload, and back, bit for bit."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reweaving.errors import DamagedEntryError, InputError
from reweaving.stores import columns
from reweaving.stores.digest import is_payload, payload_digest
from reweaving.types import MemoryEntry

if TYPE_CHECKING:
    import torch

# torch is imported inside functions: listing and searching a memory needs no states.

_DTYPES = ("float32", "float16", "bfloat16")
_PACKED = ("int8", "int4")  # their keys and values are bytes that say how they are to be read


@dataclass(frozen=True, slots=True)
class Row:
    """Everything of an entry but its tensors, as plain values; field names are column names."""

    id: str
    session: str  # JSON, so that 1 and "1" stay different
    position: int
    layers: str  # JSON: one number, or a list
    codec: str
    role: str
    text: str
    token_ids: bytes  # int32, little-endian
    metadata: str  # JSON
    relevance_score: float
    created: float
    access_count: int
    last_access: float
    pinned: int
    fingerprint: str
    read_length: int
    payload: str | None  # `payload_digest` of the payload
    payload_bytes: int
    key_dtype: str | None
    key_shape: str | None  # JSON
    key_digest: str | None  # SHA-256 of the key's bytes
    tags: str = "[]"  # JSON
    source: str = ""
    trust: str = "user"
    expires_at: float | None = None
    ttl_seconds: float | None = None
    valid_until: float | None = None
    superseded_by: str = ""
    tier: str = "recent"

    @property
    def digest(self) -> str:
        """SHA-256 of what only an edit changes; counters and flags are left out."""
        lasting: tuple[Any, ...] = (
            self.id,
            self.session,
            self.position,
            self.layers,
            self.codec,
            self.role,
            self.text,
            self.token_ids.hex(),
            self.metadata,
            self.created,
            self.fingerprint,
            self.read_length,
            self.payload,
            self.key_dtype,
            self.key_shape,
            self.key_digest,
        )
        # Columns of later formats count where they say something: older rows keep their digest.
        later = (self.tags, self.source, self.trust, self.valid_until, self.superseded_by)
        if later != ("[]", "", "user", None, ""):
            lasting += later
        return hashlib.sha256(json.dumps(lasting).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Encoded:
    """An entry as it is stored: a row, the bytes of its key, the bytes of its payload."""

    row: Row
    key: bytes | None
    payload: bytes | None


def encode(entry: MemoryEntry) -> Encoded:
    """Turn an entry into what is stored.

    Raises
    ------
    InputError
        For what would not come back as it is: NaN or infinite states, other dtypes than fp32,
        fp16 and bf16, metadata that is not JSON, text that is not Unicode.
    """
    tensors = _tensors(entry)
    payload = _pack(tensors) if tensors else None
    key = None if entry.key_state is None else _checked(entry, "key_state", entry.key_state)
    key_bytes = None if key is None else _bytes(key)
    row = Row(
        id=columns.identifier(entry.id),
        session=columns.encode_session(entry.sequence_id),
        position=columns.integer(entry.id, "position_idx", entry.position_idx),
        layers=columns.encode_layers(entry),
        codec=columns.text(entry.id, "codec", entry.codec),
        role=columns.text(entry.id, "role", entry.role),
        text=columns.text(entry.id, "text", entry.text),
        token_ids=columns.encode_tokens(entry),
        metadata=columns.metadata(entry.id, "metadata", entry.metadata),
        relevance_score=columns.finite(entry.id, "relevance_score", entry.relevance_score),
        created=columns.finite(entry.id, "timestamp", entry.timestamp),
        access_count=columns.integer(entry.id, "access_count", entry.access_count),
        last_access=columns.finite(entry.id, "last_access", entry.last_access),
        pinned=columns.flag(entry.id, "pinned", entry.pinned),
        fingerprint=columns.text(entry.id, "fingerprint", entry.fingerprint),
        read_length=columns.integer(entry.id, "read_length", entry.read_length),
        payload=None if payload is None else payload_digest(payload),
        payload_bytes=len(payload or b""),
        key_dtype=None if key is None else _dtype_name(key),
        key_shape=None if key is None else json.dumps(list(key.shape)),
        key_digest=None if key_bytes is None else hashlib.sha256(key_bytes).hexdigest(),
        tags=columns.tags(entry.id, "tags", entry.tags),
        source=columns.text(entry.id, "source", entry.source),
        trust=columns.trust(entry.id, "trust", entry.trust),
        expires_at=columns.moment(entry.id, "expires_at", entry.expires_at),
        ttl_seconds=columns.moment(entry.id, "ttl_seconds", entry.ttl_seconds),
        valid_until=columns.moment(entry.id, "valid_until", entry.valid_until),
        superseded_by=columns.text(entry.id, "superseded_by", entry.superseded_by),
        tier=columns.tier(entry.id, "tier", entry.tier),
    )
    return Encoded(row, key_bytes, payload)


def decode(namespace: str, row: Row, key: bytes | None, payload: bytes | None) -> MemoryEntry:
    """The entry of a row; without `key` and `payload` it has its metadata only."""
    tensors = {} if payload is None else _unpack(namespace, row, payload)
    kv_layers = sum(name.startswith("key.") for name in tensors)
    layers = json.loads(row.layers)
    return MemoryEntry(
        hidden_state=tensors.get("hidden"),
        layer_idx=layers if isinstance(layers, int) else tuple(layers),
        sequence_id=columns.decode_session(row.session),
        position_idx=row.position,
        relevance_score=row.relevance_score,
        timestamp=row.created,
        access_count=row.access_count,
        last_access=row.last_access,
        metadata=json.loads(row.metadata),
        id=row.id,
        namespace=namespace,
        codec=row.codec,
        keys=tuple(tensors[f"key.{i:04d}"] for i in range(kv_layers)) if kv_layers else None,
        values=tuple(tensors[f"value.{i:04d}"] for i in range(kv_layers)) if kv_layers else None,
        key_state=None if key is None else decode_key(namespace, row, key),
        token_ids=columns.decode_tokens(row.token_ids),
        text=row.text,
        role=row.role,
        fingerprint=row.fingerprint,
        pinned=bool(row.pinned),
        read_length=row.read_length,
        tags=tuple(json.loads(row.tags)),
        source=row.source,
        trust=row.trust,
        expires_at=row.expires_at,
        ttl_seconds=row.ttl_seconds,
        valid_until=row.valid_until,
        superseded_by=row.superseded_by,
        tier=row.tier,
    )


def decode_key(namespace: str, row: Row, key: bytes) -> torch.Tensor:
    """The retrieval key, shape ``(tokens, hidden)``, after a check of its bytes."""
    import torch

    if hashlib.sha256(key).hexdigest() != row.key_digest:
        raise damaged(namespace, row.id, "its retrieval key does not match its checksum")
    shape = json.loads(row.key_shape or "[]")
    flat = torch.frombuffer(bytearray(key), dtype=torch.uint8) if key else torch.empty(0)
    dtype: torch.dtype = getattr(torch, row.key_dtype or "float32")
    return flat.view(dtype).view(shape) if key else torch.empty(shape, dtype=dtype)


def check_row(namespace: str, row: Row, digest: str) -> None:
    """Refuse a row that is not what was written.

    Raises
    ------
    DamagedEntryError
        When its digest is another one than was kept with it.
    """
    if row.digest != digest:
        raise damaged(namespace, row.id, "its row does not match its checksum")


def damaged(namespace: str, entry_id: str, why: str) -> DamagedEntryError:
    """The error for an entry that is not what was written, with what to do."""
    return DamagedEntryError(
        f"entry {entry_id} of namespace {namespace!r} is damaged: {why}; bring back what is "
        "intact with cmr memory repair, forget the entry, or restore the store from a backup",
        why,
    )


def _tensors(entry: MemoryEntry) -> dict[str, torch.Tensor]:
    """The payload's tensors by name, in layer order."""
    tensors = {}
    if entry.hidden_state is not None:
        tensors["hidden"] = _checked(entry, "hidden_state", entry.hidden_state)
    keys, values = entry.keys or (), entry.values or ()
    if len(keys) != len(values):
        raise InputError(
            f"entry {entry.id} has keys of {len(keys)} layers and values of {len(values)}"
        )
    for name, states in (("key", keys), ("value", values)):
        for i, state in enumerate(states):
            tensors[f"{name}.{i:04d}"] = _checked(entry, f"{name}s[{i}]", state)
    return tensors


def _checked(entry: MemoryEntry, name: str, state: torch.Tensor) -> torch.Tensor:
    """A contiguous copy in RAM, refused when it is no state that can be woven."""
    packed = entry.codec in _PACKED and name.startswith(("keys[", "values["))
    if _dtype_name(state) not in (("uint8",) if packed else _DTYPES):
        raise InputError(
            f"{name} of entry {entry.id} has dtype {_dtype_name(state)}; states are stored as "
            f"{', '.join(_DTYPES)}"
        )
    if not _is_finite(state):
        raise InputError(
            f"{name} of entry {entry.id} holds NaN or infinite numbers; nothing was stored. "
            "Run the model in bfloat16 or float32, float16 may have overflowed"
        )
    return state.detach().to("cpu", copy=True).contiguous()


def _is_finite(state: torch.Tensor) -> bool:
    """Whether there is neither NaN nor infinity: both show in the extremes, read in one pass."""
    if not state.numel():
        return True
    return all(bool(extreme.isfinite()) for extreme in state.detach().aminmax())


def _dtype_name(state: torch.Tensor) -> str:
    return str(state.dtype).removeprefix("torch.")


def _bytes(state: torch.Tensor) -> bytes:
    import torch

    if not state.numel():
        return b""
    data: bytes = state.reshape(-1).view(torch.uint8).numpy().tobytes()
    return data


def _pack(tensors: dict[str, torch.Tensor]) -> bytes:
    from safetensors.torch import save

    return save(tensors)


def _unpack(namespace: str, row: Row, payload: bytes) -> dict[str, torch.Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load

    if row.payload is None or not is_payload(payload, row.payload):
        raise damaged(namespace, row.id, "its payload does not match its checksum")
    try:
        return load(payload)
    except SafetensorError as error:
        raise damaged(namespace, row.id, f"its payload cannot be read ({error})") from error
