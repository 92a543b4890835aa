"""Free phrasing: ways to say that a noun has a value, to ask for it, and to wrap either."""

from __future__ import annotations

SAYS_NOUN = (
    "{P} {n} is {v}.", "As for {P} {n}, it is {v}.", "By the way, {P} {n} is {v}.",
    "{P} {n}: {v}.", "{P} {n} happens to be {v}.", "Please note that {P} {n} is {v}.",
    "Remember that {P} {n} is {v}.", "Just so you know, {P} {n} is {v}.",
    "I should mention that {P} {n} is {v}.", "The {n} of {S} is {v}.", "Keep in mind that {P} {n} is {v}.",
    "For the record, {P} {n} is {v}.", "You should know {P} {n} is {v}.",
    "I want to tell you that {P} {n} is {v}.", "It turns out {P} {n} is {v}.",
    "In case you need it, {P} {n} is {v}.", "{P} {n} will be {v}.", "Could you note down {P} {n}? It's {v}.",
    "Don't forget: {P} {n} is {v}.", "I found out that {P} {n} is {v}.",
    "I can tell you {P} {n}: {v}.", "FYI {P} {n} is {v}.",
    "{P} {n}? That's {v}.", "If anyone asks, {P} {n} is {v}.",
    "Save this: {P} {n} is {v}.", "Write this down, {P} {n} is {v}.",

    "Today I learned {P} {n} is {v}.", "Here is {P} {n}: {v}",
    "They told me {P} {n} is {v}.",
)  # fmt: skip

SAYS_CALLED = (
    "{P} {n} is called {v}.", "{P} {n} goes by the name {v}.", "We call {P} {n} {v}.",
    "{P} {n} has the name {v}.",
)  # fmt: skip

SAYS_PRONOUN = (
    "{P} {n} is {v}.", "The {n} is {v}.", "The {n} will be {v}.", "As for the {n}, it's {v}.",
    "{P} {n} should be {v}.", "And the {n} is {v}, by the way.", "The {n}? {v}.", "Note that the {n} is {v}.",
    "I think the {n} is {v}.", "{P} {n} is {v}, I think.", "I was told the {n} is {v}.",
    "They say the {n} is {v}.", "The {n} happens to be {v}.", "Remember, the {n} is {v}.", "So the {n} is {v}.",
    "Just note {P} {n}: {v}.", "We agreed that {P} {n} is {v}.",
    "It turns out the {n} is {v}.", "{P} {n}: {v}.", "For your notes, the {n} is {v}.",
    "Let me add that {P} {n} is {v}.", "You should know that the {n} is {v}.",
)  # fmt: skip

SAYS_UPDATED = (
    "Actually, {P} {n} is {v} now.", "{P} {n} has changed to {v}.", "Update: {P} {n} is now {v}.",
    "Change of plan, {P} {n} is {v}.", "Correction: {P} {n} is {v}.", "Since last week {P} {n} is {v}.",
    "{P} {n} is no longer the same, it's {v} now.", "I was wrong before, {P} {n} is {v}.",
    "{P} new {n} is {v}.", "From now on {P} {n} is {v}.", "Scratch that, {P} {n} is {v}.",
    "Things changed: {P} {n} is {v}.", "They changed {P} {n}, it is {v} these days.",
    "I have news about {P} {n}: it's now {v}.", "Please update {P} {n} to {v}.",
    "As of today, {P} {n} is {v}.",
    "{P} {n} was changed to {v}.", "{P} {n} is {v} instead.", "Instead, {P} {n} is {v}.",
    "Forget the old one, {P} {n} is {v}.", "{P} {n} is different now: {v}.", "We changed {P} {n} to {v}.",
    "{P} latest {n} is {v}.",
    "{P} {n} has become {v}.", "I said something else before, but {P} {n} is {v}.",
    "Now {P} {n} is {v}.", "My mistake: {P} {n} is {v}.", "{P} current {n} is {v}.",

)  # fmt: skip

UPDATED_STARTS = (
    "Actually, ", "Update: ", "Change of plans: ", "Correction: ", "Things have changed. ",
    "It's different now: ", "Since yesterday: ",
    "I made a mistake earlier. ", "I have news: ",
    "That has changed: ", "A correction: ", "Forget what I said. ", "I was wrong: ",
    "Small update: ", "As of now, ", "Meanwhile, ", "Since last month, ", "From today on, ",
    "Now it's different: ", "Please correct that: ", "New information: ",
    "Oh, I got it wrong. ", "Here is the latest: ", "To correct myself: ",
)  # fmt: skip

