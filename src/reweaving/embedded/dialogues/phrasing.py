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
    "I think the {n} is {v}.", "{P} {n} is {v}, I think.", "I was told the {n} is {v}.",
    "They say the {n} is {v}.", "The {n} happens to be {v}.", "Remember, the {n} is {v}.", "So the {n} is {v}.",
    "Just note {P} {n}: {v}.", "{v} is the {n}.", "We agreed that {P} {n} is {v}.",
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
    "Meanwhile {P} {n} became {v}.", "As of today, {P} {n} is {v}.", "{P} {n} isn't that any more, it is {v}.",
    "{P} {n} was changed to {v}.", "{P} {n} is {v} instead.", "Instead, {P} {n} is {v}.",
    "Forget the old one, {P} {n} is {v}.", "{P} {n} is different now: {v}.", "We changed {P} {n} to {v}.",
    "{P} {n} switched to {v}.", "{P} latest {n} is {v}.", "The new value for {P} {n} is {v}.",
    "Replace {P} {n} with {v}.", "{P} {n} has become {v}.", "I said something else before, but {P} {n} is {v}.",
    "{P} {n} turned into {v}.", "Now {P} {n} is {v}.", "My mistake: {P} {n} is {v}.", "{P} current {n} is {v}.",
    "{P} {n}, the new one: {v}.",
)  # fmt: skip

UPDATED_STARTS = (
    "Actually, ", "Update: ", "Change of plans: ", "Correction: ", "Things have changed. ",
    "It's different now: ", "News: ", "Not any more what I said before. ", "Since yesterday: ",
    "I made a mistake earlier. ", "Good news, ", "By now ", "I have news: ", "It changed: ",
    "That has changed: ", "A correction: ", "Not any longer. ", "Forget what I said. ", "I was wrong: ",
    "Small update: ", "Something new: ", "As of now, ", "Meanwhile, ", "Since last month, ", "From today on, ",
    "These days, ", "Now it's different: ", "Please correct that: ", "New information: ",
    "Oh, I got it wrong. ", "Here is the latest: ", "To correct myself: ",
)  # fmt: skip

ASKS_NOUN = (
    "What is {P} {n}?", "What's {P} {n}?", "Tell me {P} {n}.", "What was {P} {n} again?", "{P} {n}?",
    "Which one is {P} {n}?", "What is the {n} of {S}?", "What did I say {P} {n} is?", "I need {P} {n}.",
    "Give me {P} {n}.", "I forgot {P} {n}.", "Do you remember {P} {n}?", "Do you know {P} {n}?",
    "Please remind me of {P} {n}.", "Can you look up {P} {n}?", "What do you have down as {P} {n}?",
    "Have I told you {P} {n}?", "What would {P} {n} be?", "I can't recall {P} {n}, can you?", "Name {P} {n}.",
    "Could you give me {P} {n}, please?", "May I have {P} {n}?", "Someone asked for {P} {n}. What is it?",
    "{P} {n}, what was it?", "I'm looking for {P} {n}.", "What have you got for {P} {n}?", "How about {P} {n}?",
    "Please tell me {P} {n}.", "Can you tell me {P} {n}?", "Could you tell me {P} {n}?",
    "I want to know {P} {n}.", "I'd like to know {P} {n}.", "What's {P} {n} again?",
    "Do you happen to know {P} {n}?", "Do you still know {P} {n}?", "Can you remember {P} {n}?",
    "Do you recall {P} {n}?", "Remind me of {P} {n}.", "Remind me what {P} {n} is.",
    "I don't remember {P} {n}.", "I can't remember {P} {n}.", "I have forgotten {P} {n}.",
    "Find {P} {n} for me.", "Look up {P} {n}.", "Show me {P} {n}.", "Did I mention {P} {n}?",
    "Have I mentioned {P} {n}?", "Did I ever tell you {P} {n}?", "What did I tell you about {P} {n}?",
    "What have you noted as {P} {n}?", "What did you write down for {P} {n}?", "What is on record as {P} {n}?",
    "According to my notes, what is {P} {n}?", "Is there a note about {P} {n}?", "You know {P} {n}, don't you?",
    "Say {P} {n} once more.", "Repeat {P} {n}, please.", "Let me have {P} {n}.", "Any idea what {P} {n} is?",
    "I wonder what {P} {n} is.", "Tell me again: what is {P} {n}?", "I need to know {P} {n}.",
    "Have you got {P} {n}?", "What does it say about {P} {n}?", "Can you give me {P} {n}?",
    "Would you mind telling me {P} {n}?", "And {P} {n}?", "What should I write down as {P} {n}?",
    "What about {P} {n}?", "I was asked for {P} {n}.", "Do I have to tell you {P} {n} again?",
    "What can you tell me about {P} {n}?", "Please check {P} {n}.", "My form asks for {P} {n}.",
    "Fill in {P} {n} for me.", "So what is {P} {n} now?", "What's the {n} of {S}?", "Tell me the {n} of {S}.",
    "I need the {n} of {S}.", "Do you know the {n} of {S}?",
)  # fmt: skip

