"""Made-up words: product and project names, titles, passwords."""

from __future__ import annotations

import random

from reweaving.embedded.dialogues import words


def _letters(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ONSETS = _letters(
    "b br c ch d dr f fl g gr h j k kr l m n p pl qu r s sh sk st t th tr v vel w x y z zh"
)
_VOWELS = _letters("a e i o u a e i o u ai ea ia io oo ou y")
_CODAS = ("", "", "", "", *_letters("l n r s x m nd rk st th ck lm rn z"))


def coin(rng: random.Random) -> str:
    """Return a made-up capitalised word of two to four syllables, such as "Velmora"."""
    syllables = rng.choices((1, 2, 3, 4), weights=(1, 6, 5, 1))[0]
    word = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(syllables))
    return (word + rng.choice(_CODAS) + ("" if syllables > 1 else rng.choice("aeiou"))).capitalize()


def coin_title(rng: random.Random) -> str:
    """Return a made-up book, film or song title, such as "The Hollow Lantern"."""
    adjective, noun = rng.choice(words.ADJECTIVES).title(), rng.choice(words.NOUNS).title()
    other = rng.choice(words.NOUNS).title()
    shapes = (
        f"The {adjective} {noun}",
        f"{adjective} {noun}",
        f"{noun} of the {other}",
        f"The {noun} and the {other}",
        f"{coin(rng)}'s {noun}",
        f"Beyond the {adjective} {noun}",
    )
    return rng.choice(shapes)


def handle(rng: random.Random) -> str:
    """Return a password or user name, such as "velvet-otter-42"."""
    adjective, noun = rng.choice(words.ADJECTIVES), rng.choice(words.NOUNS)
    number = rng.randint(2, 999)
    shapes = (
        f"{adjective}-{noun}-{number}",
        f"{adjective}{noun.title()}{number}",
        f"{coin(rng).lower()}{number}",
        f"{noun}_{adjective}",
        f"{coin(rng)}{rng.choice('!#%')}{number}",
    )
    return rng.choice(shapes)
