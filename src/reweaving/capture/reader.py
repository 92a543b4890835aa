"""Reading tokens through the model and keeping what its layers held."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from transformers import DynamicCache

from reweaving.adapters.base import BackboneAdapter, evaluating
from reweaving.adapters.projections import KeysValues
from reweaving.capture.hooks import StateRecorder, recording
from reweaving.capture.surprised import SurprisedReader
from reweaving.scoring.attended import Attended, joined_attention
from reweaving.scoring.session import SessionScores
from reweaving.weaving.active import weaving
from reweaving.weaving.weave import Weave

_CHUNK_TOKENS = 640
_RUNNING_SESSIONS = 4


@dataclass(frozen=True)
class Reading:
    """What one reading left: residual states ``(layers, tokens, hidden)`` and surprise ``(tokens,)``.

    Attributes
    ----------
    pairs
        Keys before rotation and values ``(kv_heads, tokens, head_dim)`` of each layer, where they were asked
        for and could be had without computing them again.
    attended
        What the layer that was to be watched attended to.
    """

    states: torch.Tensor
    surprise: torch.Tensor
    pairs: list[KeysValues] | None = None
    attended: Attended | None = None


@dataclass
class RunningSession:
    """A session whose context is still at hand, so that the next message is read where it was said.

    `made_of` are the ids of the entries that its context has been stored as, or was resumed from.
    """

    cache: Any
    position: int = 0
    context: Weave | None = None
    last_logits: torch.Tensor | None = None
    cached_tokens: int = field(default=0)
    scored: SessionScores = field(default_factory=SessionScores)
    made_of: list[str] = field(default_factory=list)


class SessionReader:
    """Reads messages, each in its session's running context, in chunks of bounded size.

    Keeps the caches of the few sessions that were read last; `attach` resumes others from memory.
    """

    def __init__(self, adapter: BackboneAdapter) -> None:
        self.adapter = adapter
        self._surprised = SurprisedReader(adapter)
        self._running: OrderedDict[str, RunningSession] = OrderedDict()

    def running(self, session: str, tokens: int) -> RunningSession | None:
        """The session's context, if it is at hand and has room for more tokens."""
        found = self._running.get(session)
        if found is None:
            return None
        woven = 0 if found.context is None else found.context.slots
        if woven + found.cached_tokens + tokens > self.adapter.trained_length:
            del self._running[session]
            return None
        self._running.move_to_end(session)
        return found

    def begin(
        self, session: str, context: Weave | None, position: int, made_of: Sequence[str] = ()
    ) -> RunningSession:
        """Start a session's context anew, its earlier spans woven in where there are any."""
        cache = DynamicCache(config=self.adapter.config)
        started = RunningSession(cache, position, context, made_of=list(made_of))
        self._running[session] = started
        while len(self._running) > _RUNNING_SESSIONS:
            self._running.popitem(last=False)
        return started

    def made_of(self, session: str) -> tuple[str, ...]:
        """Ids of the entries of a session's context; none where it is not at hand."""
        found = self._running.get(session)
        return () if found is None else tuple(found.made_of)

    def stored(self, session: str, entry_id: str) -> None:
        """Note what a part of a session's context was stored as, where that is at hand."""
        found = self._running.get(session)
        if found is not None:
            found.made_of.append(entry_id)

    def forget(self, session: str | None = None) -> None:
        """Drop one session's context, or all."""
        if session is None:
            self._running.clear()
        else:
            self._running.pop(session, None)

    def read(
        self,
        running: RunningSession,
        ids: Sequence[int],
        layers: Sequence[int],
        *,
        pairs: bool = False,
        watched: int | None = None,
    ) -> Reading:
        """Read tokens behind what the session holds; surprise is ``-log p(token)`` in nats.

        Parameters
        ----------
        pairs
            Whether keys and values are wanted as well.
        watched
            A layer of which is wanted what it attends to.
        """
        states, surprise = [], []
        attended: list[Attended | None] = []
        projected: list[list[KeysValues] | None] = []
        # Chunks of one size: a pass over a few left-over tokens would read all weights for them.
        chunks = -(-len(ids) // _CHUNK_TOKENS)
        size = -(-len(ids) // max(chunks, 1))
        for at in range(0, len(ids), max(size, 1)):
            chunk = torch.tensor([ids[at : at + size]], device=self.adapter.entry_device)
            recorder = StateRecorder(self.adapter, layers, projections=pairs, attended=watched)
            with (
                torch.no_grad(),
                evaluating(self.adapter.model),
                weaving(running.context),
                recording(recorder),
            ):
                nats, last = self._surprised.read(chunk, running.cache, running.last_logits)
            states.append(recorder.rows()[0][1])
            projected.append(recorder.pairs() if pairs else None)
            attended.append(recorder.attended())
            surprise.append(nats)
            running.last_logits = last
            running.cached_tokens += chunk.shape[1]
            running.position += chunk.shape[1]
        return Reading(
            # A message of one chunk, which most are, is not copied once more.
            states[0] if len(states) == 1 else torch.cat(states, dim=1),
            torch.cat(surprise),
            _joined(projected),
            joined_attention(attended),
        )


def _joined(chunks: Sequence[list[KeysValues] | None]) -> list[KeysValues] | None:
    """Keys and values of all chunks, layer by layer; None where a chunk has none."""
    known = [chunk for chunk in chunks if chunk is not None]
    if len(known) != len(chunks):
        return None
    if len(known) == 1:
        return [(keys[0], values[0]) for keys, values in known[0]]
    return [
        (
            torch.cat([keys[0] for keys, _ in of_layer], dim=1),  # (kv_heads, tokens, head_dim)
            torch.cat([values[0] for _, values in of_layer], dim=1),
        )
        for of_layer in zip(*known, strict=True)
    ]
