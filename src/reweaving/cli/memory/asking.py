"""Asking before something is destroyed."""

from __future__ import annotations

import sys

import typer

from reweaving.errors import InputError


def confirm(question: str, yes: bool) -> None:
    """Go on only when somebody agrees, or has agreed with ``--yes``.

    Raises
    ------
    InputError
        When nobody can be asked.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError(f"{question} Nobody can be asked here; add --yes to agree")
    typer.confirm(question, abort=True, err=True)
