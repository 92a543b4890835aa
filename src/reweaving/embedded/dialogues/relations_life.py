"""More of what people do and have, with phrasings of their own: plans, habits, family, things bought."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

LIFE: tuple[Relation, ...] = (
    relation("adopted", "name",
        "{S} adopted a greyhound called {v} / {S} adopted a kitten and named it {v} / the animal {S} "
        "adopted is called {v}",
        "What is the name of the animal {S} adopted? / What did {S} call the new pet? / What's {P} new pet "
        "called?",
        "what {P} new pet is called", "{P} pet is called {v}."),
    relation("moved to street", "address",
        "{S} moved to {v} last spring / {S} {is} moving to {v} / since March {S} {has|have} lived at {v} / "
        "{P} new place is at {v}",
        "Where did {S} move to? / Which street did {S} move to? / What is {P} new street?",
        "where {S} moved to", "{S} moved to {v}."),
    relation("pays monthly", "amount",
        "{S} {pays|pay} {v} a month for it / {P} plan costs {v} a month / every month {v} goes to the phone "
        "company, says {P} contract",
        "How much {does|do} {S} pay per month? / What does {P} plan cost? / How much is {P} contract a "
        "month?",
        "how much {S} {pays|pay} per month", "{S} {pays|pay} {v} a month."),
    relation("main character", "full_name",
        "the hero of {P} story is {v} / the main character of {P} book is called {v} / {P} story is about "
        "{v}",
        "Who is the main character of {P} story? / Who is the hero of {P} book? / Who is {P} story about?",
        "who {P} main character is", "{P} main character is {v}."),
    relation("can't eat", "food",
        "{S} can't eat {v} / {v} is off limits for {O} / {S} must not eat {v} / please never serve {O} {v}",
        "What can't {S} eat? / Which food can't {S} eat? / Which dish is off limits for {O}?",
        "what {S} can't eat", "{S} can't eat {v}."),
    relation("meeting moved", "time",
        "{P} standup starts at {v} / {P} daily call is at {v} / {P} team meets at {v} every day / the "
        "standup of {P} team is at {v}",
        "What time is {P} standup? / When is {P} daily call? / When does {P} team meet?",
        "what time {P} standup is", "{P} standup is at {v}."),
    relation("thesis about", "title",
        "{P} thesis is called {v} / {S} {is} writing a thesis titled {v} / {S} handed in a paper titled {v}",
        "What is {P} thesis called? / What is the title of {P} thesis? / What is {P} paper called?",
        "what {P} thesis is called", "{P} thesis is called {v}."),
    relation("secret ingredient", "flower",
        "{S} {puts|put} {v} on the table for guests / {S} always {buys|buy} {v} for the table / the vase of "
        "{P} kitchen holds {v}",
        "Which flowers {does|do} {S} put on the table? / What {does|do} {S} buy for the table? / Which "
        "flowers are in the vase in {P} kitchen? / What kind of flowers {does|do} {S} buy for guests?",
        "which flowers {S} {puts|put} on the table", "{S} {puts|put} {v} on the table."),
    relation("training for", "city",
        "{S} {is} training for the {v} marathon / {S} signed up for the {v} marathon / {S} will run the {v} "
        "marathon",
        "Which marathon {is} {S} training for? / Which race did {S} sign up for? / Where will {S} run the "
        "marathon?",
        "which marathon {S} {is} training for", "{S} {is} training for the {v} marathon."),
    relation("flight number", "code",
        "{S} {is} flying with {v} / {P} flight is {v} / {S} {is} booked on {v} / {P} plane is {v}",
        "What is {P} flight number? / Which flight {is} {S} on? / What flight {is} {S} booked on?",
        "which flight {S} {is} on", "{P} flight is {v}."),
    relation("children called", "names",
        "{S} {has|have} two kids, {v} / {P} children are {v} / {S} {has|have} twins called {v} / {P} kids "
        "are named {v}",
        "What are {P} children called? / What are the names of {P} kids? / What are {P} kids' names?",
        "what {P} children are called", "{P} children are called {v}."),
    relation("cats called", "names",
        "{S} {has|have} two cats, {v} / {P} cats are called {v} / {S} got two kittens named {v}",
        "What are {P} cats called? / What are the names of {P} cats? / What did {S} name the two kittens? / "
        "How do you call {P} cats?",
        "what {P} cats are called", "{P} cats are called {v}."),
    relation("age", "small_number",
        "{S} {is} {v} years old / {S} turned {v} last week / {S} just celebrated birthday number {v}",
        "How old {is} {S}? / What age {is} {S}? / How many years old {is} {S}?",
        "how old {S} {is}", "{S} {is} {v} years old."),
    relation("height", "quantity",
        "{S} {lives|live} {v} from here / {P} house is {v} away / it is {v} to {P} place",
        "How far away {does|do} {S} live? / How far is it to {P} place? / How far off is {P} house? / What "
        "is the distance to {P} house?",
        "how far away {S} {lives|live}", "{S} {lives|live} {v} away."),
    relation("books owned", "small_number",
        "{S} {owns|own} {v} books / {P} library has {v} books / there are {v} books on {P} shelves",
        "How many books {does|do} {S} own? / How many books {does|do} {S} have? / How big is {P} library? / "
        "What is the number of books on {P} shelves?",
        "how many books {S} {owns|own}", "{S} {owns|own} {v} books."),
    relation("doctor is", "full_name",
        "{S} {sees|see} Dr. {v} / {P} cardiologist is {v} / {P} doctor is called {v} / {v} treats {O}",
        "Who is {P} doctor? / Which doctor {does|do} {S} see? / Who treats {O}?",
        "who {P} doctor is", "{P} doctor is {v}."),
    relation("sold", "device",
        "{S} sold the old {v} / {S} got rid of the {v} / someone bought {P} old {v}",
        "What did {S} sell? / What did {S} get rid of? / Which old thing did somebody buy from {O}? / What "
        "{does|do} {S} no longer own because it was sold?",
        "what {S} sold", "{S} sold the {v}."),
    relation("lost", "device",
        "{S} lost the {v} on the bus / {S} can't find the {v} / {P} {v} went missing",
        "What did {S} lose? / Which of {P} things went missing? / What can {S} no longer find? / What did "
        "{S} leave on the bus?",
        "what {S} lost", "{S} lost the {v}."),
    relation("broken", "device",
        "{P} {v} is broken / {P} {v} stopped working / {S} dropped the {v} and it broke",
        "What did {S} break? / Which of {P} things stopped working? / Which of {P} things is broken? / What "
        "did {S} drop?",
        "what {S} broke", "{P} {v} is broken."),
    relation("ordered", "food",
        "{S} ordered {v} for the party / for {P} party there will be {v} / {S} asked the caterer for {v}",
        "What did {S} order for the party? / What will there be to eat at {P} party? / What will the "
        "caterer bring to {P} party? / Which food did {S} ask the caterer for?",
        "what {S} ordered for the party", "{S} ordered {v}."),
    relation("cooks", "food",
        "{S} {cooks|cook} {v} on Sundays / on Sundays {S} {makes|make} {v} / {P} Sunday meal is always {v}",
        "What {does|do} {S} cook on Sundays? / What {does|do} {S} make on Sundays? / What is {P} usual "
        "Sunday meal? / Which dish comes to {P} table on Sundays?",
        "what {S} {cooks|cook} on Sundays", "{S} {cooks|cook} {v} on Sundays."),
    relation("obsessed with", "animal",
        "{S} {is} obsessed with anything like a {v} / {P} favourite creature is the {v} / {S} "
        "{dreams|dream} of owning a {v}",
        "Which animal {is} {S} obsessed with? / Which creature {does|do} {S} love most? / What is {P} "
        "favourite creature? / What animal would {S} most like to own?",
        "which animal {S} {is} obsessed with", "{S} {is} obsessed with the {v}."),
    relation("watches", "title",
        "{S} {watches|watch} {v} every night / {S} {is} hooked on the series {v} / last night {S} saw {v}",
        "Which series {is} {S} hooked on? / What {does|do} {S} watch? / Which show {does|do} {S} watch?",
        "what {S} {watches|watch}", "{S} {watches|watch} {v}."),
    relation("support team", "word",
        "{S} {supports|support} {v} United / {S} never {misses|miss} a game of {v} United / {P} team is {v} "
        "United",
        "Which team {does|do} {S} support? / What is {P} football team? / Whose games {does|do} {S} never "
        "miss? / Which football club {is} {S} a fan of?",
        "which team {S} {supports|support}", "{S} {supports|support} {v} United."),
    relation("went to school", "word",
        "{S} went to {v} College / {S} studied at {v} College / {S} graduated from {v} College",
        "Where did {S} go to school? / Which college did {S} attend? / Which college did {S} graduate from? "
        "/ What college did {S} study at?",
        "where {S} went to school", "{S} went to {v} College."),
    relation("banks with", "word",
        "{S} {banks|bank} with {v} / {S} {has|have} an account at {v} / {P} money is at {v}",
        "Which bank {is} {S} with? / Where {does|do} {S} bank? / Who looks after {P} money? / At which bank "
        "{does|do} {S} have an account?",
        "which bank {S} {is} with", "{S} {banks|bank} with {v}."),
    relation("stays at", "word",
        "{S} {is} staying at the {v} / {S} booked a room at the {v} / {P} hotel is the {v}",
        "Where {is} {S} staying? / Which hotel {is} {S} staying at? / What hotel did {S} book? / In which "
        "hotel can you visit {O}?",
        "where {S} {is} staying", "{S} {is} staying at the {v}."),
    relation("plays in", "word",
        "{S} {plays|play} in a band called {v} / {P} band is called {v} / {S} founded the band {v}",
        "What is {P} band called? / Which band {does|do} {S} play in? / Which band did {S} found? / What is "
        "the name of the group {S} {makes|make} music with?",
        "what {P} band is called", "{P} band is called {v}."),
    relation("named the boat", "word",
        "{S} named the boat {v} / {P} boat is called {v} / on {P} boat it says {v}",
        "What is {P} boat called? / What did {S} name the boat? / What does it say on {P} boat? / What is "
        "the name of {P} boat?",
        "what {P} boat is called", "{P} boat is called {v}."),
    relation("arrives", "day_time",
        "{S} {arrives|arrive} on {v} / {S} will be here on {v} / we pick {O} up on {v}",
        "When {does|do} {S} arrive? / When will {S} be here? / When do we pick {O} up? / When does {P} "
        "visit start?",
        "when {S} {arrives|arrive}", "{S} {arrives|arrive} on {v}."),
    relation("starts job", "date",
        "{S} {starts|start} the new job on {v} / {P} first day at work is {v} / {S} {begins|begin} to work "
        "on {v}",
        "When {does|do} {S} start the new job? / What is {P} first day at work? / When {does|do} {S} begin "
        "to work there? / On what date does {P} new job start?",
        "when {S} {starts|start} the new job", "{S} {starts|start} on {v}."),
    relation("married on", "date",
        "{S} got married on {v} / {P} wedding was on {v} / {S} tied the knot on {v}",
        "When did {S} get married? / When was {P} wedding? / On which day did {S} tie the knot? / What is "
        "the date of {P} wedding?",
        "when {S} got married", "{S} got married on {v}."),
    relation("needs medicine", "duration",
        "{S} {has|have} to take the pills for {v} / the treatment of {P} knee takes {v} / {S} {needs|need} "
        "{v} to recover",
        "How long {does|do} {S} have to take the pills? / How long {does|do} {S} need to recover? / How "
        "long does {P} treatment take? / For how long {is} {S} on the pills?",
        "how long {S} {needs|need} to recover", "{S} {needs|need} {v}."),
    relation("keeps key", "material",
        "{S} {keeps|keep} the key in the box made of {v} / {P} key is in the {v} box / look for {P} key in "
        "the {v} box",
        "In which box {does|do} {S} keep the key? / Where is {P} key? / Which box is {P} key in? / Where do "
        "I have to look for {P} key?",
        "where {P} key is", "{P} key is in the {v} box."),
)  # fmt: skip
