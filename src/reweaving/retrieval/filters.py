"""Which spans a request may find at all: by time, trust, labels, the user's own values and worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from reweaving.config import Settings

if TYPE_CHECKING:
    from reweaving.retrieval.catalogue import SpanNote


class RecallFilters(Settings):
    """Conditions that a span must meet, all of them; what does not is not scored into the answer.

    Parameters
    ----------
    metadata
        Name to value, as given to `remember`; a list or tuple means any of its values.
    tags
        Labels of which the span must have at least one; empty for no condition.
    since, until
        Read not earlier than the one and earlier than the other, in seconds since the epoch.
    trust
        Kinds of trust that are let in; None for all that the settings of recall let in.
    min_relevance
        Least relevance score, in [0, 1].

    Raises
    ------
    ConfigurationError
        For an unknown name, a value out of range, or a time span that is empty.
    """

    metadata: dict[str, Any] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    since: float | None = Field(default=None, allow_inf_nan=False)
    until: float | None = Field(default=None, allow_inf_nan=False)
    trust: tuple[Literal["trusted", "user", "untrusted"], ...] | None = None
    min_relevance: float = Field(default=0.0, ge=0.0, le=1.0)

    @classmethod
    def of(cls, given: RecallFilters | Mapping[str, Any] | None) -> RecallFilters:
        """Filters as they are, from a mapping of their names, or none."""
        return given if isinstance(given, RecallFilters) else cls(**(given or {}))

    @model_validator(mode="after")
    def _times_in_order(self) -> Self:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError(
                f"since = {self.since} is not before until = {self.until}; no span lies between them"
            )
        return self

    @property
    def are_set(self) -> bool:
        """Whether there is any condition."""
        return self != RecallFilters()

    def admits(self, span: SpanNote) -> bool:
        """Whether a span meets every condition."""
        return (
            (self.since is None or span.timestamp >= self.since)
            and (self.until is None or span.timestamp < self.until)
            and (self.trust is None or span.trust in self.trust)
            and (not self.tags or not set(self.tags).isdisjoint(span.tags))
            and span.relevance >= self.min_relevance
            and all(_meets(span.metadata, name, wanted) for name, wanted in self.metadata.items())
        )


def _meets(metadata: Mapping[str, Any], name: str, wanted: Any) -> bool:
    if name not in metadata:
        return False
    if isinstance(wanted, list | tuple):
        return metadata[name] in wanted
    return bool(metadata[name] == wanted)
