"""Every scorer once more, in numpy, as naive loops over rows, tokens and heads."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import torch

Array = np.ndarray
Real = list[int]


def tokens_of(mask: torch.Tensor | None, row: int, seq: int) -> Real:
    """Positions of a row's tokens."""
    return [t for t in range(seq) if mask is None or int(mask[row, t])]


def by_rows(
    states: torch.Tensor,
    mask: torch.Tensor | None,
    score: Callable[[Array, Real, int], list[float]],
) -> Array:
    """Score each row's tokens alone, and leave 0 at padding."""
    batch, seq, _ = states.shape
    scores = np.zeros((batch, seq))
    for row in range(batch):
        real = tokens_of(mask, row, seq)
        found = score(states[row].double().numpy()[real], real, row)
        for t, value in zip(real, found, strict=True):
            scores[row, t] = value
    return scores


def attention(weights: Array, window: int = 64, prior: float = 0.25) -> list[float]:
    """Scores of one row from its weights, heads already averaged, (queries, keys)."""
    tokens = len(weights)
    received, expected = [0.0] * tokens, [0.0] * tokens
    for q in range(tokens):
        keys = [k for k in range(1, q) if q - k <= window]
        total = sum(weights[q, k] for k in keys)
        if total <= 0:
            continue
        for k in keys:
            received[k] += weights[q, k] / total
            expected[k] += 1 / len(keys)
    scores = []
    for r, e in zip(received, expected, strict=True):
        ratio = (r + prior) / (e + prior)
        scores.append(ratio / (1 + ratio))
    return scores


def similarity(states: Array) -> Array:
    """Causal ``softmax(h hᵀ / √d)`` of states of unit mean square, (queries, keys)."""
    tokens, width = states.shape
    unit = [h / math.sqrt(float(np.mean(h * h))) for h in states]
    weights = np.zeros((tokens, tokens))
    for q in range(tokens):
        powers = [math.exp(float(unit[q] @ unit[k]) / math.sqrt(width)) for k in range(q + 1)]
        for k, power in enumerate(powers):
            weights[q, k] = power / sum(powers)
    return weights


def variance(states: Array) -> list[float]:
    """Scores of one row."""
    scores, logs = [0.5, 0.5], []
    for t in range(2, len(states)):
        mass, mean = 0.0, np.zeros(states.shape[1])
        for h in states[1:t]:
            weight = 1 / float(h @ h)
            mass, mean = mass + weight, mean + weight * h
        off = states[t] - mean / mass
        squared = float(off @ off) * (t - 1) / t
        logs.append(math.log(squared))
        spread = math.exp(sum(logs) / len(logs))
        scores.append(squared / (squared + spread))
    return scores[: len(states)]


def nats(logits: Array, ids: Array) -> list[float]:
    """``-log p`` of each token of one row from logits (tokens, vocab)."""
    found = [0.0]
    for t in range(1, len(ids)):
        highest = max(logits[t - 1])
        total = sum(math.exp(x - highest) for x in logits[t - 1])
        found.append(math.log(total) + highest - float(logits[t - 1][ids[t]]))
    return found[: len(ids)]


def surprise(of: list[float], half: float = 2.0) -> list[float]:
    """Scores of one row from nats."""
    return [s / (s + half) for s in of]


def turning(states: Array) -> list[float]:
    """The stand-in for surprise: scores of one row."""
    scores = [0.5]
    for before, now in itertools.pairwise(states):
        cosine = float(before @ now) / math.sqrt(float(before @ before) * float(now @ now))
        scores.append((1 - cosine) / 2)
    return scores[: len(states)]


def neighbours(states: Array) -> list[float]:
    """The stand-in for gradients: scores of one row."""
    scores = []
    for t, h in enumerate(states):
        gradient = np.zeros_like(h)
        if t > 0:
            gradient += h - states[t - 1]
        if t + 1 < len(states):
            gradient -= states[t + 1] - h
        salience = abs(float(gradient @ h)) / float(h @ h)
        scores.append(salience / (salience + 1))
    return scores
