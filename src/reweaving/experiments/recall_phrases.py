"""The sentences of which the histories that measure recall are made."""

from __future__ import annotations

# Words of one kind, separated by blanks.
NAMES = (
    "Ann Ben Clara David Elena Felix Greta Hugo Iris Jonas Katya Leo Mira Nils Olga Pavel Quinn "
    "Rosa Sven Tara Umar Vera Walt Xenia Yusuf Zoe Amara Boris Celia Dario Edith Farid Gwen "
    "Hamid Ines Jamal Kiran Lotte Marek Nadia Oscar Petra Rufus Saskia Tomas Ursula Viktor "
    "Wanda Yara Zeno"
)
SYLLABLES = "ba co du fe gi hu ja ke li mo na po qui ra sha te u vi wo xa yo zi tor lan mek dra"
COLOURS = "crimson teal amber violet olive ivory maroon indigo coral khaki turquoise beige"
MONTHS = "January February March April May June July August September October November December"
FOODS = "mango lentils sushi pumpkin walnuts gnocchi kimchi apricots couscous radishes falafel"
JOBS = "plumber dentist librarian beekeeper surveyor florist welder notary chemist tailor baker"

# attribute: (ways to state it, ways to ask for it, maker of values)
ATTRIBUTES: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "dog": (
        ("{n} has a dog called {v}.", "The dog that {n} walks every morning is named {v}."),
        ("What is the name of {n}'s dog?", "How is {n}'s dog called?"),
        "word",
    ),
    "car": (
        ("{n} drives a {v} car these days.", "{n} bought a car, and it is {v}."),
        ("What colour is {n}'s car?", "Which colour does the car of {n} have?"),
        "colour",
    ),
    "birthday": (
        ("{n}'s birthday is on {v}.", "{n} celebrates a birthday every {v}."),
        ("When is {n}'s birthday?", "On which date was {n} born?"),
        "date",
    ),
    "city": (
        ("{n} moved to a town called {v}.", "These days {n} lives in {v}."),
        ("Where does {n} live?", "Which town did {n} move to?"),
        "word",
    ),
    "job": (
        ("{n} works as a {v}.", "{n} earns a living as a {v}."),
        ("What is {n}'s job?", "What does {n} do for a living?"),
        "job",
    ),
    "code": (
        ("The code of {n}'s locker is {v}.", "{n} opens the locker with {v}."),
        ("What is the code of {n}'s locker?", "Which number opens {n}'s locker?"),
        "number",
    ),
    "food": (
        ("{n} cannot stop eating {v}.", "{n}'s favourite food is {v}."),
        ("What is {n}'s favourite food?", "What does {n} like to eat most?"),
        "food",
    ),
    "project": (
        ("{n} leads a project named {v}.", "At work {n} spends all day on project {v}."),
        ("What is {n}'s project called?", "Which project does {n} lead?"),
        "word",
    ),
    "rent": (
        ("{n} pays {v} dollars of rent.", "The rent of {n}'s flat is {v} dollars a month."),
        ("How much rent does {n} pay?", "How many dollars is {n}'s rent?"),
        "number",
    ),
    "doctor": (
        ("{n} sees a doctor called Dr. {v}.", "{n}'s doctor is Dr. {v}."),
        ("Who is {n}'s doctor?", "Which doctor does {n} see?"),
        "word",
    ),
    "phone": (
        ("{n} carries a {v} phone.", "{n}'s new phone comes in {v}."),
        ("What colour is {n}'s phone?", "Which colour did {n} choose for the phone?"),
        "colour",
    ),
    "wedding": (
        ("{n} will marry on {v}.", "The wedding of {n} takes place on {v}."),
        ("When does {n} marry?", "On which day is {n}'s wedding?"),
        "date",
    ),
}

CHATTER = (
    ("It has been raining here since the morning.", "I hope that it clears up soon."),
    (
        "I slept badly, the neighbours had a party.",
        "That sounds tiring. Try to rest a little today.",
    ),
    (
        "Do you know a good way to cook rice?",
        "Rinse it, use twice as much water, and keep the lid on.",
    ),
    (
        "My train was late again, half an hour this time.",
        "That is annoying, I am sorry to hear it.",
    ),
    ("I am thinking of painting the kitchen.", "A light colour would make it look larger."),
    ("The garden needs so much work in spring.", "Start with the beds, the lawn can wait."),
    ("I watched a film about the sea last night.", "How lovely. Did you enjoy it?"),
    (
        "Could you remind me to drink more water?",
        "Gladly. A glass every two hours is a good start.",
    ),
    ("The bakery on the corner has closed down.", "What a pity, small shops have a hard time."),
    ("I went running for the first time in months.", "Well done! Take it slowly at the beginning."),
    ("My printer makes a strange noise.", "Check for a piece of paper that is stuck in the tray."),
    ("I finished the book that you recommended.", "Great, I am glad that you liked it."),
)
LEADS = ("", "By the way, ", "You should know: ", "I heard something. ", "Please keep in mind: ")
ACKS = ("Thanks, I will remember that.", "Got it.", "Good to know, I noted it.", "Understood.")

