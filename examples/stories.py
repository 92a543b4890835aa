"""What the demo's person said: three stories that matter later, among many talks that do not."""

from __future__ import annotations

import random
from dataclasses import dataclass

Talk = list[tuple[str, str]]  # (what the user said, what the assistant said)


def messages(talk: Talk) -> list[dict[str, str]]:
    """A talk as chat messages."""
    return [
        {"role": role, "content": text}
        for exchange in talk
        for role, text in zip(("user", "assistant"), exchange, strict=True)
    ]


@dataclass(frozen=True)
class Question:
    """One question, the story that answers it, and what has to occur in a right answer."""

    story: str
    text: str
    expected: str


STORIES: dict[str, Talk] = {
    "support assistant": [
        (
            "Hello, my internet keeps dropping in the evening.",
            "I am sorry to hear that. Which device do you use?",
        ),
        (
            "My router is a Lumatel R7, it stands in the hallway.",
            "Thank you, I know that model well.",
        ),
        (
            "My subscription plan is called Family Plus.",
            "Good, that plan includes priority support.",
        ),
        (
            "The light on my router is amber when it happens.",
            "Then the line is unstable. Restart it once, and tell me if the light comes back.",
        ),
    ],
    "writing copilot": [
        ("I started to write a novel this spring.", "How exciting! Tell me about it."),
        (
            "My project is called Saltwater Lanterns.",
            "A lovely name. How should I write when I help you?",
        ),
        (
            "Please keep the tone of my texts concise and friendly.",
            "I will keep to that in every draft.",
        ),
        (
            "The heroine of my novel is named Odalys.",
            "A strong name for a heroine. I look forward to the first chapter.",
        ),
    ],
    "banking helper": [
        ("I would like to put my savings on rails.", "Gladly. When does your money come in?"),
        (
            "My payday is every other Friday.",
            "Then transfers on the Monday after it are safe.",
        ),
        (
            "My preferred account for transfers is the Harbour account.",
            "I will propose that account first.",
        ),
        (
            "The amount of my usual transfer is 340 euros.",
            "Noted. I will only ask you to confirm it.",
        ),
    ],
}

QUESTIONS = [
    Question("support assistant", "Which router do I have?", "Lumatel R7"),
    Question("support assistant", "What is my subscription plan called?", "Family Plus"),
    Question("support assistant", "What colour is the light on my router?", "amber"),
    Question("writing copilot", "What is my project called?", "Saltwater Lanterns"),
    Question("writing copilot", "What tone should my texts have?", "concise and friendly"),
    Question("writing copilot", "What is the name of the heroine of my novel?", "Odalys"),
    Question("banking helper", "When is my payday?", "every other Friday"),
    Question("banking helper", "What is my preferred account for transfers?", "Harbour"),
    Question("banking helper", "How much is my usual transfer?", "340"),
]

