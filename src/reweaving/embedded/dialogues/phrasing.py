"""Free phrasing: ways to say that a noun has a value, to ask for it, and to wrap either."""

from __future__ import annotations

SAYS_NOUN = (
    "{P} {n} is {v}.", "{v} is {P} {n}.", "As for {P} {n}, it is {v}.", "By the way, {P} {n} is {v}.",
    "{P} {n}: {v}.", "{P} {n} happens to be {v}.", "Please note that {P} {n} is {v}.",
    "Remember that {P} {n} is {v}.", "Just so you know, {P} {n} is {v}.",
    "I should mention that {P} {n} is {v}.", "The {n} of {S} is {v}.", "Keep in mind that {P} {n} is {v}.",
    "For the record, {P} {n} is {v}.", "You should know {P} {n} is {v}.",
    "I want to tell you that {P} {n} is {v}.", "It turns out {P} {n} is {v}.",
    "In case you need it, {P} {n} is {v}.", "{P} {n} will be {v}.", "Could you note down {P} {n}? It's {v}.",
    "So {P} {n} is {v}, okay?", "Don't forget: {P} {n} is {v}.", "I found out that {P} {n} is {v}.",
    "We settled on {v} as {P} {n}.", "I can tell you {P} {n}: {v}.", "FYI {P} {n} is {v}.",
    "note to self, {P} {n} is {v}", "{P} {n}? That's {v}.", "If anyone asks, {P} {n} is {v}.",
    "Save this: {P} {n} is {v}.", "I'd like you to remember {P} {n}, {v}.", "Write this down, {P} {n} is {v}.",
    "You may need {P} {n} one day; it is {v}.", "Honestly, {P} {n} is {v}.", "{P} {n} was always {v}.",
    "When it comes to {P} {n}, the answer is {v}.", "Today I learned {P} {n} is {v}.", "Here is {P} {n}: {v}",
    "{P} {n} = {v}", "{v}, that's {P} {n}.", "They told me {P} {n} is {v}.",
)  # fmt: skip

SAYS_CALLED = (
    "{P} {n} is called {v}.", "{P} {n} goes by the name {v}.", "We call {P} {n} {v}.",
    "{P} {n} has the name {v}.",
)  # fmt: skip

SAYS_PRONOUN = (
    "{P} {n} is {v}.", "The {n} is {v}.", "The {n} will be {v}.", "As for the {n}, it's {v}.",
    "{P} {n} should be {v}.", "And the {n} is {v}, by the way.", "The {n}? {v}.", "Note that the {n} is {v}.",
    "I think the {n} is {v}.",
)  # fmt: skip

SAYS_UPDATED = (
    "Actually, {P} {n} is {v} now.", "{P} {n} has changed to {v}.", "Update: {P} {n} is now {v}.",
    "Change of plan, {P} {n} is {v}.", "Correction: {P} {n} is {v}.", "Since last week {P} {n} is {v}.",
    "{P} {n} is no longer the same, it's {v} now.", "I was wrong before, {P} {n} is {v}.",
    "{P} new {n} is {v}.", "From now on {P} {n} is {v}.", "Scratch that, {P} {n} is {v}.",
    "Things changed: {P} {n} is {v}.", "They changed {P} {n}, it is {v} these days.",
    "I have news about {P} {n}: it's now {v}.", "Please update {P} {n} to {v}.",
    "Meanwhile {P} {n} became {v}.", "As of today, {P} {n} is {v}.",
)  # fmt: skip

UPDATED_STARTS = (
    "Actually, ", "Update: ", "Change of plans: ", "Correction: ", "Things have changed. ",
    "It's different now: ", "News: ", "Not any more what I said before. ", "Since yesterday: ",
    "I made a mistake earlier. ", "Good news, ", "By now ",
)  # fmt: skip

ASKS_NOUN = (
    "What is {P} {n}?", "What's {P} {n}?", "Tell me {P} {n}.", "What was {P} {n} again?", "{P} {n}?",
    "Which one is {P} {n}?", "What is the {n} of {S}?", "What did I say {P} {n} is?", "I need {P} {n}.",
    "Give me {P} {n}.", "I forgot {P} {n}.", "Do you remember {P} {n}?", "Do you know {P} {n}?",
    "Please remind me of {P} {n}.", "Can you look up {P} {n}?", "What do you have down as {P} {n}?",
    "Have I told you {P} {n}?", "What would {P} {n} be?", "I can't recall {P} {n}, can you?", "Name {P} {n}.",
    "Could you give me {P} {n}, please?", "May I have {P} {n}?", "Someone asked for {P} {n}. What is it?",
    "{P} {n}, what was it?", "I'm looking for {P} {n}.", "What have you got for {P} {n}?",
    "How about {P} {n}?",
)  # fmt: skip

