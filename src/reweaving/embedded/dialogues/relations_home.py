"""The house and what is done in it: rent, locks, rubbish, neighbours, furniture."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

HOME: tuple[Relation, ...] = (
    relation("kitchen worktop of", "material",
        "{P} kitchen worktop is {v} / {S} chose {v} for the kitchen counter / the surface in {P} kitchen is "
        "made of {v} / {S} had a worktop of {v} put in",
        "What is {P} kitchen counter made of? / Which material did {S} choose for the worktop? / What kind "
        "of surface is in {P} kitchen? / What material is {P} worktop?",
        "what {P} kitchen counter is made of", "{P} kitchen counter is made of {v}."),
    relation("moves house on", "date",
        "{S} {is} moving house on {v} / the removal van comes for {O} on {v} / {P} boxes go to the new "
        "place on {v} / {P} move is planned for {v}",
        "When {is} {S} moving house? / When does the removal van come for {O}? / On what date {does|do} {S} "
        "change homes? / What is the date of {P} move?",
        "when {S} {is} moving house", "{S} {is} moving on {v}."),
    relation("pays rent", "amount",
        "{S} {pays|pay} {v} in rent / {P} flat costs {v} a month / {P} landlord asks for {v} each month / "
        "living there sets {O} back {v} a month",
        "How much rent {does|do} {S} pay? / What does {P} flat cost? / How high is {P} rent? / How much "
        "does {P} landlord get each month?",
        "how much rent {S} {pays|pay}", "{P} rent is {v}."),
    relation("door opens with", "pin",
        "{P} front door opens with {v} / to get into {P} house, type {v} / the keypad at {P} place wants "
        "{v} / {S} set the door lock to {v}",
        "How do you get into {P} house? / What do visitors type at {P} front door? / Which digits open {P} "
        "door? / What did {S} set the door lock to?",
        "which digits open {P} door", "{P} door opens with {v}."),
    relation("rubbish picked up", "schedule",
        "the bins at {P} place are emptied {v} / {P} rubbish is picked up {v} / {S} {puts|put} the bins out "
        "{v} / the garbage truck comes to {P} street {v}",
        "When is {P} rubbish picked up? / When {does|do} {S} put the bins out? / How often does the garbage "
        "truck come to {P} street? / On which days are {P} bins emptied?",
        "when {P} rubbish is picked up", "{P} rubbish is picked up {v}."),
    relation("waters plants", "schedule",
        "{S} {waters|water} the plants {v} / {P} house plants get water {v} / the watering can comes out "
        "{v} at {P} place / {P} cactus gets a drink {v}",
        "When {does|do} {S} water the plants? / How often do {P} plants get water? / On which days are {P} "
        "house plants watered? / What is {P} watering schedule?",
        "when {S} {waters|water} the plants", "{S} {waters|water} the plants {v}."),
    relation("front door painted", "colour",
        "{S} painted the front door {v} / {P} front door is {v} now / {P} house is the one with the door in "
        "{v} / for the front door {S} bought paint in {v}",
        "What colour is {P} front door? / Which colour did {S} paint the front door? / How do you recognise "
        "{P} house by the door? / What paint did {S} buy for the front door?",
        "what colour {P} front door is", "{P} front door is {v}."),
    relation("sofa is", "colour",
        "{S} bought a sofa in {v} / {P} couch is {v} / the settee in {P} living room is {v} / {S} chose {v} "
        "for the new couch",
        "What colour is {P} sofa? / Which colour did {S} choose for the couch? / What shade is the settee "
        "in {P} living room? / In which colour did {S} buy the sofa?",
        "what colour {P} sofa is", "{P} sofa is {v}."),
    relation("flat cleaned by", "name",
        "{P} flat is cleaned by {v} / {P} cleaner is called {v} / {S} {pays|pay} {v} to do the housework / "
        "{S} found a good cleaner, {v}",
        "Who cleans {P} flat? / What is {P} cleaner called? / Who {does|do} {S} pay for the housework? / "
        "Who mops the floors at {P} place?",
        "who cleans {P} flat", "{P} cleaner is {v}."),
    relation("power comes from", "company",
        "{S} {gets|get} electricity from {v} / {P} power company is {v} / {P} electricity bill comes from "
        "{v} / {S} switched the power contract to {v}",
        "Who supplies {P} electricity? / Where {does|do} {S} get power from? / Which company sends {O} the "
        "electricity bill? / What is {P} power company?",
        "who supplies {P} electricity", "{P} electricity comes from {v}."),
    relation("spare key with", "name",
        "{S} left a spare key with {v} / {P} spare key is with {v} / {S} gave {v} the second house key / if "
        "{S} {gets|get} locked out, {v} has a key",
        "Who has {P} spare key? / Who has a key when {S} {is} locked out? / With whom did {S} leave the "
        "spare key? / Who did {S} give the second house key to?",
        "who has {P} spare key", "{v} has {P} spare key."),
    relation("home wifi", "password",
        "{S} set the wifi password to {v} / guests at {P} place go online with {v} / to join {P} network, "
        "type {v} / {P} wireless key is {v}",
        "How do guests get online at {P} place? / What do you type to join {P} network? / What is {P} "
        "wireless key? / What did {S} set the wifi password to?",
        "how guests get online at {P} place", "{P} wifi password is {v}."),
    relation("neighbours are", "names",
        "{P} neighbours are {v} / next door to {O} live {v} / {S} {has|have} {v} living next door / the "
        "couple beside {O} is called {v}",
        "Who lives next door to {O}? / What are {P} neighbours called? / What is the couple beside {O} "
        "called? / What are the names of {P} neighbours?",
        "who lives next door to {O}", "{P} neighbours are {v}."),
    relation("stairs to flat", "small_number",
        "there are {v} steps up to {P} flat / {S} {climbs|climb} {v} stairs to get home / {P} flat is {v} "
        "steps up / it takes {v} stairs to reach {P} door",
        "How many stairs are there up to {P} flat? / How many steps {does|do} {S} climb to get home? / How "
        "many stairs lead to {P} door? / What is the number of steps up to {P} place?",
        "how many stairs lead to {P} flat", "It is {v} steps up to {P} flat."),
    relation("fridge is", "device",
        "{P} fridge is a {v} / {S} {keeps|keep} the milk in a {v} / the fridge in {P} kitchen is a {v} / "
        "{S} bought the fridge {v}",
        "Which fridge {does|do} {S} have? / What model is {P} refrigerator? / What keeps the milk cold in "
        "{P} kitchen? / Which fridge did {S} buy?",
        "which fridge {S} {has|have}", "{P} fridge is a {v}."),
    relation("washes with", "device",
        "{P} washing machine is a {v} / {S} {washes|wash} the clothes in a {v} / {P} laundry goes into the "
        "{v} / {S} bought the {v} for the laundry",
        "Which washing machine {does|do} {S} have? / What {does|do} {S} wash the clothes in? / What model "
        "is {P} washer? / What did {S} buy for the laundry?",
        "which washing machine {S} {has|have}", "{P} washing machine is a {v}."),
    relation("does laundry", "schedule",
        "{S} {does|do} the laundry {v} / {P} washing gets done {v} / {S} {runs|run} the washing machine {v} "
        "/ the clothes line at {P} place is full {v}",
        "When {does|do} {S} do the laundry? / On which days {does|do} {S} wash clothes? / How often "
        "{does|do} {S} run the washing machine? / When is {P} washing done?",
        "when {S} {does|do} the laundry", "{S} {does|do} the laundry {v}."),
)  # fmt: skip
