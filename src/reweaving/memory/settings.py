"""Settings of a memory."""

from __future__ import annotations

from pydantic import Field

from reweaving.config import Settings


class MemoryConfig(Settings):
    """How a memory is opened.

    Parameters
    ----------
    busy_timeout_seconds
        How long a call waits while another process writes, before it gives up with `StoreError`.
    """

    busy_timeout_seconds: float = Field(default=10.0, ge=0.0, le=3600.0)
