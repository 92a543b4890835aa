"""Content words, stems, and the tokens that belong to them."""

from __future__ import annotations

import torch

from reweaving.retrieval.words import content_shares, is_content, stems


def test_stems_of_content_words_only() -> None:
    assert stems("What was the name of the running dogs?") == ["name", "run", "dog"]
    assert stems("") == []


def test_function_words_are_known_in_any_case() -> None:
    assert not is_content("What")
    assert is_content("Rex")


def test_pieces_of_a_rare_name_count_like_the_name() -> None:
    pieces = ["What", " is", " Y", "ara", "'s", " job", "?"]
    assert content_shares(pieces).gt(0.5).tolist() == [
        False, False, True, True, False, True, False,
    ]  # fmt: skip


def test_a_piece_that_spells_a_function_word_inside_a_name_counts() -> None:
    assert content_shares([" Is", "a", "dora"]).gt(0.5).tolist() == [True, True, True]


def test_tokenizers_that_lose_blanks_are_helped_by_the_text() -> None:
    pieces = ["What", "is", "Y", "ara", "'", "s", "job", "?"]
    text = "What is Yara's job?"
    expected = [False, False, True, True, False, False, True, False]
    assert content_shares(pieces, text).gt(0.5).tolist() == expected


def test_pieces_that_are_not_in_the_text_do_no_harm() -> None:
    shares = content_shares(["�", "�", " dog"], "🐕 dog")
    assert shares.shape == (3,)
    assert bool(shares[2] > 0.5)
    astray = content_shares(["assistant", "Rex", " barks"], "Rex barks, said the good assistant.")
    assert astray.gt(0.5).tolist()[1:] == [True, True]
    assert content_shares([]).shape == torch.Size([0])
