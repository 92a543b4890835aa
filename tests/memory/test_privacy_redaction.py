"""What is taken out of a text before it is read."""

from __future__ import annotations

import time

import pytest

from reweaving.errors import ConfigurationError, InputError
from reweaving.memory.privacy.redaction import RedactionConfig, Redactor

ALL = ("email", "phone", "card", "iban", "key")


def redacted(text: str, *kinds: str) -> str:
    return Redactor(RedactionConfig(kinds=kinds or ALL))(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mail ann.b+c@mail.example.co.uk, now.", "Mail [email], now."),
        ("<bob@example.org>", "<[email]>"),
        ("Call +49 (0)170 123 45 67 or 030/1234567!", "Call [phone] or [phone]!"),
        ("555-123-4567 and 0044 20 7946 0958", "[phone] and [phone]"),
        ("4111 1111 1111 1111, 378282246310005", "[card], [card]"),
        ("4111-1111-1111-1111.", "[card]."),
        ("IBAN DE89 3704 0044 0532 0130 00 thanks", "IBAN [iban] thanks"),
        ("gb29nwbk60161331926819 it is", "[iban] it is"),
        ("BE71 0961 2345 6769.", "[iban]."),
        ("sk-abcDEF1234567890abcd, sk_live_abcdef1234567890", "[key], [key]"),
        ("ghp_" + "a1" * 18 + " AKIA" + "ABCD" * 4, "[key] [key]"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln", "[key]"),
        (
            "a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b",
            "a [key] b",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMIIE cut off", "[key]"),
    ],
)
def test_what_is_found(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "born 2001-02-03, or 3.2.2001, or 3/2/2001",
        "in 1999 there were 12345678 people in room 12-34",
        "the machine at 192.168.100.200",
        "IBAN DE89 3704 0044 0532 0130 01",  # one digit off
        "a@b and @ann and ann@home",
        "sk-short, task-force-of-twenty-people",
        "XY12 is a gate and DE89 a start",
        "",
    ],
)
def test_what_only_looks_so_stays(text: str) -> None:
    assert redacted(text, "email", "iban", "key", "phone") == text


def test_cards_are_told_by_their_check_digit() -> None:
    assert redacted("4111 1111 1111 1112 and 4111 1111 1111 1111", "card") == (
        "4111 1111 1111 1112 and [card]"
    )
    good = "79927398713000"
    for digit in range(10):  # Luhn: exactly one check digit fits
        assert (redacted(f"{good}{digit}", "card") == "[card]") == (
            sum(
                int(d) if i % 2 == 0 else sum(map(int, str(2 * int(d))))
                for i, d in enumerate(reversed(f"{good}{digit}"))
            )
            % 10
            == 0
        )


def test_every_wrong_digit_of_an_iban_is_noticed() -> None:
    iban = "DE89370400440532013000"
    for at in range(4, len(iban)):
        wrong = iban[:at] + str((int(iban[at]) + 1) % 10) + iban[at + 1 :]
        assert redacted(wrong, "iban") == wrong


def test_patterns_and_hook_run_in_order() -> None:
    config = RedactionConfig(
        kinds=("email",),
        patterns={r"project (\w)\w*": r"project \1.", r"\[email\]": "<mail>"},
        hook=str.upper,
    )
    assert Redactor(config)("project Aurora, a@example.org") == "PROJECT A., <MAIL>"
    assert Redactor(RedactionConfig())("a@example.org 4711") == "a@example.org 4711"


def test_mistakes_are_named() -> None:
    for patterns in ({"(": "x"}, {"a": r"\1"}, {"a": r"\g<n>"}):
        with pytest.raises(ConfigurationError, match="patterns"):
            RedactionConfig(patterns=patterns)
    with pytest.raises(ConfigurationError, match="kinds"):
        RedactionConfig(kinds=("mail",))
    with pytest.raises(InputError, match="redaction left no text"):
        Redactor(RedactionConfig(patterns={".*": ""}))("everything")
    with pytest.raises(InputError, match="returned int"):
        Redactor(RedactionConfig(hook=lambda text: 3))("everything")  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    "unit", ["a", "a.", "1 ", "(1", "-----BEGIN ", "a@a.", "DE89 ", "eyJ", "sk-", "+1"]
)
def test_long_texts_take_no_long_time(unit: str) -> None:
    text = unit * (30_000 // len(unit))
    start = time.process_time()
    redacted(text)
    assert time.process_time() - start < 5, "no pattern is quadratic"
