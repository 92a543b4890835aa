"""Values that cannot be guessed: each type makes text from an open vocabulary.

A value's type also says which skill an item exercises: `numeric` values must be copied digit by
digit, `rare` ones letter group by letter group.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from reweaving.embedded.dialogues import words
from reweaving.embedded.dialogues.coined import coin, coin_title, handle

Maker = Callable[[random.Random], str]


@dataclass(frozen=True)
class ValueType:
    """How values of one kind are made.

    Attributes
    ----------
    make : callable
        Draws one value.
    numeric, rare : bool
        Whether digits, or made-up letters, carry the meaning.
    """

    make: Maker
    numeric: bool = False
    rare: bool = False


def _from(texts: tuple[str, ...]) -> Maker:
    return lambda rng: rng.choice(texts)


def _mostly(first: Maker, second: Maker, share: float = 0.7) -> Maker:
    return lambda rng: first(rng) if rng.random() < share else second(rng)


def _name(rng: random.Random) -> str:
    return rng.choice(words.FIRST_NAMES) if rng.random() < 0.6 else coin(rng)


def _full_name(rng: random.Random) -> str:
    return f"{rng.choice(words.FIRST_NAMES)} {coin(rng)}"


def _colour(rng: random.Random) -> str:
    colour = rng.choice(words.COLOURS)
    if rng.random() < 0.5:
        return colour
    if rng.random() < 0.3:
        return " and ".join(rng.sample(words.COLOURS, 2))
    shade = rng.choice(("dark", "light", "pale", "bright", "deep", "dusty", "smoky", "metallic"))
    return f"{shade} {colour}"


def _job(rng: random.Random) -> str:
    job = rng.choice(words.JOBS)
    if rng.random() < 0.75:
        return job
    return f"{rng.choice(('junior', 'senior', 'retired', 'freelance', 'part-time'))} {job}"


def _digits(rng: random.Random, low: int, high: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(rng.randint(low, high)))


def _phone(rng: random.Random) -> str:
    shape = rng.choice(("555-{4}", "0{3} {6}", "{3}-{3}-{4}", "{4} {4}", "+{2} {3} {4}"))
    for size in (2, 3, 4, 6):
        while f"{{{size}}}" in shape:
            shape = shape.replace(f"{{{size}}}", _digits(rng, size, size), 1)
    return shape


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(count))


def _code(rng: random.Random) -> str:
    parts = (
        lambda: f"{_letters(rng, 2)}{_digits(rng, 3, 4)}",
        lambda: f"{_letters(rng, 3)}-{_digits(rng, 3, 3)}",
        lambda: f"{_letters(rng, 1)}{_digits(rng, 1, 2)}-{_digits(rng, 3, 4)}",
        lambda: f"{_digits(rng, 2, 3)}-{_letters(rng, 2)}-{_digits(rng, 2, 2)}",
        lambda: f"{_letters(rng, 2)}{_digits(rng, 1, 1)}-{_digits(rng, 2, 2)}{_letters(rng, 1)}",
    )
    return rng.choice(parts)()


def _date(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.choice(words.MONTHS), rng.randint(1931, 2039)
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in (11, 12, 13) else 0, "th")
    shapes = (
        f"{day} {month}",
        f"{month} {day}",
        f"{month} {day}{suffix}",
        f"the {day}{suffix} of {month}",
        f"{day} {month} {year}",
        f"{month} {day}, {year}",
        f"{rng.choice(words.WEEKDAYS)}, {day} {month}",
        f"{year}-{rng.randint(1, 12):02d}-{day:02d}",
    )
    return rng.choice(shapes)


def _time(rng: random.Random) -> str:
    hour, minute = rng.randint(1, 12), rng.choice(range(0, 60, 5))
    shapes = (
        f"{rng.randint(0, 23)}:{minute:02d}",
        f"{hour}:{minute:02d} {rng.choice(('am', 'pm'))}",
        f"{hour} {rng.choice(('am', 'pm'))}",
        f"{rng.choice(('half past', 'quarter past', 'quarter to'))} {rng.choice(_HOURS)}",
    )
    return rng.choice(shapes)


_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")


def _amount(rng: random.Random) -> str:
    whole = rng.choice((rng.randint(3, 99), rng.randint(100, 999), rng.randint(1000, 9999)))
    shapes = (
        f"${whole:,}",
        f"${whole}",
        f"€{whole}",
        f"£{whole}",
        f"{whole} euros",
        f"{whole:,} dollars",
        f"${whole}.{rng.randint(1, 99):02d}",
        f"{whole} pounds",
    )
    return rng.choice(shapes)


def _quantity(rng: random.Random) -> str:
    units = ("km", "kg", "metres", "miles", "litres", "grams", "pages", "steps", "hours", "minutes")
    return f"{rng.randint(2, 980)} {rng.choice(units)}"


def _duration(rng: random.Random) -> str:
    units = ("minutes", "hours", "days", "weeks", "months")
    return f"{rng.randint(2, 95)} {rng.choice(units)}"


def _day_time(rng: random.Random) -> str:
    shapes = (
        f"{rng.choice(words.WEEKDAYS)} at {_time(rng)}",
        f"{_date(rng)} at {_time(rng)}",
        f"{rng.choice(words.WEEKDAYS)} {rng.choice(('morning', 'afternoon', 'evening'))}",
    )
    return rng.choice(shapes)


def _schedule(rng: random.Random) -> str:
    weekday, day = rng.choice(words.WEEKDAYS), rng.randint(1, 28)
    which = rng.choice(("first", "second", "third", "last"))
    shapes = (
        f"every {weekday}",
        f"every other {weekday}",
        f"every second {weekday}",
        f"the {which} {weekday} of the month",
        " and ".join(rng.sample(words.WEEKDAYS, 2)),
        f"the {day}th of each month" if 3 < day < 21 else f"day {day} of each month",
        f"every {rng.randint(2, 9)} weeks",
    )
    return rng.choice(shapes)


def _plan(rng: random.Random) -> str:
    first = rng.choice(
        ("Premium", "Silver", "Gold", "Basic", "Family", "Pro", "Business", "Student")
    )
    second = rng.choice(("Plus", "Unlimited", "Max", "Lite", "Annual", "Monthly", "Flex", "Duo"))
    return rng.choice((f"{first} {second}", f"{coin(rng)} {second}", f"{first} {coin(rng)}"))


def _tone(rng: random.Random) -> str:
    first, second, third = rng.sample(words.TONES, 3)
    shapes = (f"{first} and {second}", f"{first}, {second}", f"{first}", f"{first} but {second}")
    return rng.choice((*shapes, f"{first}, {second} and {third}"))


def _account(rng: random.Random) -> str:
    kind = rng.choice(("savings account", "joint account", "checking account", "current account"))
    shapes = (
        f"{coin(rng)} {kind}",
        f"{kind} ending in {_digits(rng, 4, 4)}",
        f"{rng.choice(words.ADJECTIVES).title()} {kind}",
        f"{coin(rng)} Bank {kind}",
    )
    return rng.choice(shapes)


def _device(rng: random.Random) -> str:
    brand = coin(rng)
    number = rng.randint(2, 990)
    shapes = (
        f"{brand} {number}",
        f"{brand} {_letters(rng, 1)}{rng.randint(1, 99)}",
        f"{brand} {rng.choice(('Pro', 'Mini', 'Air', 'Max', 'Ultra', 'Nano'))} {rng.randint(2, 19)}",
        f"{brand} {coin(rng)}",
    )
    return rng.choice(shapes)


def _company(rng: random.Random) -> str:
    ending = rng.choice(
        ("Labs", "Logistics", "Foods", "Systems", "Bank", "Media", "Energy", "& Sons")
    )
    return rng.choice((coin(rng), f"{coin(rng)} {ending}"))


def _address(rng: random.Random) -> str:
    road = rng.choice(("Street", "Road", "Lane", "Avenue", "Square", "Close"))
    name = rng.choice((coin(rng), rng.choice(words.NOUNS).title()))
    return f"{rng.randint(1, 289)} {name} {road}"


def _version(rng: random.Random) -> str:
    numbers = [str(rng.randint(0, 24)) for _ in range(rng.choice((2, 3)))]
    return ".".join(numbers)


def _room(rng: random.Random) -> str:
    return rng.choice((f"{_letters(rng, 1)}{_digits(rng, 2, 3)}", f"room {rng.randint(2, 940)}"))


def _project(rng: random.Random) -> str:
    noun = rng.choice(words.NOUNS).title()
    adjective = rng.choice(words.ADJECTIVES).title()
    return rng.choice((coin(rng), noun, f"{adjective} {noun}", f"{coin(rng)} {noun}"))


def _pet_and_name(rng: random.Random) -> str:
    animal = rng.choice(words.ANIMALS)
    return f"{'an' if animal[0] in 'aeio' else 'a'} {animal} named {_name(rng)}"


TYPES: dict[str, ValueType] = {
    "word": ValueType(coin, rare=True),
    "name": ValueType(_name),
    "full_name": ValueType(_full_name, rare=True),
    "names": ValueType(lambda rng: f"{_name(rng)} and {_name(rng)}"),
    "title": ValueType(coin_title),
    "colour": ValueType(_colour),
    "city": ValueType(_mostly(_from(words.CITIES), coin)),
    "country": ValueType(_from(words.COUNTRIES)),
    "job": ValueType(_job),
    "food": ValueType(_from(words.FOODS)),
    "drink": ValueType(_from(words.DRINKS)),
    "allergen": ValueType(_from(words.ALLERGENS)),
    "animal": ValueType(_from(words.ANIMALS)),
    "pet": ValueType(_pet_and_name),
    "sport": ValueType(_from(words.SPORTS)),
    "hobby": ValueType(_from(words.HOBBIES)),
    "instrument": ValueType(_from(words.INSTRUMENTS)),
    "language": ValueType(_from(words.LANGUAGES)),
    "genre": ValueType(_from(words.GENRES)),
    "material": ValueType(_from(words.MATERIALS)),
    "flower": ValueType(_from(words.FLOWERS)),
    "study": ValueType(_from(words.SUBJECTS_AT_SCHOOL)),
    "tone": ValueType(_tone),
    "plan": ValueType(_plan),
    "account": ValueType(_account),
    "device": ValueType(_device, rare=True),
    "company": ValueType(_company, rare=True),
    "project": ValueType(_project),
    "password": ValueType(handle, rare=True),
    "pin": ValueType(lambda rng: _digits(rng, 4, 6), numeric=True),
    "long_number": ValueType(lambda rng: _digits(rng, 5, 8), numeric=True),
    "small_number": ValueType(lambda rng: str(rng.randint(2, 480)), numeric=True),
    "phone": ValueType(_phone, numeric=True),
    "code": ValueType(_code, numeric=True),
    "room": ValueType(_room, numeric=True),
    "version": ValueType(_version, numeric=True),
    "date": ValueType(_date, numeric=True),
    "time": ValueType(_time, numeric=True),
    "day_time": ValueType(_day_time, numeric=True),
    "amount": ValueType(_amount, numeric=True),
    "quantity": ValueType(_quantity, numeric=True),
    "duration": ValueType(_duration, numeric=True),
    "schedule": ValueType(_schedule),
    "address": ValueType(_address, numeric=True),
}
