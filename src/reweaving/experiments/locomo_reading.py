"""A dialogue read into a memory, and its questions read: what `cmr bench locomo` searches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

import torch

from reweaving.experiments.locomo_data import Dialogue, Question
from reweaving.memory.memory import Memory
from reweaving.retrieval.text_embedder import Embedder
from reweaving.reweaver import Reweaver
from reweaving.stores.base import KeyState
from reweaving.types import MemoryEntry, new_entry_id


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


@dataclass(frozen=True)
class Part:
    """Tokens ``start … stop`` of an entry, which are those of one turn."""

    turn: str
    start: int
    stop: int


@dataclass(eq=False)
class ReadDialogue:
    """A dialogue in memory.

    Attributes
    ----------
    turns_of
        For the id of each entry what it holds of which turns, in order: short turns share a span.
    """

    dialogue: Dialogue
    memory: Memory
    spans: SpansWithoutStates
    turns_of: dict[str, tuple[Part, ...]]
    asked: list[Asked] = field(default_factory=list)

    def parts_of(self, turns: frozenset[str]) -> list[list[MemoryEntry]]:
        """For each of some turns what the memory holds of it: spans with states, cut to its own tokens."""
        wanted = [
            (part, entry)
            for entry, parts in self.turns_of.items()
            for part in parts
            if part.turn in turns
        ]
        ids = list(dict.fromkeys(entry for _, entry in wanted))
        held = {entry.id: entry for entry in self.memory.get_many(ids)}
        found: dict[str, list[MemoryEntry]] = {}
        for part, entry in wanted:
            found.setdefault(part.turn, []).append(_cut(held[entry], part))
        return list(found.values())


def _cut(entry: MemoryEntry, part: Part) -> MemoryEntry:
    """Some tokens of an entry as an entry of their own: a weave takes each id once."""
    kept = slice(part.start, part.stop)
    states, keys, values = entry.hidden_state, entry.keys, entry.values
    # States are (layers, tokens, hidden), each layer's keys and values (kv_heads, tokens, head_dim).
    return replace(
        entry,
        id=new_entry_id(),
        position_idx=entry.position_idx + part.start,
        token_ids=entry.token_ids[kept],
        hidden_state=None if states is None else states[:, kept],
        keys=None if keys is None else tuple(key[:, kept] for key in keys),
        values=None if values is None else tuple(value[:, kept] for value in values),
        key_state=None,
    )


def read(woven: Reweaver, dialogue: Dialogue, questions: Sequence[Question]) -> ReadDialogue:
    """Read every session of a dialogue as one message after the other, and every question by itself."""
    turns_of: dict[str, tuple[Part, ...]] = {}
    for session, turns in dialogue.sessions().items():
        said = [turn.said() for turn in turns]
        entries = woven.remember(
            [{"role": "user", "content": text} for text in said], session=session
        )
        ends = list(accumulate(len(woven.chat.piece(text).ids) for text in said))
        lying = list(zip(turns, [0, *ends[:-1]], ends, strict=True))
        for entry in entries:
            at = entry.position_idx - entries[0].position_idx
            turns_of[entry.id] = tuple(
                Part(turn.id, max(begin - at, 0), min(end - at, entry.tokens))
                for turn, begin, end in lying
                if begin < at + entry.tokens and at < end
            )
    spans = SpansWithoutStates(woven.memory)
    asked = [_ask(woven, question) for question in questions]
    return ReadDialogue(dialogue, woven.memory, spans, turns_of, asked)


def _ask(woven: Reweaver, question: Question) -> Asked:
    ids = woven.chat.request(question.text)
    start, stop = woven.chat.question_of(ids, longest=len(ids))
    held = [entry.key_state for entry in woven.capture(ids)]
    states = torch.cat([state for state in held if state is not None])[start:stop]
    words = tuple(str(woven.tokenizer.decode([token])) for token in ids[start:stop])
    return Asked(question, states.float(), words)