ASKS_NOUN = (
    "Tell me {P} {n}.", "What was {P} {n} again?", "{P} {n}?",
    "What is the {n} of {S}?", "What did I say {P} {n} is?", "I need {P} {n}.",
    "Give me {P} {n}.", "I forgot {P} {n}.", "Do you remember {P} {n}?", "Do you know {P} {n}?",
    "Please remind me of {P} {n}.", "Can you look up {P} {n}?", "What do you have down as {P} {n}?",
    "Have I told you {P} {n}?", "I can't recall {P} {n}, can you?",
    "Could you give me {P} {n}, please?", "May I have {P} {n}?",
    "I'm looking for {P} {n}.", "What have you got for {P} {n}?",
    "Please tell me {P} {n}.", "Can you tell me {P} {n}?", "Could you tell me {P} {n}?",
    "I want to know {P} {n}.", "I'd like to know {P} {n}.", "What's {P} {n} again?",
    "Do you happen to know {P} {n}?", "Do you still know {P} {n}?", "Can you remember {P} {n}?",
    "Do you recall {P} {n}?", "Remind me of {P} {n}.", "Remind me what {P} {n} is.",
    "I don't remember {P} {n}.", "I can't remember {P} {n}.", "I have forgotten {P} {n}.",
    "Find {P} {n} for me.", "Look up {P} {n}.", "Did I mention {P} {n}?",
    "Have I mentioned {P} {n}?", "Did I ever tell you {P} {n}?", "What did I tell you about {P} {n}?",
    "What have you noted as {P} {n}?", "What did you write down for {P} {n}?", "What is on record as {P} {n}?",
    "According to my notes, what is {P} {n}?", "You know {P} {n}, don't you?",
    "Repeat {P} {n}, please.", "Let me have {P} {n}.", "Any idea what {P} {n} is?",
    "I wonder what {P} {n} is.", "Tell me again: what is {P} {n}?", "I need to know {P} {n}.",
    "Can you give me {P} {n}?",
    "Would you mind telling me {P} {n}?", "And {P} {n}?",
    "What about {P} {n}?",
    "Please check {P} {n}.",
    "What's the {n} of {S}?", "Tell me the {n} of {S}.",
    "I need the {n} of {S}.", "Do you know the {n} of {S}?",
)  # fmt: skip

ASKS_PLAIN = ("What is {P} {n}?", "What's {P} {n}?")
"""Only training's: nobody should have to guess the plainest way to ask."""

_WHO = (
    "Who is {P} {n}?",
    "Tell me who {P} {n} is.",
    "Do you know who {P} {n} is?",
    "Remind me who {P} {n} is.",
)
ASKS_CALLED = (
    "What is {P} {n} called?", "How is {P} {n} called?", "What's the name of {P} {n}?", "What did I name {P} {n}?",
    "Tell me what {P} {n} is called.", "I forgot what {P} {n} is called.",
)  # fmt: skip
"""How the name of something is asked for; of "dog's name", `{n}` is the dog."""

_WHEN = (
    "When is {P} {n}?", "Do you know when {P} {n} is?", "Can you tell me when {P} {n} is?", "When was {P} {n} again?",
    "Remind me when {P} {n} is.", "I forgot when {P} {n} is.", "When will {P} {n} be?", "{P} {n}, when is it?",
)  # fmt: skip
_WHICH_DAY = ("On which day is {P} {n}?", "What day is {P} {n}?", "Which day is {P} {n}?")

ASKS_OF_KIND = {
    "full_name": _WHO,
    "date": (*_WHEN, *_WHICH_DAY, "What date is {P} {n}?", "On what date is {P} {n}?"),
    "time": (*_WHEN, "What time is {P} {n}?", "At what time is {P} {n}?", "Which time is {P} {n}?"),
    "day_time": _WHEN,
    "schedule": (*_WHEN, *_WHICH_DAY),
    "amount": (
        "How much is {P} {n}?", "How high is {P} {n}?", "How big is {P} {n}?", "Do you know how much {P} {n} is?",
        "I forgot how much {P} {n} is.", "What does {P} {n} come to?",
    ),
    "duration": ("How long is {P} {n}?", "Do you know how long {P} {n} is?", "Remind me how long {P} {n} is."),
    "room": ("Which is {P} {n}?", "Where is {P} {n}?"),
    "project": ASKS_CALLED,
    "company": ("Which is {P} {n}?", "What is {P} {n} called?", "How is {P} {n} called?"),
    "title": ("Which is {P} {n}?", "What is {P} {n} called?"),
    "device": ("Which is {P} {n}?", "What model is {P} {n}?", "Which model is {P} {n}?"),
}  # fmt: skip
"""Type of value → how such an attribute is asked for."""

