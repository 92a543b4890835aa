"""Settings of a memory."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from reweaving.config import Settings
from reweaving.memory.capacity import Limit, Limits, Tier
from reweaving.memory.eviction.base import EVICTION_POLICIES
from reweaving.memory.tiers import TierConfig


class MemoryConfig(Settings):
    """How a memory is opened.

    Parameters
    ----------
    busy_timeout_seconds
        How long a call waits while another process writes, before it gives up with `StoreError`.
    encryption_key
        Encrypts texts, states and labels where they are stored: 32 random bytes in base64 or
        hexadecimal, or a passphrase. None for the environment's ``REWEAVING_KEY``, if there is one;
        ``""`` for none at all.
    keyring
        Name under which the system's keyring holds that key, for the service ``reweaving``.
    untrusted_sources
        Entries from these sources go into quarantine; ``*`` and ``?`` stand for other characters.
    ttl_seconds
        How long entries are kept that bring no time of their own, and for how long each use prolongs
        that; None for as long as they are not forgotten.
    prune_every_seconds
        How often a commit looks for entries that have expired, and deletes some; None for never. See
        `reweaving.memory.privacy.pruning`.
    max_entries, max_tokens, max_bytes
        Most that the namespace holds, of spans, of their tokens, and of bytes of states and keys; None
        for no limit. What is stored makes room for itself: pinned entries never go.
    tier_limits
        The same for single tiers; what is too much moves to the colder one, and goes from the last.
    layer_limit
        The same for every layer by itself.
    eviction
        Who goes first; a name in `reweaving.memory.eviction.base`.
    tiers
        How long entries stay in which tier.
    at_hand_bytes
        Most bytes of states that are kept in memory, so that they need not be read from the disk; 0
        for none.
    recent_bytes
        How many of them may lie on the model's device.
    """

    busy_timeout_seconds: float = Field(default=10.0, ge=0.0, le=3600.0)
    encryption_key: SecretStr | None = None
    keyring: str | None = Field(default=None, min_length=1)
    untrusted_sources: tuple[str, ...] = ()
    ttl_seconds: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    prune_every_seconds: float | None = Field(default=60.0, ge=0.0)
    max_entries: int | None = Field(default=None, gt=0)
    max_tokens: int | None = Field(default=None, gt=0)
    max_bytes: int | None = Field(default=None, gt=0)
    tier_limits: dict[Tier, Limit] = Field(default_factory=dict)
    layer_limit: Limit = Limit()
    eviction: str = "lru_relevance"
    tiers: TierConfig = TierConfig()
    at_hand_bytes: int = Field(default=256 * 2**20, ge=0)
    recent_bytes: int = Field(default=128 * 2**20, gt=0)

    @field_validator("eviction")
    @classmethod
    def _known(cls, name: str) -> str:
        EVICTION_POLICIES.get(name)
        return name

    @property
    def limits(self) -> Limits:
        """Everything that is limited."""
        total = Limit(entries=self.max_entries, tokens=self.max_tokens, bytes=self.max_bytes)
        return Limits(total=total, tiers=self.tier_limits, layer=self.layer_limit)
