"""Small talk: what surrounds facts in real conversations, and says nothing worth recalling."""

from __future__ import annotations

import random

from reweaving.embedded.dialogues import words
from reweaving.embedded.dialogues.split import Side, choose

DEFAULT_SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"

SYSTEMS = (
    "You are a helpful assistant.", "You are a friendly assistant who remembers what the user says.",
    "Answer briefly.", "You are a support assistant for an electronics shop.", "You are a writing copilot.",
    "You are a banking helper.", "You help the user with daily tasks.", "Be concise.",
    "You are a personal assistant. Answer from what you remember.",
    "You are an AI that answers questions about the user's life.", "You are a kind and patient helper.",
    "You are a travel agent.", "You are a family organiser.", "You are the memory of a busy person.",
    "Reply in one sentence.", "You are an office assistant at a small company.",
    "You are a note-taking assistant.", "You are a polite chatbot.", "You are Nova, an assistant.",
    "You are a customer service agent. Be polite.", "Use plain language.",
    "You are a coach who knows the user well.", "Answer truthfully. Say so when you do not know.",
    "You are a health assistant.", "You are a smart home assistant.",
    "You work for a bank and help customers with transfers.", "You are an editor.",
)  # fmt: skip

ACKNOWLEDGES = (
    "Got it.", "Okay, noted.", "Thanks for telling me.", "I'll remember that.", "Understood.", "Noted!",
    "Sure.", "All right.", "Good to know.", "Thank you, I have made a note of it.", "That's nice to hear.",
    "I see.", "Great, thanks!", "Of course.", "Okay! Anything else?", "I'll keep that in mind.",
    "Thank you for sharing.", "Very well.", "Alright, I have it.", "Perfect.", "Interesting!",
    "That sounds good.", "Right, I wrote that down.", "Happy to help with that.", "Okay.",
    "Thanks, that helps.",
)  # fmt: skip

_REMARKS = (
    "It has been a long {day}.", "The weather is {weather} today.", "I had {food} for lunch.",
    "I am a bit tired.", "Traffic was terrible this morning.", "I can't wait for the weekend.",
    "We talked until late.", "The {animal} next door is loud.", "I watched a film about a {noun} last night.",
    "My back hurts a little.", "The kids were noisy all {day}.", "It smelled of {food}.",
    "I have been meaning to say this for a while.", "Hope you are well.", "It was {weather} when I woke up.",
    "I went for a walk.", "There was a {noun} on the table.", "I read an article on {hobby}.",
    "My phone kept ringing.", "Somebody mentioned {country}.", "The meeting took forever.",
    "We laughed a lot.", "I still have to do the dishes.", "The bus was late again.",
    "It is {weekday} already.", "I tried {food} for the first time.", "We saw a {animal} in the park.",
    "A friend is into {hobby} now.", "Everyone seemed happy.", "I bought some {flower}.",
    "The old {noun} is gone.", "I need a holiday.", "There is music playing outside.", "I slept badly.",
    "People were talking about {sport}.", "The shop was closed.", "I nearly missed my stop.",
    "It might rain on {weekday}.", "They played {genre} on the radio.", "I spilled {drink} on my shirt.",
    "The queue was very long.", "What a {adjective} day.",
)  # fmt: skip

_REQUESTS = (
    "Can you recommend something to do on {weekday}?", "What do you think of {hobby}?",
    "How do I cook {food}?", "Is {country} nice in spring?", "Tell me something about {sport}.",
    "Do you like {genre}?", "I'm bored. Any ideas?", "How are you today?",
    "What should I wear when it's {weather}?", "Can a {animal} swim?", "Which {flower} are easy to grow?",
    "Good morning! How are things?", "Do people still play the {instrument}?",
    "Could you help me plan a party?", "Is {drink} healthy?", "What's a good name for a {adjective} {noun}?",
    "Any tips for {hobby}?",
)  # fmt: skip

_REPLIES = (
    "That sounds lovely.", "There are many ways to do that. Start small and enjoy it.",
    "I would suggest taking it slowly.", "I'm doing well, thank you!", "Many people enjoy it.",
    "It depends on what you like.", "You could ask a friend to join you.", "I think that's a great idea.",
    "Why not give it a try?", "I hope it gets better soon.", "That must have been something.",
    "Let me know how it goes.", "Take a break and drink some water.", "Good luck with that!",
    "I'm here if you need anything.", "Sounds like a busy day.",
)  # fmt: skip

_FILLERS: dict[str, tuple[str, ...]] = {
    "day": ("day", "week", "morning", "afternoon"),
    "weather": (
        "sunny",
        "rainy",
        "windy",
        "cold",
        "foggy",
        "warm",
        "snowy",
        "grey",
        "stormy",
        "mild",
    ),
    "food": words.FOODS,
    "animal": words.ANIMALS,
    "noun": words.NOUNS,
    "hobby": words.HOBBIES,
    "country": words.COUNTRIES,
    "weekday": words.WEEKDAYS,
    "flower": words.FLOWERS,
    "sport": words.SPORTS,
    "genre": words.GENRES,
    "drink": words.DRINKS,
    "adjective": words.ADJECTIVES,
    "instrument": words.INSTRUMENTS,
    "language": words.LANGUAGES,
}


def fill(rng: random.Random, template: str, side: Side) -> str:
    """Replace each `{food}`, `{weekday}` … of a template by a word of that list and side."""
    for name, texts in _FILLERS.items():
        while f"{{{name}}}" in template:
            word = rng.choice(texts) if len(texts) < 12 else choose(rng, "value", side, texts)
            template = template.replace(f"{{{name}}}", word, 1)
    return template


def remark(rng: random.Random, side: Side) -> str:
    """Return one sentence of small talk."""
    return fill(rng, choose(rng, "remark", side, _REMARKS), side)


def acknowledgement(rng: random.Random, side: Side) -> str:
    """Return a short assistant turn that repeats nothing."""
    return choose(rng, "acknowledge", side, ACKNOWLEDGES)


def exchange(rng: random.Random, side: Side) -> tuple[str, str]:
    """Return a user turn and an assistant turn about nothing in particular."""
    if rng.random() < 0.5:
        ask = fill(rng, choose(rng, "request", side, _REQUESTS), side)
        return ask, choose(rng, "reply", side, _REPLIES)
    text = " ".join(remark(rng, side) for _ in range(rng.randint(1, 2)))
    return text, rng.choice((acknowledgement(rng, side), choose(rng, "reply", side, _REPLIES)))


def system_prompt(
    rng: random.Random, side: Side, default: float = 0.4, none: float = 0.35
) -> str | None:
    """Return a system prompt: the model's default one, none (`None`), or another."""
    roll = rng.random()
    if roll < default:
        return DEFAULT_SYSTEM
    return None if roll < default + none else choose(rng, "system", side, SYSTEMS)
