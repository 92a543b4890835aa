"""What can be said of a thing: its price, place, owner, colour, hours."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

THINGS: tuple[Relation, ...] = (
    relation("opens at", "time",
        "{S} opens at {v} / doors of {S} open at {v} / you can get into {S} from {v}",
        "When does {S} open? / What time does {S} open? / From when can I get into {S}? / At what hour do "
        "the doors of {S} open?",
        "when {S} opens", "{S} opens at {v}.", "thing"),
    relation("costs", "amount",
        "{S} costs {v} / {S} cost {v} / we paid {v} for {S} / the bill for {S} was {v}",
        "How much does {S} cost? / What did {S} cost? / How expensive was {S}?",
        "how much {S} costs", "{S} costs {v}.", "thing"),
    relation("is located", "address",
        "{S} is at {v} / you can find {S} at {v} / {S} moved to {v}",
        "Where is {S}? / Where can I find {S}? / Where is {S} located?",
        "where {S} is", "{S} is at {v}.", "thing"),
    relation("belongs to", "full_name",
        "{S} belongs to {v} / the owner of {S} is {v} / {v} owns {S}",
        "Who owns {S}? / Who does {S} belong to? / Who is the owner of {S}?",
        "who owns {S}", "{S} belongs to {v}.", "thing"),
    relation("is run by", "full_name",
        "{S} is run by {v} / {v} is in charge of {S} / {v} takes care of {S}",
        "Who runs {S}? / Who is in charge of {S}? / Who takes care of {S}?",
        "who runs {S}", "{S} is run by {v}.", "thing"),
    relation("is due", "date",
        "{S} is due on {v} / {S} has to be ready by {v} / we must finish {S} by {v}",
        "When is {S} due? / By when does {S} have to be ready? / When does {S} have to be finished? / What "
        "date is set for {S} to be ready?",
        "when {S} is due", "{S} is due on {v}.", "thing"),
    relation("weighs", "quantity",
        "{S} measures {v} / the measurement for {S} is {v}",
        "How much does {S} measure? / What does {S} measure? / What is the measurement for {S}? / What did "
        "the measuring of {S} show?",
        "how much {S} measures", "{S} measures {v}.", "thing"),
    relation("is painted", "colour",
        "{S} is painted {v} / we painted {S} {v} / {S} is {v} / {S} has a {v} finish",
        "What colour is {S}? / Which colour is {S} painted? / What colour did we paint {S}? / What does the "
        "paint on {S} look like?",
        "what colour {S} is", "{S} is {v}.", "thing"),
    relation("made of", "material",
        "{S} is made of {v} / {S} is built from {v} / they used {v} for {S}",
        "What is {S} made of? / Which material is {S} made of? / What did they build {S} from? / What did "
        "they use for {S}?",
        "what {S} is made of", "{S} is made of {v}.", "thing"),
    relation("lasts", "duration",
        "{S} takes {v} / {S} lasts {v} / with {S} you need {v}",
        "How long does {S} take? / How long does {S} last? / How much time does {S} need? / What time must "
        "I plan for {S}?",
        "how long {S} takes", "{S} takes {v}.", "thing"),
)  # fmt: skip
