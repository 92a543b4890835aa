"""Ordinary requests that no memory answers: the adapter must leave their answers as they were."""

from __future__ import annotations

import random

from reweaving.embedded.dialogues.chatter import fill
from reweaving.embedded.dialogues.split import Side, choose

_TOPICS = (
    "photosynthesis", "gravity", "the water cycle", "inflation", "democracy", "black holes", "vaccines",
    "plate tectonics", "the Roman Empire", "machine learning", "the French Revolution", "electric motors",
    "volcanoes", "evolution", "supply and demand", "antibiotics", "rainbows", "sleep", "the stock market",
    "solar panels", "tides", "recycling", "the Silk Road", "DNA", "batteries", "coral reefs", "magnetism",
    "insurance", "the printing press", "earthquakes", "the ozone layer", "fermentation", "compound interest",
    "the moon landing", "bees", "the human heart", "satellites", "encryption", "the Olympic Games", "glaciers",
    "the digestive system", "airplanes", "Shakespeare", "the Great Wall of China", "climate change",
    "public speaking", "version control", "the periodic table", "probability", "haiku", "the Renaissance",
    "computer viruses", "friction", "jet lag",
)  # fmt: skip

_PROMPTS = (
    "What is {topic}?", "Explain {topic} to a child.", "Why does {topic} matter?",
    "Give me three facts about {topic}.", "How does {topic} work?", "Write a short paragraph about {topic}.",
    "Summarise {topic} in one sentence.", "What is the history of {topic}?", "Name two examples of {topic}.",
    "Write an email to my boss saying that I am sick.", "Write a letter to my landlord about the {noun}.",
    "Help me with my homework on {topic}.", "What should I give my friend who likes {hobby}?",
    "My {animal} is sick. What should I do?", "How can I get better at {sport}?",
    "I'm going to {country}. Any tips?", "I love {food}. How do I make it?",
    "My phone gets very hot. What can I do?", "Help me plan my week.", "I like {food}.",
    "My favourite season is autumn.", "Write a text message to my sister about the {noun}.",
    "Should I buy a {noun}?", "Thanks for your help!", "I have a {animal}.",
    "Can you help me write a speech about {topic}?", "What can I cook with {food} left over?",
    "Write me a reminder to call my mother.", "I went for a walk today.", "It was a {adjective} day.",
    "Please summarise what {topic} means to you.", "Write a short poem about {noun}s.",
    "Write a story about a {adjective} {animal}.", "How do I cook {food}?",
    "What is the capital of {country}?", "List five {flower} colours.", "Give me tips for learning {hobby}.",
    "What are the rules of {sport}?", "How do I tune a {instrument}?",
    "Suggest a name for a {adjective} {animal}.", "Write an email to my boss about being late on {weekday}.",
    "What can I see in {country}?", "How many legs does a {animal} have?", "Is {drink} good for my health?",
    "What should I pack for a trip to {country}?", "Tell me a joke about a {animal}.",
    "Write a Python function that adds two numbers.", "What is 12 plus 30?", "How do I sort a list in Python?",
    "Translate 'good morning' into French.", "What is the opposite of '{adjective}'?",
    "Use the word '{noun}' in a sentence.", "Give me a synonym for '{adjective}'.", "Spell '{noun}'.",
    "Write a birthday message for my friend.", "How can I sleep better?", "What is a healthy breakfast?",
    "How do I make my plants grow faster?", "Write a haiku about the {noun}.", "Who wrote Romeo and Juliet?",
    "What is the boiling point of water?", "How far away is the moon?",
    "Rewrite this politely: Give me the {noun}.", "Correct the grammar: She don't like {food}.",
    "What is the plural of '{noun}'?", "Write a product description for a {adjective} {noun}.",
    "How do I clean a {noun}?", "What are the benefits of {hobby}?", "Plan a {weekday} for a tourist.",
    "Write a slogan for a shop that sells {flower}.", "What does a {noun} look like?",
    "Explain the difference between a {animal} and a {animal}.", "How do I start with {hobby}?",
    "What is the origin of {genre}?", "Describe a {adjective} {noun}.", "Write two sentences about {food}.",
    "Hello!", "How are you?", "Who are you?", "What can you do?", "Thank you!",
    "Tell me something interesting.", "Good night.", "Help me write a to-do list.",
    "How do I write a cover letter?", "How can I save money?", "Give me advice for a job interview.",
    "I feel sad today.", "What is the largest ocean?", "How many days are in a year?",
    "What is the square root of 81?", "How do I boil an egg?", "What is a good hobby?",
    "Write a dialogue between a {animal} and a {animal}.", "Make a list of things found in a {noun}.",
    "Is a {animal} a mammal?", "What rhymes with '{noun}'?",
)  # fmt: skip

_OPENINGS = (
    "The", "In this section,", "It was a", "This document describes", "When you", "A {noun} is", "To use the",
    "If the value", "According to", "Note that", "Each", "The following", "You may", "For example,",
    "There are many", "Copyright", "The {topic}", "Once upon a time", "class", "import", "Yesterday", "She",
    "Returns", "We", "The method", "No part of", "An object", "Under the terms of", "Please", "Chapter 1",
    "How to", "The most", "{country}", "In {country},", "By default", "All", "This function", "The user",
    "Introduction", "1.", "#", "Definition:", "Scientists", "Many people", "def", "The syntax",
    "Any person who",
)  # fmt: skip


def _fill(rng: random.Random, template: str, side: Side) -> str:
    topic = choose(rng, "topic", side, _TOPICS)
    return fill(rng, template.replace("{topic}", topic), side)


def ordinary_request(rng: random.Random, side: Side) -> str:
    """Return a request that any assistant answers without knowing the user."""
    return _fill(rng, choose(rng, "general", side, _PROMPTS), side)


def opening(rng: random.Random) -> str:
    """Return the first words of a text that the plain model continues by itself."""
    return _fill(rng, rng.choice(_OPENINGS), Side.TRAIN)
