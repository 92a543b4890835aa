"""Every attribute that is a verb."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation
from reweaving.embedded.dialogues.relations_life import LIFE
from reweaving.embedded.dialogues.relations_people import PEOPLE
from reweaving.embedded.dialogues.relations_things import THINGS

RELATIONS: tuple[Relation, ...] = (*PEOPLE, *THINGS, *LIFE)
