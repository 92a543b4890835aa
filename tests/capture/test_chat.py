"""The chat format learned from a template, against the template itself."""

from __future__ import annotations

import pytest

from families import tokenizer
from reweaving.capture.chat import ChatFormat

TURNS = [
    {"role": "user", "content": "my cat is Tom"},
    {"role": "assistant", "content": "the cat is called Tom"},
    {"role": "user", "content": "my dog is Rex"},
]


@pytest.mark.parametrize("system", [None, "a system"])
def test_opening_and_pieces_make_what_the_template_makes(system: str | None) -> None:
    made = tokenizer()
    chat = ChatFormat(made, made.bos_token_id)
    messages = [*([{"role": "system", "content": system}] if system else []), *TURNS]
    expected = made.apply_chat_template(messages, return_dict=False)
    pieces = [chat.piece(turn["content"], turn["role"]) for turn in TURNS]
    assert [*chat.opening(system), *(t for piece in pieces for t in piece.ids)] == expected
    for piece, turn in zip(pieces, TURNS, strict=True):
        assert made.decode(piece.ids[piece.start : piece.stop]) == turn["content"]


def test_a_template_without_a_default_system_prompt_opens_with_nothing() -> None:
    made = tokenizer()
    made.chat_template = (
        "{% for m in messages %}<s>{{ m.role }}\n{{ m.content }}<end>\n{% endfor %}"
    )
    chat = ChatFormat(made, made.bos_token_id)
    assert chat.opening() == []
    assert chat.piece("my cat").ids[0] == made.bos_token_id


def test_without_a_template_a_session_opens_with_the_start_token() -> None:
    made = tokenizer(templated=False)
    chat = ChatFormat(made, made.bos_token_id)
    assert chat.opening() == [made.bos_token_id]
    assert made.decode(chat.piece("my cat").ids) == "my cat\n"
    assert chat.request("my cat") == [made.bos_token_id, *made("my cat")["input_ids"]]


def test_the_question_is_the_last_user_message() -> None:
    made = tokenizer()
    chat = ChatFormat(made, made.bos_token_id)
    prompt = made.apply_chat_template(TURNS, add_generation_prompt=True, return_dict=False)
    start, stop = chat.question_of(prompt)
    assert made.decode(prompt[start:stop]) == "my dog is Rex"
    plain = made("the blue cat lives in Rome" * 20)["input_ids"]
    start, stop = chat.question_of(plain)
    assert (stop, stop - start) == (len(plain), 64)


def test_a_template_that_is_no_row_of_turns_is_named_and_left_out() -> None:
    made = tokenizer()
    made.chat_template = "{{ messages[-1].content }}"
    with pytest.warns(UserWarning, match="cannot be taken apart into turns"):
        chat = ChatFormat(made, made.bos_token_id)
    assert made.decode(chat.piece("my cat").ids) == "my cat\n"


def test_what_is_said_leaves_the_shared_tokenizer_as_it_is() -> None:
    """Another thread may be encoding a template's own marks with it at this moment."""
    made = tokenizer()
    chat = ChatFormat(made, made.bos_token_id)
    before = made._tokenizer.encode_special_tokens
    piece = chat.piece(f"my cat {made.eos_token} is Tom")
    assert made._tokenizer.encode_special_tokens == before
    assert chat._speller._tokenizer is not made._tokenizer
    assert made.eos_token_id not in piece.ids[piece.start : piece.stop]
    assert made.eos_token_id in chat.request(f"{made.eos_token}")