# About whoever is talking: (a way to state it, ways to ask for it, maker of values).
OWN: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("My payday is {v}.", ("When do I get paid?", "On which date is my payday?"), "date"),
    ("My laptop is a {v}.", ("Which laptop do I use?", "What computer do I have?"), "word"),
    ("I am allergic to {v}.", ("What am I allergic to?", "Which food must I avoid?"), "food"),
    (
        "The novel I am writing is called {v}.",
        ("What is the title of my novel?", "How is my book called?"),
        "word",
    ),
    (
        "I prefer to pay bills from the {v} account.",
        ("Which account do I pay bills from?", "Which account do I prefer?"),
        "colour",
    ),
    ("My flight goes to {v}.", ("Where am I flying to?", "Where does my flight go?"), "word"),
    (
        "I have a sister, her name is {v}.",
        ("What is my sister's name?", "How is my sister called?"),
        "word",
    ),
    (
        "The alarm of my house has the code {v}.",
        ("What is my alarm code?", "Which number turns off the alarm?"),
        "number",
    ),
    (
        "I chose the {v} plan for my phone.",
        ("Which plan is my phone on?", "Which phone plan did I choose?"),
        "word",
    ),
    (
        "My favourite tea is {v} tea.",
        ("Which tea do I like best?", "What is my favourite tea?"),
        "word",
    ),
    (
        "The spare key lies under the {v} pot.",
        ("Where is the spare key?", "Under which pot is my key?"),
        "colour",
    ),
    (
        "My team meets in room {v}.",
        ("Where does my team meet?", "In which room is our meeting?"),
        "number",
    ),
)

WRAPS = (
    "Hello again! I keep forgetting things these days, so could you please tell me once more: {q}",
    "I am filling in a form right now and there is one detail that I am not sure of. {q}",
    "{q} I am sure that we talked about it some time ago, so have a look at what you know.",
)

UNRELATED = (
    "What is the capital of France?",
    "Write a short poem about the moon.",
    "How do plants make food?",
    "Explain how a bicycle stays upright.",
    "Translate 'good morning' into Spanish.",
    "What is seven times eight?",
    "Give me three tips for a better sleep.",
    "Why is the sky blue?",
    "How many legs does a spider have?",
    "Summarise the story of Cinderella.",
    "What is the difference between a list and a tuple in Python?",
    "Who wrote Hamlet?",
    "How do I boil an egg?",
    "What does a thermometer measure?",
    "Name the largest ocean.",
    "Write a polite e-mail that declines an invitation.",
    "What are prime numbers?",
    "How does a vaccine work?",
    "Suggest a title for a crime novel.",
    "What causes the tides?",
    "List four kinds of renewable energy.",
    "How far away is the sun?",
    "What should I pack for a hike?",
    "Explain inflation in one sentence.",
    "What is the boiling point of water?",
    "Can you recommend a good book about history?",
    "How many days are in a leap year?",
    "What is the meaning of the word serendipity?",
    "Write a haiku about autumn.",
    "Tell me a joke.",
    "Who painted the Mona Lisa?",
    "How do airplanes fly?",
    "What is photosynthesis?",
    "Give me a recipe for pancakes.",
    "What is the square root of 144?",
    "Which planet is the largest?",
    "Explain recursion to a child.",
    "What are the symptoms of a cold?",
    "How do I tie a tie?",
    "What is the speed of light?",
    "Name three famous composers.",
    "How is cheese made?",
    "What does HTTP stand for?",
    "Write a function that reverses a string.",
    "Why do cats purr?",
    "What language is spoken in Brazil?",
    "How long is a marathon?",
    "What is the chemical formula of salt?",
    "Hello!",
    "Thanks, that was helpful.",
    "Good morning, how are you?",
    "What can you do?",
    "Please say that again, shorter.",
    "Translate 'I love you' into French.",
    "Who was the first person on the moon?",
    "How do I improve my handwriting?",
    "What is a black hole?",
    "When did the second world war end?",
    "What is the currency of Japan?",
    "Give me an idea for dinner.",
    "Who invented the telephone?",
    "How do magnets work?",
    "What should I wear in winter?",
    "Correct the grammar: he go to school.",
)
