"""Free time: sport, music, films, games, food and drink out."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

LEISURE: tuple[Relation, ...] = (
    relation("sings at karaoke", "title",
        "{P} karaoke song is {v} / {S} always {sings|sing} {v} at karaoke / with a microphone in hand {S} "
        "{goes|go} for {v} / at the karaoke bar {S} {picks|pick} {v}",
        "Which song {does|do} {S} sing at karaoke? / What is {P} karaoke song? / What {does|do} {S} pick at "
        "the karaoke bar? / Which tune {does|do} {S} go for with a microphone in hand?",
        "which song {S} {sings|sing} at karaoke", "{S} {sings|sing} {v}."),
    relation("saw at cinema", "title",
        "{S} saw {v} at the cinema / {S} went to the pictures to see {v} / the film {S} bought tickets for "
        "is {v} / {S} watched {v} on the big screen",
        "Which film did {S} see? / What did {S} watch at the cinema? / Which movie did {S} buy tickets for? "
        "/ What did {S} see on the big screen?",
        "which film {S} saw", "{S} saw {v}."),
    relation("plays video game", "word",
        "{S} {plays|play} {v} on the console / {S} {is} stuck on level nine of {v} / {P} favourite computer "
        "game is {v} / {S} {spends|spend} hours in the game {v}",
        "Which video game {does|do} {S} play? / What {does|do} {S} play on the console? / In which game "
        "{is} {S} stuck? / Which game {does|do} {S} spend hours in?",
        "which video game {S} {plays|play}", "{S} {plays|play} {v}."),
    relation("borrowed from library", "title",
        "{S} borrowed {v} from the library / {S} {has|have} to return {v} to the library / the book {S} "
        "took out of the library is {v} / {P} library loan is {v}",
        "What did {S} borrow from the library? / Which book {does|do} {S} have to return? / What is {P} "
        "library loan? / Which book did {S} take out?",
        "what {S} borrowed from the library", "{S} borrowed {v}."),
    relation("start number", "small_number",
        "{S} {runs|run} the race with the number {v} / {P} start number is {v} / on {P} running shirt is a "
        "{v} / in the race, look for number {v} and you see {O}",
        "Which number {does|do} {S} run with? / What is {P} start number? / What number is on {P} running "
        "shirt? / How do you spot {O} in the race?",
        "which number {S} {runs|run} with", "{P} start number is {v}."),
    relation("scored", "small_number",
        "{S} scored {v} points / {P} score was {v} / {S} finished the game with {v} points / the board "
        "showed {v} points for {O}",
        "How many points did {S} score? / What was {P} score? / With how many points did {S} finish the "
        "game? / What did the board show for {O}?",
        "how many points {S} scored", "{S} scored {v} points."),
    relation("goes to gym", "schedule",
        "{S} {goes|go} to the gym {v} / {P} workout is {v} / {S} {lifts|lift} weights {v} / the fitness "
        "studio sees {O} {v}",
        "When {does|do} {S} go to the gym? / When is {P} workout? / How often {does|do} {S} lift weights? / "
        "On which days does the fitness studio see {O}?",
        "when {S} {goes|go} to the gym", "{S} {goes|go} to the gym {v}."),
    relation("concert on", "day_time",
        "{S} {has|have} tickets for the concert on {v} / {S} {is} going to the concert on {v} / {P} concert "
        "is on {v} / {S} will hear the band live on {v}",
        "When is {P} concert? / When {is} {S} going to the concert? / For when {does|do} {S} have concert "
        "tickets? / When will {S} hear the band live?",
        "when {P} concert is", "{P} concert is on {v}."),
    relation("famous for cooking", "food",
        "{S} {is} known for making {v} / nobody makes better {v} than {S} {does|do} / {P} speciality is {v} "
        "/ people come from far away to taste {P} {v}",
        "What {is} {S} famous for in the kitchen? / What is {P} speciality? / Which dish {does|do} {S} make "
        "better than anyone? / What do people come to taste at {P} house?",
        "which dish {S} {is} famous for", "{P} speciality is {v}."),
    relation("eats for breakfast", "food",
        "{S} {has|have} {v} for breakfast / {P} breakfast is always {v} / {S} {starts|start} the morning "
        "with a plate of {v} / before work {S} {eats|eat} {v}",
        "What {does|do} {S} have for breakfast? / What is {P} usual breakfast? / What {does|do} {S} eat "
        "before work? / What is on {P} plate in the morning?",
        "what {S} {has|have} for breakfast", "{S} {has|have} {v} for breakfast."),
    relation("drinks before bed", "drink",
        "{S} {has|have} {v} before bed / in the evening {S} {sips|sip} {v} / {P} nightcap is {v} / {S} "
        "{ends|end} the day with {v}",
        "What {does|do} {S} drink before bed? / What is {P} nightcap? / What {does|do} {S} sip in the "
        "evening? / What {does|do} {S} end the day with?",
        "what {S} {drinks|drink} before bed", "{S} {drinks|drink} {v} before bed."),
    relation("orders at pub", "drink",
        "{S} always {orders|order} {v} at the pub / at the bar {S} {asks|ask} for {v} / {P} drink at the "
        "pub is {v} / the barman hands {O} {v} without asking",
        "What {does|do} {S} order at the pub? / What {does|do} {S} ask for at the bar? / Which drink does "
        "the barman hand {O}? / What is {P} drink at the pub?",
        "what {S} {orders|order} at the pub", "{S} {orders|order} {v}."),
    relation("gave up sport", "sport",
        "{S} quit {v} / {S} {has|have} given up {v} / {S} used to do {v} but stopped / {P} days of {v} are "
        "over",
        "Which sport did {S} quit? / What sport did {S} use to do? / Which sport {has|have} {S} given up? / "
        "Which sport did {S} stop doing?",
        "which sport {S} gave up", "{S} gave up {v}."),
    relation("watches sport", "sport",
        "{S} {watches|watch} {v} on TV / {S} never {misses|miss} {v} on the sports channel / for {v} {S} "
        "{sits|sit} in front of the screen for hours / {S} {has|have} a ticket to watch {v}",
        "Which sport {does|do} {S} watch on TV? / What {does|do} {S} watch on the sports channel? / For "
        "which sport {does|do} {S} sit in front of the screen? / What sport {does|do} {S} follow as a "
        "viewer?",
        "which sport {S} {watches|watch} on TV", "{S} {watches|watch} {v} on TV."),
    relation("takes class in", "hobby",
        "{S} signed up for a course in {v} / {P} evening class is about {v} / {S} {takes|take} lessons in "
        "{v} / on weeknights {S} {goes|go} to the community centre for {v}",
        "Which course did {S} sign up for? / What is {P} evening class about? / What {does|do} {S} take "
        "lessons in? / What {does|do} {S} go to the community centre for?",
        "which course {S} signed up for", "{S} {takes|take} a class in {v}."),
    relation("bored by", "hobby",
        "{S} {finds|find} {v} boring / nothing bores {O} more than {v} / {S} {yawns|yawn} at the mere word "
        "{v} / {S} {does|do} not understand why people like {v}",
        "What {does|do} {S} find boring? / What bores {O} most? / Which pastime makes {O} yawn? / What "
        "{does|do} {S} not understand the fun of?",
        "what {S} {finds|find} boring", "{S} {finds|find} {v} boring."),
    relation("wants to learn instrument", "instrument",
        "{S} {wants|want} to learn the {v} / one day {S} will take up the {v} / {P} wish is to play the {v} "
        "/ {S} {longs|long} to make music on the {v}",
        "Which instrument {does|do} {S} want to learn? / What will {S} take up one day? / What {does|do} "
        "{S} wish to make music on? / Which instrument {is} {S} longing to play?",
        "which instrument {S} {wants|want} to learn", "{S} {wants|want} to learn the {v}."),
    relation("neighbour practises", "instrument",
        "{P} neighbour plays the {v} / the {v} next door keeps {O} awake / through the wall {S} "
        "{hears|hear} the {v} / the flat above {P} bedroom is where somebody practises the {v}",
        "Which instrument does {P} neighbour play? / What instrument keeps {O} awake at night? / What "
        "{does|do} {S} hear through the wall? / Which instrument is practised above {P} bedroom?",
        "which instrument {P} neighbour plays", "{P} neighbour plays the {v}."),
)  # fmt: skip
