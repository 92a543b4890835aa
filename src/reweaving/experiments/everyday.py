"""Conversations written by hand: what people say and ask in words of their own, none of them the generator's.

The generator's held-out side still speaks the generator's language. These sentences do not, and
nothing is trained or tuned on them: they tell whether what was learned is of use outside of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from reweaving.embedded.dialogues.phrasing import UNKNOWN
from reweaving.embedded.dialogues.scene import Block, Question, Scene, Turn


@dataclass(frozen=True)
class Everyday:
    """One person's earlier messages, each from a session of its own, and what is asked later.

    Attributes
    ----------
    said : tuple of str
        Messages, in the order of time.
    asked : tuple of (question, value)
        The value must appear in the answer; "" where nothing was told.
    """

    said: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]


EVERYDAY: tuple[Everyday, ...] = (
    Everyday(
        (
            "Hi, I'm Marjorie. I run a small flower shop called Petal & Stem.",
            "My daughter Imogen starts college in September, she got into Bristol.",
            "We have two cats at the shop, Biscuit and Waffles.",
            "I'm allergic to penicillin, please keep that in mind.",
        ),
        (
            ("What is the name of my flower shop?", "Petal & Stem"),
            ("Which city will Imogen study in?", "Bristol"),
            ("What are my cats called?", "Biscuit and Waffles"),
            ("Which medicine am I allergic to?", "penicillin"),
            ("What's my husband's name?", ""),
        ),
    ),
    Everyday(
        (
            "The wifi at the cabin is called LakeHouse5G and the password is otter-lantern-88.",
            "Our cabin is number 17 on Birchwood Trail.",
            "Dad's birthday is on the 9th of March.",
            "We usually drive up on Fridays after work.",
        ),
        (
            ("What's the wifi password at the cabin?", "otter-lantern-88"),
            ("When is my dad's birthday?", "9th of March"),
            ("On which day do we usually drive to the cabin?", "Fridays"),
            ("What is the house number of the cabin?", "17"),
            ("When is my mum's birthday?", ""),
        ),
    ),
    Everyday(
        (
            "My dentist moved my appointment to Tuesday at 3:40 pm.",
            "I'm training for the Rotterdam marathon.",
            "Theo, my physiotherapist, says I should run at most 45 km a week.",
            "I wear size 43 shoes.",
        ),
        (
            ("When is my dentist appointment?", "Tuesday at 3:40 pm"),
            ("Which marathon am I training for?", "Rotterdam"),
            ("Who is my physiotherapist?", "Theo"),
            ("What is my shoe size?", "43"),
            ("How many kilometres a week may I run?", "45"),
            ("What is my heart rate?", ""),
        ),
    ),
    Everyday(
        (
            "I work as a welder at the Harlow shipyard.",
            "My boss is called Mrs. Okonkwo.",
            "I used to drive a Skoda, but last week I bought a Volvo.",
            "My sister Petra lives in Gdansk.",
        ),
        (
            ("What do I do for a living?", "welder"),
            ("Who is my boss?", "Okonkwo"),
            ("What car do I drive now?", "Volvo"),
            ("Where does Petra live?", "Gdansk"),
            ("Where does my brother live?", ""),
        ),
    ),
    Everyday(
        (
            "The code for the garden gate is 7391.",
            "The code for the garage is 2048.",
            "We keep the spare key under the blue flowerpot.",
            "The gardener comes every second Thursday.",
        ),
        (
            ("How do I open the garden gate?", "7391"),
            ("What's the garage code?", "2048"),
            ("Where do we keep the spare key?", "blue flowerpot"),
            ("When does the gardener come?", "Thursday"),
            ("What is the code of the safe?", ""),
        ),
    ),
    Everyday(
        (
            "I'm writing a crime novel, its title is The Saltmarsh Ledger.",
            "The detective in it is named Ines Calloway.",
            "My editor wants the first draft by 30 April.",
            "I like short sentences and a dry sense of humour.",
        ),
        (
            ("What's the title of my novel?", "The Saltmarsh Ledger"),
            ("What is my detective called?", "Ines Calloway"),
            ("When is my first draft due?", "30 April"),
            ("What kind of humour do I like?", "dry"),
            ("Who publishes my novel?", ""),
        ),
    ),
    Everyday(
        (
            "Please pay my rent from the Meridian account, not from the savings.",
            "My landlord is Mr. Castellano and the rent is 940 euros.",
            "I get my salary on the 27th.",
            "I changed banks, I'm with Northgate now.",
        ),
        (
            ("Which account do I pay the rent from?", "Meridian"),
            ("How much is my rent?", "940"),
            ("Who is my landlord?", "Castellano"),
            ("When do I get my salary?", "27th"),
            ("Which bank am I with?", "Northgate"),
            ("What is my credit limit?", ""),
        ),
    ),
    Everyday(
        (
            "Our flight to Lisbon leaves at 6:15 from gate B22.",
            "The hotel in Lisbon is the Casa Amoreira.",
            "Yuki can't eat shellfish.",
            "Paolo will pick us up at the airport.",
        ),
        (
            ("From which gate do we leave?", "B22"),
            ("What time is our flight?", "6:15"),
            ("Which hotel are we staying at?", "Casa Amoreira"),
            ("What can't Yuki eat?", "shellfish"),
            ("Who picks us up at the airport?", "Paolo"),
            ("What is the address of the restaurant?", ""),
        ),
    ),
    Everyday(
        (
            "My router is a Fenwick AX90 and it drops the connection every evening.",
            "I'm on the FiberHome Plus plan.",
            "My customer number is 4417-203.",
            "The technician who came last time was called Desmond.",
        ),
        (
            ("Which router do I have?", "Fenwick AX90"),
            ("What plan am I on?", "FiberHome Plus"),
            ("What's my customer number?", "4417-203"),
            ("What was the technician's name?", "Desmond"),
            ("What is my phone number?", ""),
        ),
    ),
    Everyday(
        (
            "Grandma's favourite flowers are peonies.",
            "Uncle Rolf collects old stamps.",
            "My nephew Jasper plays the cello.",
            "We celebrate Christmas at Aunt Lucille's house this year.",
        ),
        (
            ("Which flowers does grandma like best?", "peonies"),
            ("What does Uncle Rolf collect?", "stamps"),
            ("Which instrument does Jasper play?", "cello"),
            ("Where do we celebrate Christmas?", "Lucille"),
            ("Which instrument does Uncle Rolf play?", ""),
        ),
    ),
)


def everyday_scenes() -> list[Scene]:
    """Return one scene for each question, with all that its person said woven."""
    scenes = []
    for person in EVERYDAY:
        blocks = tuple(
            Block(None, (), (Turn("user", text), Turn("assistant", "Okay.")))
            for text in person.said
        )
        for text, value in person.asked:
            values, reply = ((value,), value) if value else ((), UNKNOWN)
            question = Question(
                "everyday" if value else "everyday_unknown",
                0,
                len(blocks),
                None,
                (),
                text,
                reply,
                values,
            )
            scenes.append(Scene(blocks, (question,)))
    return scenes
