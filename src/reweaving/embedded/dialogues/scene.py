"""What a generated dialogue is made of: past sessions, what of them is woven, and the requests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """One chat turn."""

    role: str
    text: str


@dataclass(frozen=True)
class Block:
    """A part of one past session.

    Attributes
    ----------
    system : str or None
        The session's system prompt, read but never woven.
    earlier : tuple of Turn
        Turns read before, not woven.
    head : str
        The beginning of the first woven turn where that turn was cut: read, not woven.
    woven : tuple of Turn
        The turns that become memory.
    unfinished : bool
        The last woven turn goes on behind what is woven.
    """

    system: str | None
    earlier: tuple[Turn, ...]
    woven: tuple[Turn, ...]
    head: str = ""
    unfinished: bool = False


@dataclass(frozen=True)
class Question:
    """One request over a run of blocks.

    Attributes
    ----------
    skill : str
        What answering it exercises.
    first, last : int
        Blocks `first` … `last - 1` are woven.
    system : str or None
        The request's own system prompt; None where the request has none.
    earlier : tuple of Turn
        Turns of the running conversation before the request.
    text : str
    answer : str or None
        None for an ordinary request: the plain model's own answer is the target.
    values : tuple of str
        What must appear in the answer; empty where nothing is known.
    others : tuple of str
        Values of near-misses, which must not appear.
    holding : tuple of int
        Blocks that state those values, each the latest that does.
    """

    skill: str
    first: int
    last: int
    system: str | None
    earlier: tuple[Turn, ...]
    text: str
    answer: str | None
    values: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    holding: tuple[int, ...] = ()


@dataclass(frozen=True)
class Scene:
    """Past sessions in time order and requests over them."""

    blocks: tuple[Block, ...]
    questions: tuple[Question, ...]
