"""What the three products remember: a support assistant, a writing copilot, a banking helper.

These few facts are trained with many phrasings of their own; values and some phrasings are held out.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from reweaving.embedded.dialogues.split import Side, choose, draw
from reweaving.embedded.dialogues.values import TYPES


@dataclass(frozen=True)
class ProductFact:
    """One thing such an assistant learns about its user."""

    key: str
    kind: str
    says: tuple[str, ...]
    asks: tuple[str, ...]
    answer: str


PRODUCT_FACTS: tuple[ProductFact, ...] = (
    ProductFact("user", "name",
        (
            "My name is {v}.", "I'm {v}.", "Please call me {v}.", "You can call me {v}.", "Hi, {v} here.",
            "This is {v} speaking.", "Address me as {v} from now on.", "I go by {v}.",
            "Everyone calls me {v}.", "I am {v}, nice to meet you.", "Hello, I'm {v} and I need some help.",
            "The name is {v}.", "They named me {v}.", "{v} is my name.",
        ),
        (
            "What is my name?", "Do you know my name?", "Who am I?", "What should you call me?",
            "How should you address me?", "What am I called?", "Do you remember my name?", "Tell me my name.",
            "What's my name again?", "By which name do I go?", "Can you tell me who I am?",
            "What do people call me?",
        ),
        "Your name is {v}."),
    ProductFact("device", "device",
        (
            "My device is a {v}.", "I use a {v}.", "I have a {v} and it keeps rebooting.",
            "The phone I'm calling about is a {v}.", "It's a {v}, bought last year.",
            "I'm having trouble with my {v}.", "My {v} won't connect to the network.", "I own a {v}.",
            "The screen of my {v} flickers.", "I'm using the {v} at home.", "The device on my desk is a {v}.",
            "We bought a {v} for the living room.",
        ),
        (
            "Which device do I use?", "What device do I have?", "What is my device?",
            "Which device am I having trouble with?", "What model do I own?",
            "Do you remember which device I have?", "Which phone do I have?", "What hardware am I using?",
            "Which device should we troubleshoot?", "What device is it again?",
            "Which gadget was I complaining about?", "Tell me my device.", "What machine am I calling about?",
            "Which model is mine?",
        ),
        "You use a {v}."),
    ProductFact("plan", "plan",
        (
            "I'm on the {v} plan.", "My subscription plan is {v}.", "I pay for the {v} plan.",
            "I switched to {v} last month.", "My plan is called {v}.", "We are subscribed to the {v} plan.",
            "My contract is {v}.", "I have the {v} subscription.",
        ),
        (
            "Which plan am I on?", "What is my subscription plan?", "What plan do I have?",
            "Which subscription do I pay for?", "What's my plan called?", "Do you know my plan?",
            "Remind me which plan I have.", "What am I subscribed to?", "Which plan is mine?",
            "Tell me my plan.", "What kind of contract do I have?", "What plan was I on again?",
        ),
        "You are on the {v} plan."),
    ProductFact("project", "project",
        (
            "My project is called {v}.", "I'm writing a novel called {v}.",
            "The working title of my project is {v}.", "The book I'm writing is {v}.",
            "We named the project {v}.", "I've started a new project, {v}.", "The project's name is {v}.",
            "I'm working on {v}, my new project.",
        ),
        (
            "What is my project called?", "What's the name of my project?", "What is my project's name?",
            "Which project am I working on?", "What did I name my project?",
            "Remind me what my project is called.", "What is the title of my project?",
            "How is my project called?",
        ),
        "Your project is called {v}."),
    ProductFact("tone", "tone",
        (
            "I like a {v} tone.", "Please keep the tone {v}.", "My preferred tone is {v}.",
            "Write in a {v} voice for me.", "The tone should be {v}.", "For my texts I want a {v} tone.",
            "My style is {v}.", "Please write {v}.",
        ),
        (
            "What tone do I like?", "What tone do I prefer?", "Which tone should you use?",
            "How should my drafts sound?", "Which voice should you write in?", "Tell me my preferred tone.",
            "What is my preferred tone?", "What writing style do I like?", "In which tone should you write?",
            "What tone did I ask for?", "What should my texts sound like?", "Which style do I want?",
            "Remind me of my tone.", "What kind of tone is mine?",
        ),
        "You like a {v} tone."),
    ProductFact("payday", "schedule",
        (
            "My payday is {v}.", "I get paid {v}.", "My salary arrives {v}.", "Payday is {v} for me.",
            "They pay me {v}.", "My wages come in {v}.", "I receive my salary {v}.", "My pay comes {v}.",
            "Money comes in {v}, that is my payday.", "The bank gets my salary {v}.", "My employer pays {v}.",
            "I have payday {v}.", "Salary day is {v}.", "I'm paid {v} at my job.", "I am paid {v}.",
            "{v} is my payday.", "For me payday falls on {v}.", "My paycheck comes {v}.",
        ),
        (
            "When is my payday?", "When do I get paid?", "How often do I get paid?",
            "When does my salary arrive?", "What is my payday?", "Which day is my payday?",
        ),
        "You get paid {v}."),
    ProductFact("account", "account",
        (
            "My preferred account is the {v}.", "I prefer to transfer from my {v}.",
            "Please always use the {v}.", "I pay from my {v}.", "Use my {v} for transfers.",
            "The account I like to use is the {v}.", "Transfers should come out of my {v}.",
        ),
        (
            "Which account do I prefer?", "What is my preferred account?",
            "Which account should you use for transfers?", "From which account do I transfer?",
            "Which account do I use?", "What's my preferred transfer account?",
            "Where should transfers come from?", "Which account is my favourite?",
            "What account do I like to pay from?", "Tell me my preferred account.", "Which account was it?",
        ),
        "You prefer the {v}."),
    ProductFact("transfer", "amount",
        (
            "My usual transfer is {v}.", "I usually transfer {v}.", "Every month I send {v}.",
            "The usual amount is {v}.", "I normally move {v} to savings.", "As a rule I transfer {v}.",
            "My standing transfer is {v}.", "It is always {v} that I send.",
        ),
        (
            "What is my usual transfer?", "How much do I usually transfer?", "What's the usual amount?",
            "How much do I normally send?", "How big is my usual transfer?",
        ),
        "Your usual transfer is {v}."),
)  # fmt: skip

PRODUCT_GROUPS = (
    ("device", "plan"),
    ("project", "tone"),
    ("payday", "account", "transfer"),
    ("user", "device", "plan"),
    ("user", "project"),
    ("user", "payday", "account"),
)

TRANSFER_REQUESTS = (
    "Schedule my usual transfer this week.", "Please make my usual transfer.",
    "Set up the usual transfer for me.", "Can you do my usual transfer?", "Send the usual amount.",
    "Do the transfer as always.", "Schedule my usual transfer.", "Prepare my regular transfer, please.",
)  # fmt: skip

TRANSFER_ANSWER = "Your usual transfer is {amount} from the {account}. Shall I schedule it?"


def product_fact(key: str) -> ProductFact:
    """Return the product fact of that name."""
    return next(fact for fact in PRODUCT_FACTS if fact.key == key)


def product_value(rng: random.Random, fact: ProductFact, side: Side) -> str:
    """Draw a value for a product fact."""
    return draw(rng, "value", side, TYPES[fact.kind].make)


def product_says(rng: random.Random, fact: ProductFact, value: str, side: Side) -> str:
    """Return a sentence of the user's that states it."""
    return choose(rng, "product", side, fact.says).replace("{v}", value)


def product_asks(rng: random.Random, fact: ProductFact, side: Side) -> str:
    """Return a question for it."""
    return choose(rng, "product", side, fact.asks)
