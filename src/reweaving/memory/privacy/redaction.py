"""What must never be read: found in a text and replaced before the model sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, field_validator

from reweaving.config import Settings
from reweaving.errors import InputError

Kind = Literal["email", "phone", "card", "iban", "key"]
Hook = Callable[[str], str]


class RedactionConfig(Settings):
    """What is taken out of texts before they are captured.

    Everything is replaced before the text becomes tokens, so no state of it ever exists. It applies to
    what `remember` is given, message by message; the prompts that `generate` reads are not changed.

    Parameters
    ----------
    kinds
        Patterns that come along: ``email``, ``phone``, ``card`` (payment cards, told by their check
        digit), ``iban`` (by its checksum), ``key`` (API keys, tokens, private keys). Each is replaced by
        its name in brackets: ``[email]``.
    patterns
        Regular expressions of your own to what they are replaced by, as in `re.sub`; applied in this
        order, after the kinds.
    hook
        A function from text to text, applied last.
    """

    kinds: tuple[Kind, ...] = ()
    patterns: dict[str, str] = Field(default_factory=dict)
    hook: Hook | None = None

    @field_validator("patterns")
    @classmethod
    def _compiles(cls, patterns: dict[str, str]) -> dict[str, str]:
        for pattern, replacement in patterns.items():
            try:
                re.compile(pattern).sub(replacement, "")
                _require_groups(pattern, replacement)
            except (re.error, IndexError) as error:
                raise ValueError(f"{pattern!r} with {replacement!r}: {error}") from error
        return patterns


class Redactor:
    """Replaces what a `RedactionConfig` names.

    Life: made once, then called for every text before it is tokenised, on the caller's thread.
    """

    def __init__(self, config: RedactionConfig) -> None:
        # In the table's order: what is told by a checksum comes before what only looks like a number.
        self._kinds = [(kind, finder) for kind, finder in _KINDS.items() if kind in config.kinds]
        self._patterns = [(re.compile(find), put) for find, put in config.patterns.items()]
        self._hook = config.hook

    def __call__(self, text: str) -> str:
        """The text without what is to be redacted.

        Raises
        ------
        InputError
            When the hook returns something else than text, or nothing is left.
        """
        redacted = text
        for kind, finder in self._kinds:
            redacted = finder.replace(redacted, f"[{kind}]")
        for pattern, replacement in self._patterns:
            redacted = pattern.sub(replacement, redacted)
        if self._hook is not None:
            redacted = self._hook(redacted)
            if not isinstance(redacted, str):
                raise InputError(
                    f"the redaction hook returned {type(redacted).__name__} instead of text; "
                    "nothing was stored"
                )
        if text.strip() and not redacted.strip():
            raise InputError(
                "nothing to remember: redaction left no text; replace by a word instead of nothing"
            )
        return redacted


@dataclass(frozen=True)
class _Finder:
    """A pattern, and how many characters of a match are what is looked for; 0 when it only looks so."""

    pattern: re.Pattern[str]
    length: Callable[[str], int] = len

    def replace(self, text: str, replacement: str) -> str:
        def redacted(found: re.Match[str]) -> str:
            length = self.length(found[0])
            return replacement + found[0][length:] if length else found[0]

        return self.pattern.sub(redacted, text)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _card(text: str) -> int:
    """Luhn's check (ISO/IEC 7812-1): every second digit from the right doubled, the sum a ten."""
    digits = [int(digit) for digit in _digits(text)]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return len(text) if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 else 0


def _iban(text: str) -> int:
    """ISO 13616: the first four characters moved behind, letters as numbers, 1 modulo 97.

    A word behind the number may look like its last group, so shorter beginnings are tried as well.
    """
    for end in range(len(text), 0, -1):
        compact = re.sub(r"[ -]", "", text[:end]).upper()
        whole = text[end - 1].isalnum() and not text[end : end + 1].isalnum()
        if whole and 15 <= len(compact) <= 34:
            number = "".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])
            if int(number) % 97 == 1:
                return end
    return 0


_DATE = re.compile(r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{2,4}")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


def _phone(text: str) -> int:
    """As many digits as E.164 allows, and neither a date nor an address of a machine."""
    otherwise = _DATE.fullmatch(text) or _ADDRESS.fullmatch(text)
    return len(text) if 7 <= len(_digits(text)) <= 15 and not otherwise else 0


_KINDS: dict[str, _Finder] = {
    "key": _Finder(
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)"
            r"|(?<!\w)(?:(?:sk|pk|rk)[-_][\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}"
            r"|glpat-[\w-]{16,}|hf_\w{20,}|xox[abeprs]-[\w-]{10,}|AKIA[A-Z0-9]{16}|ASIA[A-Z0-9]{16}"
            r"|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)",
            re.DOTALL,
        )
    ),
    "email": _Finder(
        re.compile(r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
    ),
    "iban": _Finder(re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?!\w)"), _iban),
    "card": _Finder(re.compile(r"(?<![\w-])\d(?:[ -]?\d){11,18}(?![\w-])"), _card),
    # With an international prefix, or in at least two groups: bare numbers are years, sums and counts.
    "phone": _Finder(
        re.compile(
            r"(?<![\w.])(?:(?:\+|00)\d(?:[ ./()-]{0,3}\d){5,14}"
            r"|\(?\d{2,5}\)?(?:[ ./-]{1,3}\d{2,8}){1,5})(?!\w)"
        ),
        _phone,
    ),
}


def _require_groups(pattern: str, replacement: str) -> None:
    """Refuse a replacement that names a group which the pattern does not have."""
    found = re.compile(f"(?:{pattern})|").match("")  # parsed against a match, as `re.sub` does
    if found is not None:
        found.expand(replacement)
