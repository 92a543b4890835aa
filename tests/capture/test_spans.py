"""Spans cover what was read exactly once, in order, within their bounds."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from families import tokenizer
from reweaving.capture.boundaries import Boundary, best_cuts
from reweaving.capture.chat import ChatFormat
from reweaving.capture.spans import LONGEST_TOKENS, SHORTEST_TOKENS, cut_evenly, cut_messages

MADE = tokenizer()
CHAT = ChatFormat(MADE, MADE.bos_token_id)
WORDS = st.sampled_from(["my", "cat", "is", "called", "Tom", ".", "!", "the", "dog", "?", "blue"])
TEXTS = st.lists(WORDS, min_size=1, max_size=120).map(" ".join)


@given(st.lists(TEXTS, min_size=1, max_size=6), st.integers(0, 30))
def test_messages_are_covered_exactly_once(texts: list[str], at: int) -> None:
    pieces = [CHAT.piece(text) for text in texts]
    spans = cut_messages(pieces, MADE, at)
    total = sum(len(piece.ids) for piece in pieces)
    assert spans[0].start == at
    assert spans[-1].stop == at + total
    assert all(a.stop == b.start for a, b in itertools.pairwise(spans))
    # A message's own text is held to the bound; the template's few tokens around it may come on top.
    around = len(CHAT.piece("a").ids) - 1
    assert all(0 < span.stop - span.start <= LONGEST_TOKENS + around for span in spans)


@given(TEXTS)
def test_no_text_is_lost_when_a_long_message_is_cut(text: str) -> None:
    spans = cut_messages([CHAT.piece(text)], MADE)
    assert "".join(span.text for span in spans).replace(" ", "") == text.replace(" ", "")


def test_short_messages_are_joined_and_whole_sentences_kept() -> None:
    short = [CHAT.piece("my cat"), CHAT.piece("my dog", "assistant"), CHAT.piece("Rome is blue")]
    spans = cut_messages(short, MADE)
    assert [span.text for span in spans] == ["my cat\nmy dog\nRome is blue"] or all(
        span.stop - span.start >= SHORTEST_TOKENS for span in spans[:-1]
    )
    sentence = "my cat is called Tom. "
    long = CHAT.piece(sentence * 12)
    for span in cut_messages([long], MADE):
        assert span.text.strip().endswith("."), "cut between sentences"


EXCHANGE = st.tuples(st.integers(5, 40), st.integers(5, 24)).filter(
    lambda e: sum(e) >= SHORTEST_TOKENS
)


@given(st.lists(EXCHANGE, min_size=1, max_size=8))
def test_a_reply_is_never_joined_with_what_comes_behind_it_alone(
    exchanges: list[tuple[int, int]],
) -> None:
    kinds: list[Boundary] = []
    for said, reply in exchanges:
        kinds += [Boundary.TURN, *[Boundary.WORD] * (said - 1)]
        kinds += [Boundary.REPLY, *[Boundary.WORD] * (reply - 1)]
    for start, stop in best_cuts(kinds):
        assert kinds[start] >= Boundary.REPLY, "turns are whole"
        if kinds[start] == Boundary.REPLY:
            assert Boundary.TURN not in kinds[start:stop]


@given(st.integers(1, 400))
def test_even_cuts(length: int) -> None:
    cuts = cut_evenly(length)
    assert [a for a, _ in cuts] == [0, *(b for _, b in cuts[:-1])]
    assert cuts[-1][1] == length
    assert all(0 < b - a <= LONGEST_TOKENS for a, b in cuts)
