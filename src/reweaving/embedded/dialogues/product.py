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
            "Everyone calls me {v}.",
            "I am {v}, nice to meet you.", "Hello, I'm {v} and I need some help.", "{v} is my name.",
            "Hi, my name is {v}.", "It's {v} again.", "You are talking to {v}.", "The name is {v}.",
            "People call me {v}.",
            "This is {v}.", "My friends call me {v}.",
        ),
        (
            "What is my name?", "Do you know my name?", "Who am I?", "What should you call me?",
            "How should you address me?", "What am I called?", "Do you remember my name?", "Tell me my name.",
            "What's my name again?", "Can you tell me who I am?",
            "What do people call me?", "Say my name.", "My name, please?", "What name did I give you?",
            "Which name should you use for me?", "Have I told you my name?", "Do you know who I am?",
            "Remind me what I am called.", "What name do I go by?", "Whom are you talking to?",
            "Do you have my name?", "Which name did I tell you?", "How am I called?", "What was my name?",
            "You know my name, right?", "Please say my name.", "What is the name I gave you?",
            "Do you recall my name?", "May I ask what my name is?",
        ),
        "Your name is {v}."),
    ProductFact("device", "device",
        (
            "My device is a {v}.", "I use a {v}.", "I have a {v} and it keeps rebooting.",
            "The phone I'm calling about is a {v}.",
            "I'm having trouble with my {v}.", "My {v} won't connect to the network.", "I own a {v}.",
            "The screen of my {v} flickers.", "I'm using the {v} at home.", "The device on my desk is a {v}.",
                        "My {v} broke down.", "The {v} I bought does not start.",
            "My phone is a {v}.", "My {v} is slow.",
            "I need help with my {v}.", "The battery of my {v} dies quickly.",
            "I bought a {v} in spring.", "My old phone is gone, I have a {v} now.",
            "The one that needs repair is my {v}.", "I can't turn on my {v}.",
            "There is a problem with the {v} I own.",
        ),
        (
            "Which device do I use?", "What device do I have?", "What is my device?",
            "Which device am I having trouble with?", "What model do I own?",
            "Do you remember which device I have?", "What hardware am I using?",
            "Which device should we troubleshoot?", "What device is it again?",
            "Tell me my device.", "Which model is mine?", "Which gadget do I own?",
            "What are we troubleshooting?", "Which device needs fixing?", "Which device is broken?",
            "What did I say my device was?", "What is the model of my device?", "Which device is this about?",
            "Which device did I buy?", "What kind of device do I have?",
            "Name my device.", "What hardware do I have?", "Which machine do I use?",
            "Which device gives me trouble?",
            "What is the name of my device?", "Do you know my device?", "My device, which one is it?",
            "Have I told you which device I own?", "What device did I mention?", "Which product do I have?",
            "Which device did I tell you about?", "What am I using?",
            "What is the thing that I need help with?", "Which of my things is broken?",
            "What do you know about my device?", "What is the model?",
            "Which model do I use?", "Remind me which device I use.",
            "What is it that I need repaired?", "Which device are we talking about?",
            "What device needs help?",
        ),
        "You use a {v}."),
    ProductFact("plan", "plan",
        (
            "I'm on the {v} plan.", "My subscription plan is {v}.", "I pay for the {v} plan.",
            "I switched to {v} last month.", "My plan is called {v}.", "We are subscribed to the {v} plan.",
            "My contract is {v}.", "I have the {v} subscription.", "I'm subscribed to {v}.",
            "I signed up for {v}.", "The plan I pay for is {v}.",
            "My service plan is {v}.", "I have been on {v} for years.", "They put me on the {v} plan.",
            "I took the {v} plan.", "I chose {v} when I signed up.", "Our plan is {v}.", "My tariff is {v}.",
            "I'm a {v} customer.", "My bill says {v}.",
        ),
        (
            "Which plan am I on?", "What is my subscription plan?", "What plan do I have?",
            "Which subscription do I pay for?", "What's my plan called?", "Do you know my plan?",
            "Remind me which plan I have.", "What am I subscribed to?", "Which plan is mine?",
            "Tell me my plan.", "What kind of contract do I have?", "What plan was I on again?",
            "Which contract do I have?", "What contract am I on?", "What sort of plan do I have?",
            "What kind of plan is mine?",             "What am I signed up for?", "What did I subscribe to?",
            "What is my contract?", "What is my plan?", "Name my plan.", "My plan, which one is it?",
            "Have I told you my plan?", "What kind of subscription do I have?", "Which package did I take?",
            "Which plan did I choose?", "Do you remember my subscription?", "How is my plan called?",
            "Which plan do I pay for?", "What do I subscribe to?", "Which tariff am I on?",
            "What is my tariff?", "On which plan am I?", "What plan do I pay for?",
            "Which subscription is mine?", "What is the name of my plan?", "Tell me what I am subscribed to.",
            "Remind me of my plan.", "Which plan did I tell you about?", "What plan did I sign up for?",
            "What package do I have?",
        ),
        "You are on the {v} plan."),
    ProductFact("project", "project",
        (
            "My project is called {v}.", "I'm writing a novel called {v}.",
            "The working title of my project is {v}.", "The book I'm writing is {v}.",
            "We named the project {v}.", "I've started a new project, {v}.", "The project's name is {v}.",
            "I'm working on {v}, my new project.", "My new project is {v}.", "I call my project {v}.",
            "Let's name the project {v}.", "The name of my book is {v}.", "My novel is called {v}.",
            "The project goes by {v}.", "{v} is the name of my project.",
        ),
        (
            "What is my project called?", "What's the name of my project?", "What is my project's name?",
            "Which project am I working on?", "What did I name my project?",
            "Remind me what my project is called.", "What is the title of my project?",
            "How is my project called?", "What am I working on?",
            "What is the working title?", "Which title did I choose?",
            "What do I call my project?", "Tell me the name of my project.", "Name my project.",
            "Do you know my project's name?", "Have I told you what my project is called?",
            "Under which name does my project run?", "What is the project's title?",
            "Which name does my project have?",
            "Which project did I mention?", "What is the project called?",
            "Tell me what my project is called.",
            "What's my project called again?",
            "How did I name the project?", "I forgot the name of my project.",
        ),
        "Your project is called {v}."),
    ProductFact("tone", "tone",
        (
            "I like a {v} tone.", "Please keep the tone {v}.", "My preferred tone is {v}.",
            "Write in a {v} voice for me.", "The tone should be {v}.", "For my texts I want a {v} tone.",
            "My style is {v}.", "Please write {v}.", "Keep it {v}.", "I want you to sound {v}.",
            "Make it {v}, always.", "My texts should be {v}.", "I prefer a {v} style.",
            "The voice I like is {v}.", "Let the tone be {v}.", "Use a {v} tone with me.",
            "I want my drafts {v}.", "The style I like is {v}.", "Sound {v}, please.", "I enjoy a {v} voice.",
            "My readers want it {v}.",
        ),
        (
            "What tone do I like?", "What tone do I prefer?", "Which tone should you use?",
            "How should my drafts sound?", "Which voice should you write in?", "Tell me my preferred tone.",
            "What is my preferred tone?", "What writing style do I like?", "In which tone should you write?",
            "What tone did I ask for?", "What should my texts sound like?", "Which style do I want?",
            "Remind me of my tone.", "What kind of tone is mine?", "What is my style?",
            "How do I want you to write?", "How should you write for me?", "How do I like my texts?",
            "What voice do I prefer?", "What should the tone be?", "Name my tone.",
            "Do you remember the tone I like?", "In what style should you write?",
            "How should the text sound?",
            "Which tone did I choose?", "What is the tone of my texts?", "Have I told you my tone?",
            "What kind of voice do I like?", "How should you sound?", "What tone do I want?",
            "Which tone do I like best?", "What style do I prefer?", "How do I like it written?",
            "What is the tone I like?", "Tell me the tone I want.", "Which voice do I like?",
            "What is my favourite tone?", "How should my texts sound?", "What tone should my drafts have?",
        ),
        "You like a {v} tone."),
    ProductFact("payday", "schedule",
        (
            "My payday is {v}.", "I get paid {v}.", "My salary arrives {v}.", "Payday is {v} for me.",
            "They pay me {v}.", "My wages come in {v}.", "I receive my salary {v}.", "My pay comes {v}.",
            "The bank gets my salary {v}.", "My employer pays {v}.",
            "I have payday {v}.", "Salary day is {v}.", "I'm paid {v} at my job.", "I am paid {v}.",
            "Money comes in {v}.", "My salary is paid {v}.", "My boss pays us {v}.", "We get our wages {v}.",
            "Wages arrive {v}.",
            "{v} is my payday.", "My paycheck comes {v}.",
        ),
        (
            "When is my payday?", "When do I get paid?", "How often do I get paid?",
            "When does my salary arrive?", "What is my payday?", "Which day is my payday?",
            "On which day do I get paid?", "When does my pay come?", "When do I receive my wages?",
            "When is salary day?", "When does the money come in?", "What day do I get paid?",
            "When will I be paid?", "My payday is when?", "Do you know my payday?",
            "Have I told you when I get paid?", "When do they pay me?", "Remind me when I get paid.",
            "When does my paycheck arrive?", "Tell me my payday.", "When is the day I get paid?",
            "What is the date of my payday?", "When do my wages come?", "How often does my pay arrive?",
            "When is my salary paid?", "When can I expect my salary?", "What day is payday?",
            "When is payday?", "When does my employer pay me?", "My salary comes when?",
            "Is my payday soon? When is it?", "On what day is my payday?", "When do I receive my pay?",
            "I forgot when I get paid.",
        ),
        "You get paid {v}."),
    ProductFact("account", "account",
        (
            "My preferred account is the {v}.", "I prefer to transfer from my {v}.",
            "Please always use the {v}.", "I pay from my {v}.", "The account I like to use is the {v}.",
            "Transfers should come out of my {v}.",
            "My default account is the {v}.", "I always pay with my {v}.",
            "Money should leave my {v}.", "Take it from my {v} as always.", "My {v} is the one I use.",
            "When I pay, I use my {v}.", "For transfers I use the {v}.", "I like my {v} best.",
            "My favourite account is the {v}.",
        ),
        (
            "Which account do I prefer?", "What is my preferred account?",
            "Which account should you use for transfers?", "From which account do I transfer?",
            "Which account do I use?", "What's my preferred transfer account?",
            "Where should transfers come from?", "Which account is my favourite?",
            "What account do I like to pay from?", "Tell me my preferred account.", "Which account was it?",
            "From which account do I pay?", "Which account do I pay from?", "What account should you use?",
            "What is my default account?", "Which account is the one I like?",
            "Where should the money come from?", "Which account do I want to use?",
            "Name my preferred account.", "Do you know my preferred account?",
            "What account do I prefer?", "Which account is preferred?",
            "Have I told you which account I prefer?", "Remind me which account I use.",
            "Which account do I transfer from?", "What is the account I like to use?",
            "Which of my accounts should be used?", "Which account should the money leave?",
            "Which account did I choose?", "What account is it that I prefer?", "Where do I pay from?",
            "Which is my default account?", "What account do I use?", "Which account would I like to use?",
            "I forgot which account I prefer.", "Which account did I tell you to use?",
        ),
        "You prefer the {v}."),
    ProductFact("transfer", "amount",
        (
            "My usual transfer is {v}.", "I usually transfer {v}.", "Every month I send {v}.",
            "I normally move {v} to savings.", "As a rule I transfer {v}.",
            "My standing transfer is {v}.", "I always send {v}.",
            "My regular transfer is {v}.", "The amount I transfer is {v}.", "I move {v} every month.",
            "Each time I send {v}.", "What I send is always {v}.", "It is {v} that I transfer every month.",
            "I transfer {v} as usual.", "My monthly transfer is {v}.", "The usual amount is {v}.",
        ),
        (
            "What is my usual transfer?", "How much do I usually transfer?", "What's the usual amount?",
            "How much do I normally send?", "How big is my usual transfer?", "What amount do I usually send?",
            "What is the usual transfer?", "How much do I send every month?", "What amount do I transfer?",
            "What do I usually transfer?", "How much is my regular transfer?", "What is my regular transfer?",
            "How much do I move each month?", "Tell me my usual transfer.",
            "Remind me how much I usually send.", "My usual transfer is how much?",
            "How high is my usual transfer?", "How much do I transfer each month?",
            "What sum do I usually send?", "What is the amount of my usual transfer?",
            "How much is it that I usually send?", "How much do I always transfer?",
            "What do I send each month?", "How much money do I usually move?", "What is my standing transfer?",
            "Which amount do I usually transfer?", "I forgot my usual transfer.",
            "How much is my usual transfer?",
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
    "Make the usual transfer.", "Please schedule the transfer I always make.", "Do my usual transfer today.",
    "Transfer the usual amount.", "Set up my regular transfer.", "Schedule the usual transfer for tomorrow.",
    "Can you send the usual amount?", "Please transfer as usual.", "I'd like to make my usual transfer.",
    "Time for my usual transfer.", "Arrange my usual transfer.", "Get my usual transfer ready.",
    "Could you schedule my usual transfer?", "Please prepare the transfer as always.",
    "Book my usual transfer for this week.", "Make my regular payment.",
    "Schedule a transfer, the usual one.",
    "Repeat my usual transfer.", "Do the usual transfer.", "Send my usual transfer.",
    "Start my usual transfer.",
    "I want to make my usual transfer.", "Please send the usual amount today.", "The usual transfer, please.",
    "Make the transfer I always make.", "Transfer the amount I always send.",
    "Can you make the usual transfer?",
    "Let's do my usual transfer.", "Could you make my regular transfer?", "Prepare the usual amount.",
    "Same transfer as always.", "Please do the transfer I usually do.", "I need my usual transfer done.",
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