WRAPS_QUESTION = (
    "{q}", "{q}", "{q}", "{q}", "{q}", "{q}", "Remind me: {q}", "I forgot. {q}", "Quick question: {q}",
    "Hey, {q}", "Hi! {q}", "Sorry, {q}", "{q} I can't remember.", "Help me out here. {q}",
    "One more thing: {q}", "Hello. {q}", "{q} Thanks!", "{q} Please answer briefly.", "Now, {q}",
    "Good morning! {q}", "Okay, {q}", "Before I go: {q}", "By the way, {q}",
    "I have a question. {q}", "{q} Just the answer please.",
    "{q} It slipped my mind.", "Listen, {q}", "Answer me this: {q}", "Well, {q}",
    "So, {q}", "Excuse me, {q}",
    "Hi there. {q}", "Hey there! {q}", "Morning. {q}", "Good evening. {q}", "Hello again. {q}",
    "Tell me: {q}", "Question: {q}", "A quick one: {q}", "Just a quick question, {q}",
    "Another question: {q}", "Next question. {q}", "One question: {q}", "Oh, {q}", "Right, {q}", "Alright, {q}",
    "Also, {q}", "Wait, {q}", "Please, {q}", "Can you help? {q}",
    "I need help. {q}", "I have to fill in a form. {q}", "I'm filling in a form: {q}",
    "I forgot again. {q}", "My memory is bad. {q}",
    "I don't have my notes here. {q}", "I lost my notes. {q}", "I need this quickly. {q}", "It's urgent. {q}",

    "Let me ask you something. {q}",
    "We talked about this. {q}", "I told you once. {q}",
    "{q} I forgot.", "{q} I don't remember.",
    "{q} Thank you!", "{q} Thanks in advance.", "{q} Please.",
    "{q} I need it for a form.", "{q} Keep it short.", "{q} One sentence is enough.",
    "{q} I told you before.", "{q} I have lost my notes.", "{q} Can you help me?",
    "{q} It's urgent.", "{q} Just checking.", "{q} I want to be sure.",

)  # fmt: skip

WRAPS_CLAUSE = (
    "Can you tell me {c}?", "Do you know {c}?", "Do you remember {c}?", "Remind me {c}.", "I forgot {c}.",
    "Tell me {c}.", "Please tell me {c}.", "I can't recall {c}.", "Could you remind me {c}?",
    "I'd like to know {c}.", "Any idea {c}?", "I need to know {c}.", "Have I mentioned {c}?",
    "Did I ever tell you {c}?", "I'm not sure {c}.", "I wonder {c}.", "Would you tell me {c}?", "Say {c}.",
    "I'm trying to remember {c}.", "You know {c}, right?", "Let me know {c}.", "Could you tell me {c}?",
    "Can you remind me {c}?", "Do you recall {c}?", "Do you still know {c}?", "I don't remember {c}.",
    "I can't remember {c}.", "I forget {c}.", "I want to know {c}.", "Please remind me {c}.",
    "Have I told you {c}?", "Did I tell you {c}?", "Did I mention {c}?", "Do you have any idea {c}?",
    "Can you look up {c}?", "I was asked {c}.", "They asked me {c}.", "Someone wants to know {c}.",
    "Tell me again {c}.", "I'd love to know {c}.", "I keep forgetting {c}.",
    "I have no idea {c}.", "Help me remember {c}.", "Can you find out {c}?",
    "Do you happen to remember {c}?", "I am wondering {c}.", "Check {c}, please.",
    "Would you remind me {c}?",
)  # fmt: skip

JOINS = (
    "{a} And {b}", "{a} Also, {b}", "Two questions: {a} And {b}", "{a} {b}", "First, {a} Second, {b}",
    "{a} And another one: {b}", "{a} And also: {b}", "{a} Then, {b}", "{a} And then: {b}", "{a} Plus: {b}",
    "{a} Oh, and: {b}", "{a} Next: {b}", "{a} After that: {b}", "{a} One more: {b}",
    "{a} And now: {b}", "{a} Second question: {b}", "I have two questions. {a} {b}", "Two things: {a} {b}",
    "Two things. {a} And {b}", "Tell me both: {a} And {b}", "1. {a} 2. {b}", "a) {a} b) {b}",
    "{a} By the way, {b}", "Both answers please: {a} {b}",

    "{a} {b} Answer both.", "{a} {b} Thanks!", "Please answer both. {a} {b}",
    "{a} Last question: {b}",
)  # fmt: skip

