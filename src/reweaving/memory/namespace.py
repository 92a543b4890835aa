"""The form that the name of a namespace has."""

from __future__ import annotations

import re

from reweaving.errors import InputError

_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/@-]{0,127}")


def checked(namespace: str) -> str:
    """The namespace itself.

    Raises
    ------
    InputError
        When it does not have the form; the message says which.
    """
    if _FORM.fullmatch(str(namespace)) is None:
        raise InputError(
            f"namespace = {namespace!r}: a namespace starts with a letter or a digit and has at "
            "most 128 letters, digits, and . _ / @ - (A–Z, a–z, 0–9 only)"
        )
    return namespace
