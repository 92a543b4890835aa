"""States of very many spans with the statistics of real ones, and where they are kept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from reweaving.adapters.base import evaluating
from reweaving.capture.hooks import StateRecorder, recording
from reweaving.embedded.loading import load_embedded
from reweaving.experiments.recall_dialogues import SYSTEM_PROMPT, make_history
from reweaving.retrieval.words import content_shares
from reweaving.reweaver import Reweaver, attach
from reweaving.stores.index_sketch import Floats

SPAN_TOKENS = 10
_KEY_LAYER = 6
_NEIGHBOURS = 8
_BLOCK = 4096  # tokens; more would not fit the processor's caches
_KINDS = ("plain", "wordy", "context", "own", "unknown", "unrelated")


@dataclass(frozen=True, eq=False)
class Question:
    """States of a question's own tokens ``(tokens, hidden)`` and how much each may count."""

    states: Floats
    shares: Floats


@dataclass(frozen=True, eq=False)
class Captured:
    """What the embedded model held at the key layer for made-up sessions, and for questions."""

    sessions: tuple[Floats, ...]
    questions: tuple[Question, ...]


def capture(seed: int, people: int, questions: int) -> Captured:
    """Read sessions of so many people, up to the key layer."""
    model, tokenizer = load_embedded(adapter=False)
    history = make_history(seed=seed, people=people, questions=questions)
    with attach(model, tokenizer) as woven:
        opening = woven.chat.opening(SYSTEM_PROMPT)
        sessions = []
        for turns in history.sessions.values():
            pieces = [woven.chat.piece(text, role) for role, text in turns]
            ids = opening + [token for piece in pieces for token in piece.ids]
            sessions.append(_read(woven, ids)[len(opening) :])
        asked = [
            _question(woven, question.text)
            for question in history.questions
            if question.kind in _KINDS
        ]
    return Captured(tuple(sessions), tuple(asked))


def _read(woven: Reweaver, ids: Sequence[int]) -> Floats:
    recorder = StateRecorder(woven.adapter, (_KEY_LAYER,), stop_at=_KEY_LAYER)
    with torch.no_grad(), evaluating(woven.adapter.model), recording(recorder):
        woven.adapter.decoder(input_ids=torch.tensor([list(ids)]), use_cache=False)
    return np.asarray(recorder.rows()[0][1][0].float().numpy())


def _question(woven: Reweaver, text: str) -> Question:
    ids = woven.chat.request(text)
    start, stop = woven.chat.question_of(ids, longest=len(ids))
    words = [str(woven.tokenizer.decode([token])) for token in ids[start:stop]]
    shares = content_shares(words, text)
    return Question(_read(woven, ids)[start:stop], shares.numpy())


class Resampler:
    """Makes any number of spans out of captured ones.

    A span is two pieces of captured sessions, cut at a random place. Each of its states is drawn anew
    from states like it: the mean ``m`` of its eight nearest captured ones, plus
    ``cos θ (x − m) + sin θ (y − m_y)`` with one ``y`` of them and a random angle θ, which keeps mean
    and covariance of such states. So no two spans are alike, and words, their neighbourhoods and how
    often they come are those of real sessions.

    Parameters
    ----------
    sessions
        Captured states, ``(tokens, hidden)`` each.
    """

    def __init__(self, sessions: Sequence[Floats], seed: int) -> None:
        self._seed = seed
        self._states = np.concatenate(list(sessions))
        begins = np.cumsum([0, *(len(session) for session in sessions)])
        # Where a piece of SPAN_TOKENS may begin without leaving its session.
        self._places = np.concatenate(
            [np.arange(begin, stop - SPAN_TOKENS + 1) for begin, stop in pairwise(begins.tolist())]
        )
        self.mean = self._states.mean(axis=0)
        self._near = self._neighbours()
        self._local = np.stack([self._states[near].mean(axis=0) for near in self._near])
        self._apart = self._states - self._local

    @property
    def hidden(self) -> int:
        """Width of a state."""
        return int(self._states.shape[1])

    def spans(self, number: int, count: int) -> Floats:
        """Spans of batch `number`, shape ``(count · SPAN_TOKENS, hidden)``."""
        rng = np.random.default_rng([self._seed, number])
        pieces = rng.choice(self._places, (2, count))
        cuts = rng.integers(1, SPAN_TOKENS, count)
        within = np.arange(SPAN_TOKENS)
        chosen = np.where(
            within < cuts[:, None], pieces[0][:, None] + within, pieces[1][:, None] + within
        ).ravel()  # (tokens,)
        other = self._near[chosen, rng.integers(0, _NEIGHBOURS, len(chosen))]
        angle = (rng.random(len(chosen)) * np.pi / 2).astype(np.float32)[:, None]
        made = np.empty((len(chosen), self.hidden), dtype=np.float32)
        for start in range(0, len(chosen), _BLOCK):
            part = slice(start, start + _BLOCK)
            made[part] = self._apart[chosen[part]] * np.cos(angle[part])
            made[part] += self._apart[other[part]] * np.sin(angle[part])
            made[part] += self._local[chosen[part]]
        return made

    def _neighbours(self) -> NDArray[np.int64]:
        """For each captured state those with the largest cosine, itself left out."""
        centred = self._states - self.mean
        units = torch.nn.functional.normalize(torch.from_numpy(centred), dim=1)
        found = [(block @ units.T).topk(_NEIGHBOURS + 1).indices for block in units.split(2048)]
        return np.asarray(torch.cat(found)[:, 1:].numpy())


class StoredStates:
    """Keys of many spans in a file, one byte for each number: what stands for the store.

    States are kept as their distance from one mean, scaled to a byte; cosines do not need the scale.

    Parameters
    ----------
    path
        Made anew.
    mean
        Shape ``(hidden,)``.
    """

    def __init__(self, path: Path, mean: Floats) -> None:
        self.mean, self._hidden = mean, len(mean)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        self.spans = 0

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def append(self, states: Floats) -> None:
        """Write whole spans behind the others."""
        centred = states - self.mean
        centred *= 127 / np.abs(centred).max(axis=1, keepdims=True)
        data = np.rint(centred, out=centred).astype(np.int8).tobytes()
        at = self.spans * SPAN_TOKENS * self._hidden
        while data:  # a write may take a part only
            written = os.pwrite(self._file, data, at)
            data, at = data[written:], at + written
        self.spans += len(states) // SPAN_TOKENS

    def directions(self, first: int, count: int) -> Floats:
        """Unit vectors of all tokens of `count` spans, ``(tokens, hidden)``."""
        return _units(self._read(first, count))

    def directions_of(self, spans: NDArray[np.int64]) -> Floats:
        """Unit vectors of all tokens of these spans, in their order."""
        return _units(np.concatenate([self._read(span, 1) for span in spans.tolist()]))

    def _read(self, first: int, count: int) -> NDArray[np.int8]:
        size = SPAN_TOKENS * self._hidden
        data = os.pread(self._file, count * size, first * size)
        return np.frombuffer(data, dtype=np.int8).reshape(-1, self._hidden)


def _units(coded: NDArray[np.int8]) -> Floats:
    states = coded.astype(np.float32)
    states /= np.sqrt(np.einsum("ij,ij->i", states, states))[:, None]
    return states
