"""Phones, computers and aims: logins, numbers, versions, parcels, records."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DIGITAL: tuple[Relation, ...] = (
    relation("goal for the week", "quantity",
        "{P} goal for this week is {v} / {S} {is} aiming for {v} this week / {S} {wants|want} to reach {v} "
        "by Sunday / {S} promised to do {v} this week",
        "What is {P} goal for this week? / How much {does|do} {S} want to reach by Sunday? / What {is} {S} "
        "aiming for this week? / How much did {S} promise to do this week?",
        "what {P} goal for this week is", "{P} goal for this week is {v}."),
    relation("personal record", "quantity",
        "{P} personal best is {v} / {S} set a record of {v} / {S} never did more than {v} in one go / the "
        "most {S} ever managed is {v}",
        "What is {P} personal best? / What is the most {S} ever managed? / Which record did {S} set? / How "
        "much did {S} do at the very most?",
        "what {P} personal best is", "{P} personal best is {v}."),
    relation("logs in as", "password",
        "{S} {logs|log} in as {v} / {P} login is {v} / {S} {signs|sign} in with the user name {v} / at work "
        "the computer knows {O} as {v}",
        "How {does|do} {S} log in? / What is {P} login? / With which user name {does|do} {S} sign in? / "
        "What does the computer at work know {O} as?",
        "how {S} {logs|log} in", "{P} login name is {v}."),
    relation("laptop runs version", "version",
        "{P} laptop runs version {v} / {S} updated the laptop to {v} / {P} computer is on release {v} / {S} "
        "installed system {v} on the laptop",
        "Which version does {P} laptop run? / What did {S} update the laptop to? / On which release is {P} "
        "computer? / What system did {S} install?",
        "which version {P} laptop runs", "{P} laptop runs version {v}."),
    relation("streams on", "company",
        "{S} {streams|stream} films on {v} / {P} streaming service is {v} / {S} {pays|pay} {v} to be able "
        "to stream films / films come into {P} living room from {v}",
        "Which streaming service {does|do} {S} use? / Where {does|do} {S} stream films? / Who {does|do} {S} "
        "pay to stream films? / Where do the films in {P} living room come from?",
        "which streaming service {S} {uses|use}", "{S} {streams|stream} films on {v}."),
    relation("reach at", "phone",
        "you can reach {O} at {v} / {P} phone number is {v} / to talk to {O}, dial {v} / {S} {picks|pick} "
        "up the phone at {v}",
        "How can people reach {O}? / Which number do you dial to talk to {O}? / What is {P} telephone "
        "number? / At which number {does|do} {S} pick up the phone?",
        "how people can reach {O}", "{P} phone number is {v}."),
    relation("office line", "phone",
        "at the office you get {O} on {v} / {P} line at work is {v} / during office hours call {O} on {v} / "
        "on {P} business card it says {v}",
        "What is {P} line at work? / On which number do you get {O} at the office? / What do you dial to "
        "get {O} during office hours? / Which number is on {P} business card?",
        "on which number you get {O} at the office", "{P} work number is {v}."),
    relation("phone unlocks with", "pin",
        "{P} phone unlocks with {v} / to get into {P} phone, type {v} / {S} {enters|enter} {v} on the phone "
        "/ {S} set the lock screen to {v}",
        "How does {P} phone unlock? / What do you type to get into {P} phone? / Which digits {does|do} {S} "
        "enter on the phone? / What did {S} set the lock screen to?",
        "how {P} phone unlocks", "{P} phone unlocks with {v}."),
    relation("backs up", "schedule",
        "{S} {backs|back} up the laptop {v} / {P} files are copied to the disk {v} / {P} backup runs {v} / "
        "{S} {saves|save} the photos to the cloud {v}",
        "When {does|do} {S} back up the laptop? / How often are {P} files copied? / When does {P} backup "
        "run? / On which days {does|do} {S} save the photos?",
        "when {S} {backs|back} up the laptop", "{P} backup runs {v}."),
    relation("laptop repaired by", "company",
        "{S} took the laptop to {v} for repair / {P} laptop is being fixed by {v} / {P} laptop is in the "
        "workshop of {v} / the people who repair {P} laptop are from {v}",
        "Who is repairing {P} laptop? / Where did {S} take the laptop? / In whose workshop is {P} laptop? / "
        "Which company fixes {P} laptop?",
        "who is repairing {P} laptop", "{v} is repairing {P} laptop."),
    relation("goes by online", "word",
        "online {S} {goes|go} by {v} / {P} gaming name is {v} / in the game {S} {is} called {v} / other "
        "players know {O} as {v}",
        "What is {P} gaming name? / What {does|do} {S} go by online? / How do other players know {O}? / "
        "What {is} {S} called in the game?",
        "what {S} {goes|go} by online", "{P} gamer tag is {v}."),
    relation("parcel travels under", "code",
        "{P} parcel is travelling under {v} / {S} can follow the parcel with {v} / the courier listed {P} "
        "package as {v} / to find {P} parcel, enter {v}",
        "How can {S} follow the parcel? / Under what is {P} parcel travelling? / What did the courier list "
        "{P} package as? / What must be entered to find {P} parcel?",
        "how {S} can follow the parcel", "{P} tracking code is {v}."),
    relation("television is", "device",
        "{S} {watches|watch} TV on a {v} / {P} television is a {v} / the screen in {P} living room is a {v} "
        "/ the set on {P} living room wall is a {v}",
        "What {does|do} {S} watch TV on? / Which television {does|do} {S} have? / What screen is in {P} "
        "living room? / What set hangs on {P} living room wall?",
        "which television {S} {has|have}", "{P} television is a {v}."),
    relation("prints on", "device",
        "{S} {prints|print} on a {v} / {P} printer is a {v} / {P} papers come out of a {v} / {S} bought the "
        "{v} to print letters",
        "What {does|do} {S} print on? / Which printer {does|do} {S} have? / What do {P} papers come out of? "
        "/ What did {S} buy to print letters?",
        "what {S} {prints|print} on", "{P} printer is a {v}."),
    relation("customer mail style", "tone",
        "{P} emails to clients should sound {v} / with clients {S} {wants|want} a style that is {v} / "
        "letters to {P} customers have to be {v} / {S} {asks|ask} for mails to customers that are {v}",
        "How should {P} emails to clients sound? / What style {does|do} {S} want with clients? / How do "
        "letters to {P} customers have to be? / What kind of mails to customers {does|do} {S} ask for?",
        "how {P} emails to clients should sound", "{P} emails to clients should sound {v}."),
)  # fmt: skip
