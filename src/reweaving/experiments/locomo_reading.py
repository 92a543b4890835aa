"""A dialogue read into a memory, and its questions read: what `cmr bench locomo` searches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import torch

from reweaving.experiments.locomo_data import Dialogue, Question
from reweaving.memory.memory import Memory
from reweaving.retrieval.text_embedder import Embedder
from reweaving.reweaver import Reweaver
from reweaving.stores.base import KeyState
from reweaving.types import MemoryEntry


@dataclass(frozen=True, eq=False)
class Asked:
    """A question as the model read it: states at the key layer ``(tokens, hidden)``, and its tokens' texts."""

    question: Question
    states: torch.Tensor
    words: tuple[str, ...]


class EmbedderOfRun:
    """An embedder that reads no text twice in one run.

    Parameters
    ----------
    embedder
        The embedder.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._read: dict[tuple[str, str], torch.Tensor] = {}

    def states(self, texts: Sequence[tuple[str, str]]) -> list[torch.Tensor]:
        """See `TextEmbedder.states`."""
        new = [pair for pair in dict.fromkeys(texts) if pair not in self._read]
        self._read |= dict(zip(new, self._embedder.states(new), strict=True))
        return [self._read[pair] for pair in texts]

    def words(self, text: str) -> tuple[str, ...]:
        """See `TextEmbedder.words`."""
        return self._embedder.words(text)


class SpansWithoutStates:
    """A memory whose entries come back without states: searching needs none, and they are large.

    Parameters
    ----------
    memory
        The memory.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._entries = {entry.id: entry for entry in memory.entries()}
        self.namespace, self.generation = memory.namespace, memory.generation

    def entries(self) -> list[MemoryEntry]:
        """All entries."""
        return list(self._entries.values())

    def key_states(self) -> Iterator[KeyState]:
        """Retrieval keys of all entries."""
        return self._memory.key_states()

    def get_many(self, ids: Sequence[str]) -> list[MemoryEntry]:
        """Entries without states, in the order of `ids`."""
        return [self._entries[one] for one in ids if one in self._entries]

    def expired(self) -> list[str]:
        """Nothing expires while a bench runs."""
        return []


@dataclass(eq=False)
class ReadDialogue:
    """A dialogue in memory.

    Attributes
    ----------
    turn_of
        For the id of each entry the id of the turn that it is of.
    """

    dialogue: Dialogue
    memory: Memory
    spans: SpansWithoutStates
    turn_of: dict[str, str]
    asked: list[Asked] = field(default_factory=list)

    def entries_of(self, turns: frozenset[str]) -> list[MemoryEntry]:
        """Entries, with their states, of some turns."""
        ids = [entry for entry, turn in self.turn_of.items() if turn in turns]
        return self.memory.get_many(ids)


def read(woven: Reweaver, dialogue: Dialogue, questions: Sequence[Question]) -> ReadDialogue:
    """Read every session of a dialogue as one message after the other, and every question by itself."""
    turn_of: dict[str, str] = {}
    for session, turns in dialogue.sessions().items():
        said = [turn.said() for turn in turns]
        entries = woven.remember(
            [{"role": "user", "content": text} for text in said], session=session
        )
        lengths = [len(woven.chat.piece(text).ids) for text in said]
        ends = list(accumulate(lengths))
        first = entries[0].position_idx
        for entry in entries:
            turn_of[entry.id] = turns[bisect_right(ends, entry.position_idx - first)].id
    spans = SpansWithoutStates(woven.memory)
    asked = [_ask(woven, question) for question in questions]
    return ReadDialogue(dialogue, woven.memory, spans, turn_of, asked)


def _ask(woven: Reweaver, question: Question) -> Asked:
    ids = woven.chat.request(question.text)
    start, stop = woven.chat.question_of(ids, longest=len(ids))
    held = [entry.key_state for entry in woven.capture(ids)]
    states = torch.cat([state for state in held if state is not None])[start:stop]
    words = tuple(str(woven.tokenizer.decode([token])) for token in ids[start:stop])
    return Asked(question, states.float(), words)
