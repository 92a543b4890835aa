"""Every attribute that is a verb."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation
from reweaving.embedded.dialogues.relations_apart import APART
from reweaving.embedded.dialogues.relations_daily_free import DAILY_FREE
from reweaving.embedded.dialogues.relations_daily_home import DAILY_HOME
from reweaving.embedded.dialogues.relations_daily_self import DAILY_SELF
from reweaving.embedded.dialogues.relations_daily_table import DAILY_TABLE
from reweaving.embedded.dialogues.relations_daily_tech import DAILY_TECH
from reweaving.embedded.dialogues.relations_daily_work import DAILY_WORK
from reweaving.embedded.dialogues.relations_digital import DIGITAL
from reweaving.embedded.dialogues.relations_family import FAMILY
from reweaving.embedded.dialogues.relations_health import HEALTH
from reweaving.embedded.dialogues.relations_home import HOME
from reweaving.embedded.dialogues.relations_leisure import LEISURE
from reweaving.embedded.dialogues.relations_life import LIFE
from reweaving.embedded.dialogues.relations_money import MONEY
from reweaving.embedded.dialogues.relations_objects import OBJECTS
from reweaving.embedded.dialogues.relations_people import PEOPLE
from reweaving.embedded.dialogues.relations_records import RECORDS
from reweaving.embedded.dialogues.relations_study import STUDY
from reweaving.embedded.dialogues.relations_tastes import TASTES
from reweaving.embedded.dialogues.relations_things import THINGS
from reweaving.embedded.dialogues.relations_travel import TRAVEL
from reweaving.embedded.dialogues.relations_work import WORK

_PEOPLE = (
    PEOPLE,
    LIFE,
    FAMILY,
    HEALTH,
    HOME,
    WORK,
    STUDY,
    TRAVEL,
    MONEY,
    LEISURE,
    TASTES,
    DIGITAL,
    APART,
)
_THINGS = (THINGS, OBJECTS, RECORDS)
_DAILY = (DAILY_FREE, DAILY_HOME, DAILY_SELF, DAILY_TABLE, DAILY_TECH, DAILY_WORK)  # of all owners

RELATIONS: tuple[Relation, ...] = tuple(
    relation for theme in (*_PEOPLE, *_THINGS, *_DAILY) for relation in theme
)