# Ways through a small talk: {a} and {b} are drawn from the topic's own things.
_TOPICS: list[tuple[list[str], Talk]] = [
    (
        ["lentil soup", "potato salad", "apple cake", "mushroom risotto", "bean stew"],
        [
            (
                "I want to cook {a} for six people tonight. Where do I begin?",
                "Begin with the onions: let them turn soft and golden over a low flame before anything "
                "else goes in. For six people double the usual amounts, but not the salt.",
            ),
            (
                "And if somebody prefers {b}?",
                "Both can be made side by side. Start with whatever takes longest in the oven, and wash "
                "up while it bakes, so that the kitchen is clear when the guests arrive.",
            ),
            (
                "How do I keep it warm without drying it out?",
                "Cover the pan with a damp cloth and a lid, and leave it on the smallest flame. Stir now "
                "and then, and add a spoonful of water when it begins to stick.",
            ),
            (
                "What could I serve before it?",
                "Something light and cold, such as sliced cucumber with dill, or bread with a little oil. "
                "People talk more and eat less at the beginning, so a small plate is enough.",
            ),
        ],
    ),
    (
        ["tomatoes", "roses", "runner beans", "lavender", "strawberries"],
        [
            (
                "The leaves of the {a} behind the shed have turned yellow.",
                "That often means too much water rather than too little. Push a finger into the soil: when "
                "it feels wet below the surface, wait a few days before you water again.",
            ),
            (
                "Should I feed them, as I do with the {b}?",
                "Once in spring and once in early summer is plenty. Feeding a plant that stands in wet "
                "soil only makes matters worse, since the roots cannot take it up.",
            ),
            (
                "There are also small green insects under the leaves.",
                "Aphids. A strong jet of water washes most of them off, and ladybirds will look after the "
                "rest. Look again after three days, early in the morning.",
            ),
            (
                "When is the best time to cut everything back?",
                "Late winter, on a dry day without frost. Cut just above a bud that points outwards, and "
                "keep the blades clean, so that you do not carry diseases around.",
            ),
        ],
    ),
    (
        [
            "the old lighthouse",
            "the castle ruins",
            "the waterfall",
            "the botanical garden",
            "the pass",
        ],
        [
            (
                "We are thinking of walking to {a} at the weekend. Is it far?",
                "About three hours at an easy pace, with one steep part in the middle. The path is well "
                "marked, and there is a spring where you can fill your bottles.",
            ),
            (
                "Would {b} be better with small children?",
                "Probably, since the way there is flat and shady. Children like to have something to look "
                "for, so let them count bridges, or collect leaves of different shapes.",
            ),
            (
                "What should we pack for a day like that?",
                "Water, bread, some fruit, a light jacket for everybody, and plasters. A map on paper is "
                "wise too, because telephones lose their signal in the valley.",
            ),
            (
                "And if it starts to rain?",
                "Turn back before the rocks get slippery. There is a hut half way with a roof and a bench, "
                "and showers rarely last longer than an hour at this time of year.",
            ),
        ],
    ),
    (
        ["the guitar", "the cello", "the trumpet", "the accordion", "the flute"],
        [
            (
                "I have taken up {a} again after many years. My fingers hurt.",
                "That passes within two or three weeks. Practise for a quarter of an hour twice a day "
                "instead of one long hour, and stop as soon as it really hurts.",
            ),
            (
                "My neighbour plays {b}. Could we play together?",
                "Certainly. Look for folk tunes: the melodies are simple, everybody can take turns, and it "
                "does not matter when somebody gets lost for a bar or two.",
            ),
            (
                "How do I learn to keep time?",
                "Tap your foot, and count aloud while you play slowly. Most people rush where it is easy "
                "and drag where it is hard, so a metronome tells you the truth.",
            ),
            (
                "Is it worth learning to read music?",
                "It opens many doors, and the first steps take only a few evenings. Start with the rhythm "
                "alone, then add the notes, one line at a time.",
            ),
        ],
    ),
    (
        [
            "the bookshelf",
            "the kitchen table",
            "the garden bench",
            "the wardrobe",
            "the front door",
        ],
        [
            (
                "The paint on {a} is coming off in flakes. What can I do?",
                "Scrape off whatever is loose, sand the rest until it feels smooth, and wipe the dust away "
                "with a damp cloth. New paint only holds on a clean and dry ground.",
            ),
            (
                "Can I use what was left over from {b}?",
                "If the tin was closed well, yes. Stir it for a few minutes, and take off the skin before "
                "you stir, otherwise you will find pieces of it on the brush for the rest of the day.",
            ),
            (
                "How many coats will it need?",
                "Two thin ones are better than one thick one. Leave a night between them, and sand very "
                "lightly before the second, just enough to take away the shine.",
            ),
            (
                "The brushes were ruined the last time.",
                "Wash them at once, first with what the tin recommends and then with soap. Let them dry "
                "lying flat, so that no water runs down into the handle and loosens the hairs.",
            ),
        ],
    ),
    (
        ["swimming", "cycling", "rowing", "climbing", "dancing"],
        [
            (
                "I would like to get fitter this year, perhaps with {a}.",
                "A good choice, because you can begin gently. Twice a week is enough at first. What counts "
                "is that you still want to go in the third month.",
            ),
            (
                "A friend swears by {b} instead.",
                "Try both for a while, then keep whichever makes you forget the time. Exercise that bores "
                "you will not last, however good it may be.",
            ),
            (
                "My knees complain when I climb stairs.",
                "Warm up slowly, and strengthen the muscles of the thigh with simple squats against a "
                "wall. If the pain stays for more than a fortnight, let somebody look at it.",
            ),
            (
                "And what should I eat before I go?",
                "Little, and early: a banana or a slice of bread an hour before is plenty. Drink when you "
                "are thirsty, and have a proper meal afterwards.",
            ),
        ],
    ),
    (
        ["sparrows", "blackbirds", "swallows", "woodpeckers", "owls"],
        [
            (
                "I have heard {a} outside the window since the weather turned mild.",
                "They start early in the year. If you open the window before sunrise you can often hear "
                "several of them answer one another across the gardens.",
            ),
            (
                "Are there also {b} around here?",
                "There used to be many more. They need old trees with holes, hedges, and insects, so every "
                "wild corner in a garden helps them to come back.",
            ),
            (
                "Should I feed them through the winter?",
                "You may, with sunflower seeds in a place that stays dry and clean. Bread is not good for "
                "them. Once you have begun, go on until spring.",
            ),
            (
                "How do I keep the cat away from the feeder?",
                "Hang it high, two metres from the next branch, above open ground. Thorny twigs around the "
                "trunk will discourage even an ambitious climber.",
            ),
        ],
    ),
    (
        ["Portuguese", "Finnish", "Welsh", "Greek", "Hungarian"],
        [
            (
                "I am trying to learn a little {a} before the summer.",
                "Start with what you would say on the first day: greetings, numbers, and asking the way. "
                "Say everything aloud, even when you are alone and feel silly.",
            ),
            (
                "I once began with {b} and gave up after a month.",
                "That happens to most people. Ten minutes every day carry you further than two hours on a "
                "Sunday, because we forget quickly what we do not repeat.",
            ),
            (
                "The words simply will not stay in my head.",
                "Put each into a sentence that has something to do with your own life, and look at it "
                "again after a day, after three days, and after a week.",
            ),
            (
                "Would films help me?",
                "Very much, if you have seen them before. You already know what happens, so you can listen "
                "to how it is said instead of guessing what is meant.",
            ),
        ],
    ),
]


def sessions(seed: int = 0, rounds: int = 5) -> list[tuple[str, Talk]]:
    """All sessions in the order in which they happened: the stories far apart, talks around them.

    Parameters
    ----------
    rounds
        How often each topic comes up, each time about other things.
    """
    rng = random.Random(seed)
    talks: list[tuple[str, Talk]] = []
    for turn in range(rounds):
        for number, (things, ways) in enumerate(_TOPICS):
            a, b = rng.sample(things, 2)
            talk = [(said.format(a=a, b=b), answer.format(a=a, b=b)) for said, answer in ways]
            talks.append((f"small talk {turn * len(_TOPICS) + number + 1}", talk))
    rng.shuffle(talks)
    third = len(talks) // 3
    for place, (name, story) in zip((0, third + 1, 2 * third + 2), STORIES.items(), strict=True):
        talks.insert(place, (name, story))
    return talks
