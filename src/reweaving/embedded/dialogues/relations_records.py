"""The papers of a thing: what it is worth, its dates, signs, feasts, limits."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

RECORDS: tuple[Relation, ...] = (
    relation("costs a year", "amount",
        "{S} costs us {v} a year / the upkeep of {S} comes to {v} a year / every year we spend {v} on {S} / "
        "the yearly bill for {S} is {v}",
        "What does {S} cost us a year? / How much do we spend on {S} every year? / How high is the yearly "
        "bill for {S}? / What does the upkeep of {S} come to?",
        "what {S} costs us a year", "{S} costs {v} a year.", "thing"),
    relation("under guarantee until", "date",
        "{S} is under guarantee until {v} / the warranty for {S} ends on {v} / repairs to {S} are free "
        "until {v} / from {v} on we pay ourselves if {S} breaks",
        "Until when is {S} under guarantee? / When does the warranty for {S} end? / Until what date are "
        "repairs to {S} free? / From when do we pay ourselves if {S} breaks?",
        "until when {S} is under guarantee", "{S} is under guarantee until {v}.", "thing"),
    relation("serviced on", "day_time",
        "{S} gets its next service on {v} / a technician comes for {S} on {v} / {S} is down for maintenance "
        "on {v} / the mechanic will look at {S} on {v}",
        "When does {S} get its next service? / When does the technician come for {S}? / When is {S} down "
        "for maintenance? / When will the mechanic look at {S}?",
        "when {S} gets its next service", "The next service of {S} is on {v}.", "thing"),
    relation("discussed on", "day_time",
        "we talk about {S} on {v} / {S} is on the agenda on {v} / the team discusses {S} on {v} / the call "
        "about {S} is on {v}",
        "When do we talk about {S}? / When is {S} on the agenda? / When does the team discuss {S}? / When "
        "is the call about {S}?",
        "when we talk about {S}", "We talk about {S} on {v}.", "thing"),
    relation("took to finish", "duration",
        "it took us {v} to finish {S} / {S} was {v} in the making / we worked on {S} for {v} / getting {S} "
        "ready cost us {v}",
        "How long did it take us to finish {S}? / How long was {S} in the making? / For how long did we "
        "work on {S}? / How much time did getting {S} ready cost us?",
        "how long it took to finish {S}", "It took {v} to finish {S}.", "thing"),
    relation("decorated with", "flower",
        "{S} is decorated with {v} / the flowers for {S} are {v} / we ordered {v} to brighten up {S} / for "
        "the photo of {S} we put {v} in front",
        "Which flowers decorate {S}? / What are the flowers for {S}? / What did we order to brighten up "
        "{S}? / Which flowers did we put in front for the photo of {S}?",
        "which flowers {S} is decorated with", "{S} is decorated with {v}.", "thing"),
    relation("sign made of", "material",
        "the sign for {S} is made of {v} / a plate of {v} bears the name of {S} / the letters that spell "
        "the name of {S} are {v} / they carved the sign for {S} from {v}",
        "What is the sign for {S} made of? / Which material bears the name of {S}? / What did they carve "
        "the sign for {S} from? / What are the letters that spell the name of {S} made of?",
        "what the sign for {S} is made of", "The sign for {S} is made of {v}.", "thing"),
    relation("has logo in", "colour",
        "the logo of {S} is {v} / {S} has a logo in {v} / they printed the logo of {S} in {v} / the emblem "
        "of {S} shines in {v}",
        "What colour is the logo of {S}? / In which colour did they print the logo of {S}? / What does the "
        "emblem of {S} look like? / Which colour does the logo of {S} have?",
        "what colour the logo of {S} is", "The logo of {S} is {v}.", "thing"),
    relation("has mascot", "animal",
        "the mascot of {S} is the {v} / {S} has a friendly {v} as its mascot / on the posters for {S} you "
        "see a cartoon {v} / the animal that stands for {S} is the {v}",
        "Which animal is the mascot of {S}? / What do you see on the posters for {S}? / Which animal stands "
        "for {S}? / What kind of mascot does {S} have?",
        "which animal the mascot of {S} is", "The mascot of {S} is the {v}.", "thing"),
    relation("celebrated with", "food",
        "we celebrated {S} with {v} / in honour of {S} they served {v} / on the day of {S} we ate {v} / the "
        "meal to mark {S} was {v}",
        "What did we celebrate {S} with? / Which food was served in honour of {S}? / What did we eat on the "
        "day of {S}? / Which meal marked {S}?",
        "what we celebrated {S} with", "We celebrated {S} with {v}.", "thing"),
    relation("toasted with", "drink",
        "we toasted {S} with {v} / we raised our glasses of {v} to {S} / everyone drank {v} to the future "
        "of {S} / the drink in honour of {S} was {v}",
        "What did we toast {S} with? / What was in the glasses we raised to {S}? / What did everyone drink "
        "to the future of {S}? / Which drink was served in honour of {S}?",
        "what we toasted {S} with", "We toasted {S} with {v}.", "thing"),
    relation("manual in", "language",
        "the manual of {S} is in {v} / all documents about {S} are written in {v} / the instructions for "
        "{S} come in {v} / somebody translated the notes on {S} into {v}",
        "Which language is the manual of {S} in? / In what language are the documents about {S}? / In which "
        "language do the instructions for {S} come? / Into what language were the notes on {S} translated?",
        "which language the manual of {S} is in", "The manual of {S} is in {v}.", "thing"),
    relation("we call it", "word",
        "we call {S} {v} / the nickname of {S} is {v} / among ourselves {S} goes by {v} / everyone refers "
        "to {S} as {v}",
        "What do we call {S}? / What is the nickname of {S}? / By which name does {S} go among ourselves? / "
        "How does everyone refer to {S}?",
        "what we call {S}", "You call {S} {v}.", "thing"),
    relation("film about", "title",
        "there is a film about {S} called {v} / {S} appears in the film {v} / they made a documentary about "
        "{S}, {v} / the video about {S} has the title {v}",
        "What is the film about {S} called? / In which film does {S} appear? / What is the title of the "
        "documentary about {S}? / Which video is about {S}?",
        "what the film about {S} is called", "The film about {S} is called {v}.", "thing"),
    relation("on service plan", "plan",
        "{S} is on the {v} plan / for {S} we booked the {v} package / the service contract for {S} is {v} / "
        "we signed up {S} for {v}",
        "Which plan is {S} on? / What package did we book for {S}? / What is the service contract for {S}? "
        "/ What did we sign up {S} for?",
        "which plan {S} is on", "{S} is on the {v} plan.", "thing"),
    relation("paid from", "account",
        "{S} is paid from the {v} / the money for {S} comes out of the {v} / bills for {S} go to the {v} / "
        "we pay for {S} with the {v}",
        "Which account is {S} paid from? / Where does the money for {S} come from? / Which account do bills "
        "for {S} go to? / With which account do we pay for {S}?",
        "which account {S} is paid from", "{S} is paid from the {v}.", "thing"),
    relation("hotline of", "phone",
        "for questions about {S} call {v} / the hotline for {S} is {v} / if something is wrong with {S}, "
        "ring {v} / the contact number for {S} is {v}",
        "Which number do I call about {S}? / What is the hotline for {S}? / What do I ring if something is "
        "wrong with {S}? / How do I get through to someone about {S}?",
        "which number to call about {S}", "The number for {S} is {v}.", "thing"),
    relation("mood around", "tone",
        "the mood around {S} is {v} / people describe {S} as {v} / everything about {S} feels {v} / the "
        "texts about {S} should sound {v}",
        "What is the mood around {S}? / How do people describe {S}? / How does everything about {S} feel? / "
        "How should the texts about {S} sound?",
        "what the mood around {S} is", "The mood around {S} is {v}.", "thing"),
    relation("is capped at", "quantity",
        "{S} is limited to {v} / the limit for {S} is {v} / with {S} more than {v} is not allowed / they "
        "capped {S} at {v}",
        "What is the limit for {S}? / At how much did they cap {S}? / How much is allowed with {S}? / To "
        "what is {S} limited?",
        "what the limit for {S} is", "The limit for {S} is {v}.", "thing"),
    relation("heard about from", "name",
        "we heard about {S} from {v} / it was {v} who told us about {S} / the tip about {S} came from {v} / "
        "we only know {S} thanks to {v}",
        "Who told us about {S}? / From whom did we hear about {S}? / Who gave us the tip about {S}? / "
        "Thanks to whom do we know {S}?",
        "who told us about {S}", "You heard about {S} from {v}.", "thing"),
)  # fmt: skip