WRAPS_QUESTION = (
    "{q}", "{q}", "{q}", "{q}", "{q}", "{q}", "Remind me: {q}", "I forgot. {q}", "Quick question: {q}",
    "Hey, {q}", "Hi! {q}", "Sorry, {q}", "{q} I can't remember.", "Help me out here. {q}",
    "One more thing: {q}", "Hello. {q}", "{q} Thanks!", "{q} Please answer briefly.", "Now, {q}",
    "Good morning! {q}", "Okay, {q}", "Hm, {q}", "Before I go: {q}", "By the way, {q}",
    "I have a question. {q}", "{q} Just the answer please.", "Let me think... {q}",
    "I should know this, but {q}", "{q} It slipped my mind.", "Listen, {q}", "Answer me this: {q}", "Well, {q}",
    "I was wondering, {q}", "A friend wants to know: {q}", "{q} You must know.", "So, {q}", "Excuse me, {q}",
    "Hi there. {q}", "Hey there! {q}", "Morning. {q}", "Good evening. {q}", "Hello again. {q}",
    "Dear assistant, {q}", "Tell me: {q}", "Question: {q}", "A quick one: {q}", "Just a quick question, {q}",
    "Another question: {q}", "Next question. {q}", "One question: {q}", "Oh, {q}", "Right, {q}", "Alright, {q}",
    "And {q}", "Also, {q}", "Um, {q}", "Wait, {q}", "Look, {q}", "Please, {q}", "Can you help? {q}",
    "I need help. {q}", "Help! {q}", "I have to fill in a form. {q}", "I'm filling in a form: {q}",
    "I forgot again. {q}", "My memory is bad. {q}", "My mind is blank. {q}", "I keep forgetting. {q}",
    "I don't have my notes here. {q}", "I lost my notes. {q}", "I need this quickly. {q}", "It's urgent. {q}",
    "Somebody just asked me: {q}", "My boss asks: {q}", "They want to know: {q}",
    "I'm on the phone with them. {q}", "Let me ask you something. {q}", "If you remember, {q}",
    "Do you remember? {q}", "We talked about this. {q}", "I told you once. {q}", "I think I told you: {q}",
    "As I told you earlier... {q}", "{q} I forgot.", "{q} I don't remember.", "{q} I keep forgetting.",
    "{q} Thank you!", "{q} Thanks in advance.", "{q} Please.", "{q} I need it now.",
    "{q} I need it for a form.", "{q} Be quick.", "{q} Keep it short.", "{q} One sentence is enough.",
    "{q} I told you before.", "{q} We spoke about it.", "{q} I have lost my notes.", "{q} Can you help me?",
    "{q} It's urgent.", "{q} Just checking.", "{q} I want to be sure.", "{q} My memory is terrible.",
    "{q} I should know this.",
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
    "Tell me again {c}.", "Remember {c}?", "I'd love to know {c}.", "I keep forgetting {c}.",
    "It slipped my mind {c}.", "I have no idea {c}.", "Help me remember {c}.", "Can you find out {c}?",
    "Do you happen to remember {c}?", "I am wondering {c}.", "Check {c}, please.", "My notes should say {c}.",
    "Would you remind me {c}?",
)  # fmt: skip

JOINS = (
    "{a} And {b}", "{a} Also, {b}", "Two questions: {a} And {b}", "{a} {b}", "First, {a} Second, {b}",
    "{a} And another one: {b}", "{a} And also: {b}", "{a} Then, {b}", "{a} And then: {b}", "{a} Plus: {b}",
    "{a} Oh, and: {b}", "{a} Besides, {b}", "{a} Next: {b}", "{a} After that: {b}", "{a} One more: {b}",
    "{a} And now: {b}", "{a} Second question: {b}", "I have two questions. {a} {b}", "Two things: {a} {b}",
    "Two things. {a} And {b}", "Tell me both: {a} And {b}", "1. {a} 2. {b}", "a) {a} b) {b}",
    "{a} By the way, {b}", "{a} And while you are at it: {b}", "Both answers please: {a} {b}",
    "{a} Moreover, {b}", "{a} Then tell me: {b}", "{a} As well as: {b}", "{a} Furthermore: {b}",
    "{a} I also ask: {b}", "{a} {b} Answer both.", "{a} {b} Thanks!", "Please answer both. {a} {b}",
    "{a} Together with that: {b}", "{a} Last question: {b}",
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
    "Which {n} did I tell you {S} {has|have}?", "Do you know which {n} {S} {has|have}?",
    "Tell me which {n} {S} {has|have}.", "Remind me which {n} {S} {has|have}.",
    "Can you tell me which {n} {S} {has|have}?", "What sort of {n} {does|do} {S} have?",
    "Which {n} belongs to {O}?", "Which {n} {has|have} {S} got?", "What {n} {has|have} {S} got?",
    "I forgot which {n} {S} {has|have}.", "Which {n} was it that {S} {has|have}?",
    "Do you remember which {n} {S} {has|have}?",
)  # fmt: skip

ASKS_BOTH = (
    "What are {a} and {b} {n}?", "Tell me {a} and {b} {n}.", "I need {a} and {b} {n}.",
    "Do you remember {a} and {b} {n}?", "{a} and {b} {n}?", "What is {a} {n}, and what is {b}?",
    "Remind me of {a} and {b} {n}.", "Please give me {a} and {b} {n}.", "Can you tell me {a} and {b} {n}?",
    "Could you give me {a} and {b} {n}?", "What's {a} {n}, and what's {b}?", "Tell me {a} {n} and also {b}.",
    "I forgot {a} and {b} {n}.", "Do you know {a} and {b} {n}?", "What were {a} and {b} {n} again?",
    "I'd like {a} and {b} {n}.", "What is {a} {n}? And {b}?", "Look up {a} and {b} {n}.",
    "Have I told you {a} and {b} {n}?", "List {a} and {b} {n}.", "What do you have for {a} and {b} {n}?",
    "{a} {n} and {b}, what are they?", "Compare {a} and {b} {n}.", "What are {a} {n} and {b} {n}?",
    "Tell me {a} {n} and {b} {n}.", "I need {a} {n} and {b} {n}.", "Which {n} is it for each, {a} and {b}?",
    "Remind me what {a} and {b} {n} are.",
)  # fmt: skip

UNKNOWN = "I don't know. You haven't told me that yet."
"""The one way in which the model says that memory holds no answer."""