OPENS_TOPIC = (
    "About {O}.", "Let's talk about {O}.", "I want to tell you something about {O}.", "Now about {O}.",
    "Concerning {O}.", "I have some notes on {O}.", "This is about {O}.", "Let me tell you about {O}.",
    "Next topic: {O}.", "It's about {O}.", "I'd like to talk about {O}.", "Something on {O}.", "Remember {O}?",
    "Regarding {O}:", "Let me say a word about {O}.", "I have news about {O}.", "Here is something about {O}.",
    "We need to talk about {O}.", "A word on {O}.", "This concerns {O}.", "I was thinking about {O}.",
    "You know {O}, right?", "My next point is {O}.", "As for {O}.", "I want to talk about {O}.",
    "Some details on {O}.", "Back to {O}.", "Let's get to {O}.", "I'll tell you about {O} now.",
    "I have been busy with {O}.", "There is {O}, you know.", "Do you remember {O}?", "On the subject of {O}.",
    "Let's move on to {O}.", "One thing about {O}.",
)  # fmt: skip

LEADS = (
    "Oh, and one more thing.", "One more thing.", "Before I forget:", "Just for context:", "Let me add this.",
    "For your notes:", "I have to tell you something.", "A small detail:", "Hi there!", "Hello!", "Hey!", "Hi!",
    "Important:", "Please remember this.", "Remember this:", "Something about me.", "Good morning!", "Listen.",
    "Here is something new.", "You should know this.", "By the way.", "Quick note:", "Another thing:",
)  # fmt: skip

TAILS = (
    ", by the way", ", just so you know", ", in case it matters", ", at least for now",
    ", if I remember correctly", ", of course", ", which is great", ", and I like it",
    ", for what it's worth", " and I can't complain", ", you know",
    " and we are happy with it", ", as I found out on {weekday}", ", thank goodness",
)  # fmt: skip

ASKS_WHICH = (
    "Which {n} {does|do} {S} have?", "What {n} {does|do} {S} have?", "What kind of {n} {does|do} {S} have?",
    "Could you say which {n} {S} {has|have}?",
    "Which {n} did I tell you {S} {has|have}?", "Do you know which {n} {S} {has|have}?",
    "Tell me which {n} {S} {has|have}.", "Remind me which {n} {S} {has|have}.",
    "Can you tell me which {n} {S} {has|have}?",
    "Which {n} {has|have} {S} got?", "What {n} {has|have} {S} got?",
    "I forgot which {n} {S} {has|have}.",
    "Do you remember which {n} {S} {has|have}?",
)  # fmt: skip

ASKS_BOTH = (
    "What are {a} and {b} {n}?", "Tell me {a} and {b} {n}.", "I need {a} and {b} {n}.",
    "Do you remember {a} and {b} {n}?", "What is {a} {n}, and what is {b}?",
    "Remind me of {a} and {b} {n}.", "Please give me {a} and {b} {n}.", "Can you tell me {a} and {b} {n}?",
    "Could you give me {a} and {b} {n}?", "What's {a} {n}, and what's {b}?",
    "I forgot {a} and {b} {n}.", "Do you know {a} and {b} {n}?", "What were {a} and {b} {n} again?",
    "I'd like {a} and {b} {n}.", "Look up {a} and {b} {n}.",
    "Have I told you {a} and {b} {n}?", "List {a} and {b} {n}.", "What do you have for {a} and {b} {n}?",
    "Remind me what {a} and {b} {n} are.",
)  # fmt: skip

ASKS_BOTH_IN_FULL = (
    "What are {a} {n} and {b} {n}?", "Tell me {a} {n} and {b} {n}.", "I need {a} {n} and {b} {n}.",
    "Do you know {a} {n} and {b} {n}?", "Remind me of {a} {n} and of {b} {n}.", "Give me {a} {n} and {b} {n}.",
    "What is {a} {n}, and what is {b} {n}?", "Please tell me both {a} {n} and {b} {n}.",
    "I forgot {a} {n} and {b} {n}.", "List {a} {n} and {b} {n}.", "Look up {a} {n} and {b} {n} for me.",
)  # fmt: skip

UNKNOWN = "I don't know. You haven't told me that yet."
"""The one way in which the model says that memory holds no answer."""
