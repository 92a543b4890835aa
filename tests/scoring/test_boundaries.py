"""Spans cover every token once, within their bounds, cut at the best places there are."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from families import tokenizer
from reweaving.capture.boundaries import (
    LONGEST_TOKENS,
    SHORTEST_TOKENS,
    Boundary,
    best_cuts,
    cut_pieces,
    cut_tokens,
)
from reweaving.capture.chat import ChatFormat, Piece
from reweaving.errors import InputError

MADE = tokenizer()
CHAT = ChatFormat(MADE, MADE.bos_token_id)
WORDS = st.sampled_from(["my", "cat", "is", "called", "Tom", ".", "!", "the", "dog", "?", "blue"])
TEXTS = st.lists(WORDS, min_size=1, max_size=120).map(" ".join)
SENTENCE = "my cat is called Tom. "


def assert_covered(bounds: list[tuple[int, int]], tokens: int) -> None:
    assert [start for start, _ in bounds] == [0, *(stop for _, stop in bounds[:-1])]
    assert bounds[-1][1] == tokens
    if tokens < SHORTEST_TOKENS:
        assert len(bounds) == 1
    else:
        assert all(SHORTEST_TOKENS <= stop - start <= LONGEST_TOKENS for start, stop in bounds)


@given(
    st.lists(st.sampled_from(list(Boundary)), min_size=1, max_size=300),
    st.booleans(),
    st.integers(0, 1000),
)
def test_bounds_are_always_kept(kinds: list[Boundary], known: bool, seed: int) -> None:
    rng = random.Random(seed)
    surprise = [rng.random() * 9 for _ in kinds] if known else None
    assert_covered(best_cuts(kinds, surprise), len(kinds))


@given(st.lists(TEXTS, min_size=1, max_size=6), st.integers(0, 1000))
def test_messages_are_covered_exactly_once(texts: list[str], seed: int) -> None:
    pieces = [CHAT.piece(text, "assistant" if i % 2 else "user") for i, text in enumerate(texts)]
    total = sum(len(piece.ids) for piece in pieces)
    rng = random.Random(seed)
    cuts = cut_pieces(pieces, MADE, [rng.random() for _ in range(total)])
    assert_covered([(cut.start, cut.stop) for cut in cuts], total)
    kept = "".join(cut.text for cut in cuts)
    assert "".join(kept.split()) == "".join("".join(texts).split()), "no text is lost"


def cost(bounds: list[tuple[int, int]], kinds: list[Boundary], surprise: list[float]) -> float:
    """What `best_cuts` minimises, written down once more."""
    prices = {0: 1000.0, 1: 100.0, 2: 10.0, 3: 1.0, 4: 0.02, 5: 0.0}
    highest = max(surprise)
    total = 0.0
    for start, stop in bounds:
        total += 0.05 + 0.01 * ((stop - start) / 7) ** 2
        total += sum({4: 0.1, 5: 0.15}.get(int(kinds[i]), 0) for i in range(start + 1, stop))
        if start:
            total += prices[int(kinds[start])] * (1 - 0.5 * surprise[start] / highest)
    return total


def every_way(tokens: int) -> list[list[tuple[int, int]]]:
    """All ways to cut into spans of 2 to 7 tokens."""
    ways = []
    for bits in itertools.product((False, True), repeat=tokens - 1):
        edges = [0, *(i for i, cut in enumerate(bits, 1) if cut), tokens]
        bounds = list(itertools.pairwise(edges))
        if all(2 <= stop - start <= 7 for start, stop in bounds):
            ways.append(bounds)
    return ways


@pytest.mark.parametrize("seed", range(12))
def test_no_other_cut_costs_less(seed: int) -> None:
    rng = random.Random(seed)
    kinds = [rng.choice(list(Boundary)) for _ in range(13)]
    surprise = [rng.random() * 5 + 0.1 for _ in kinds]
    found = best_cuts(kinds, surprise, shortest=2, longest=7)
    least = min(cost(way, kinds, surprise) for way in every_way(13))
    assert cost(found, kinds, surprise) == pytest.approx(least)


def test_turns_are_cut_at_wherever_lengths_allow() -> None:
    pieces = [CHAT.piece("my cat is blue " * 4, role) for role in ("user", "assistant", "user")]
    cuts = cut_pieces(pieces, MADE)
    assert [cut.stop - cut.start for cut in cuts] == [len(piece.ids) for piece in pieces]
    assert [cut.role for cut in cuts] == ["user", "assistant", "user"]
    assert [cut.text for cut in cuts] == [piece.text for piece in pieces]


def test_short_turns_are_joined() -> None:
    pieces = [CHAT.piece("my cat"), CHAT.piece("the dog", "assistant"), CHAT.piece("blue")]
    (cut,) = cut_pieces(pieces, MADE)
    assert (cut.text, cut.role) == ("my cat\nthe dog\nblue", "")


def test_long_turns_are_cut_between_sentences() -> None:
    cuts = cut_pieces([CHAT.piece(SENTENCE * 12)], MADE)
    assert len(cuts) > 1
    assert all(cut.text.strip().startswith("my cat") for cut in cuts)
    assert all(cut.text.strip().endswith("Tom.") for cut in cuts)


def test_of_several_sentences_the_one_after_a_surprise_begins_a_span() -> None:
    piece = CHAT.piece(SENTENCE * 9)
    every = len(MADE(SENTENCE)["input_ids"])
    tokens = len(piece.ids)
    plain = cut_pieces([piece], MADE)
    assert len(plain) == 2
    for sentence in (4, 5):
        at = piece.start + sentence * every
        surprise = [0.1] * tokens
        surprise[at] = 7.0
        assert [cut.start for cut in cut_pieces([piece], MADE, surprise)] == [0, at]


def test_without_sentences_surprise_decides_but_no_word_is_torn() -> None:
    text = " ".join(["the", "lives"] * 25)
    piece = CHAT.piece(text)
    surprise = [0.5] * len(piece.ids)
    surprise[piece.start + 40] = 9.0
    assert [cut.start for cut in cut_pieces([piece], MADE, surprise)] == [0, piece.start + 40]
    letters = CHAT.piece("zyxw" * 30 + " " + "vuts" * 5)  # one token per letter
    surprise = [0.5] * len(letters.ids)
    surprise[letters.start + 90] = 9.0
    starts = [cut.start for cut in cut_pieces([letters], MADE, surprise)]
    assert letters.start + 121 in starts, "the only place between two words"


def test_decimal_points_end_no_sentence() -> None:
    body = [CHAT.piece("cat is 3.14 the dog " * 6)]
    for cut in cut_pieces(body, MADE):
        assert not cut.text.startswith("14")


def test_cut_tokens() -> None:
    for length in (*range(1, 131), 192, 193, 400):
        assert_covered(cut_tokens(length), length)
    sizes = [stop - start for start, stop in cut_tokens(200)]
    assert len(sizes) == 4
    assert max(sizes) - min(sizes) <= 1
    surprise = [1.0] * 100
    surprise[47] = 6.0
    assert cut_tokens(100, surprise) == [(0, 47), (47, 100)]
    assert cut_tokens(0) == []


class Slow:
    """A tokenizer that knows no offsets."""

    is_fast = False

    def decode(self, ids: list[int]) -> str:
        return MADE.decode(ids)


def test_a_tokenizer_without_offsets_still_keeps_the_text() -> None:
    piece = CHAT.piece(SENTENCE * 12)
    cuts = cut_pieces([piece], Slow())
    assert_covered([(cut.start, cut.stop) for cut in cuts], len(piece.ids))
    assert "".join("".join(cut.text for cut in cuts).split()) == "".join(piece.text.split())


def test_wrong_surprise_and_bounds_are_refused() -> None:
    piece = Piece(tuple(range(20)), "x" * 20, "user", 0, 20)
    for wrong in ([1.0] * 19, [math.nan] * 20, [-1.0] * 20):
        with pytest.raises(InputError, match="surprise"):
            cut_pieces([piece], Slow(), wrong)
    for shortest, longest in ((0, 5), (6, 5), (6, 9)):
        with pytest.raises(InputError, match="spans of"):
            best_cuts([Boundary.WORD] * 20, None, shortest, longest)