WRAPS_QUESTION = (
    "{q}", "{q}", "{q}", "{q}", "{q}", "{q}", "Remind me: {q}", "I forgot. {q}", "Quick question: {q}",
    "Hey, {q}", "Hi! {q}", "Sorry, {q}", "{q} I can't remember.", "Help me out here. {q}",
    "One more thing: {q}", "Hello. {q}", "{q} Thanks!", "{q} Please answer briefly.", "Now, {q}",
    "Good morning! {q}", "Okay, {q}", "Hm, {q}", "Before I go: {q}", "By the way, {q}",
    "I have a question. {q}", "{q} Just the answer please.", "Let me think... {q}",
    "I should know this, but {q}", "{q} It slipped my mind.", "Listen, {q}", "Answer me this: {q}",
    "Well, {q}", "I was wondering, {q}", "A friend wants to know: {q}", "{q} You must know.", "So, {q}",
    "Excuse me, {q}",
)  # fmt: skip

WRAPS_CLAUSE = (
    "Can you tell me {c}?", "Do you know {c}?", "Do you remember {c}?", "Remind me {c}.", "I forgot {c}.",
    "Tell me {c}.", "Please tell me {c}.", "I can't recall {c}.", "Could you remind me {c}?",
    "I'd like to know {c}.", "Any idea {c}?", "I need to know {c}.", "Have I mentioned {c}?",
    "Did I ever tell you {c}?", "I'm not sure {c}.", "I wonder {c}.", "Would you tell me {c}?", "Say {c}.",
    "I'm trying to remember {c}.", "You know {c}, right?", "Let me know {c}.",
)  # fmt: skip

JOINS = (
    "{a} And {b}", "{a} Also, {b}", "Two questions: {a} And {b}", "{a} {b}", "First, {a} Second, {b}",
    "{a} And another one: {b}",
)  # fmt: skip

OPENS_TOPIC = (
    "About {O}.", "Let's talk about {O}.", "I want to tell you something about {O}.", "Now about {O}.",
    "Concerning {O}.", "I have some notes on {O}.", "This is about {O}.", "Let me tell you about {O}.",
    "Next topic: {O}.", "It's about {O}.", "I'd like to talk about {O}.", "Something on {O}.", "Remember {O}?",
    "Regarding {O}:", "Let me say a word about {O}.",
)  # fmt: skip

LEADS = (
    "As you may know,", "Oh, and", "Also,", "Just for context:", "One more thing.", "Before I forget:",
    "Listen.", "Since you asked,", "Well,", "So,", "Let me add this.", "To be clear,", "For your notes:",
    "Good news!", "You know what?", "Here's something about me.", "I have to tell you something.",
    "A small detail:", "As I said before,", "Anyway,", "Funny story:", "Hi there!", "Hello!", "Right now",
    "At the moment", "These days", "Believe it or not,", "Important:", "Please remember this.",
    "Remember this:", "Let me introduce some facts.", "In short,", "Honestly,", "Hey!",
)  # fmt: skip

TAILS = (
    ", and I like it", ", as of last spring", ", believe it or not", ", just so you know",
    ", in case it matters", " and it works well", ", since the update", ", still", ", as always",
    ", thank goodness", " since last year", ", at least for now", ", if I remember correctly",
    " and everybody knows it", ", don't tell anyone", ", of course", ", which is great",
    ", though it took a while", " and that will not change", ", I am told", ", for what it's worth",
    ", as I found out on {weekday}", " and I can't complain", ", it seems", ", you know", ", funnily enough",
    ", after all these years", ", not that it matters", ", more or less by accident",
    " and we are happy with it", " even though it rains", ", even on {weekday}",
    ", thanks to a friend who loves {hobby}", " and there is a {noun} too",
)  # fmt: skip

ASKS_WHICH = (
    "Which {n} {does|do} {S} have?", "What {n} {does|do} {S} have?", "What kind of {n} {does|do} {S} have?",
    "Which {n} is {P} one?", "What is the {n} that {S} {has|have}?", "Could you say which {n} {S} {has|have}?",
)  # fmt: skip

ASKS_BOTH = (
    "What are {a} and {b} {n}?", "Tell me {a} and {b} {n}.", "I need {a} and {b} {n}.",
    "Do you remember {a} and {b} {n}?", "{a} and {b} {n}?", "What is {a} {n}, and what is {b}?",
    "Remind me of {a} and {b} {n}.", "Please give me {a} and {b} {n}.",
)  # fmt: skip

UNKNOWN = "I don't know. You haven't told me that yet."
"""The one way in which the model says that memory holds no answer."""
