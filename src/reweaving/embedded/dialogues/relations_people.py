"""What people are and do: where they live and work, what they like, own, fear and use."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

PEOPLE: tuple[Relation, ...] = (
    relation("lives in", "city",
        "{S} {lives|live} in {v} / {S} just moved to {v} / {S} {has|have} lived in {v} for years / {P} "
        "place is in {v} / {S} {is} settled in {v} now",
        "Where {does|do} {S} live? / Which city {does|do} {S} live in? / What town {does|do} {S} call home?",
        "where {S} {lives|live}", "{S} {lives|live} in {v}."),
    relation("works as", "job",
        "{S} {works|work} as a {v} / {S} {is} a {v} / {S} {is} employed as a {v} / {S} {has|have} been "
        "working as a {v} / {S} just started a new job as a {v}",
        "What {does|do} {S} do for a living? / What is {P} job? / What {does|do} {S} work as? / What kind "
        "of work {does|do} {S} do?",
        "what {S} {does|do} for a living", "{S} {works|work} as a {v}."),
    relation("works for", "company",
        "{S} {works|work} for {v} / {S} {works|work} at {v} / {S} got hired by {v} / {S} {has|have} a job "
        "at {v}",
        "Where {does|do} {S} work? / Which company {does|do} {S} work for? / Who {does|do} {S} work for?",
        "where {S} {works|work}", "{S} {works|work} for {v}."),
    relation("allergic to", "allergen",
        "{S} {is} allergic to {v} / {S} {has|have} an allergy to {v} / {S} can't be near {v}, it is an "
        "allergy / {v} makes {O} sick, an allergy",
        "What {is} {S} allergic to? / Which allergy {does|do} {S} have? / What should {S} avoid because of "
        "an allergy?",
        "what {S} {is} allergic to", "{S} {is} allergic to {v}."),
    relation("drives", "device",
        "{S} {drives|drive} a {v} / {S} bought a {v} to drive to work / {P} car is a {v}",
        "What car {does|do} {S} drive? / What {does|do} {S} drive? / Which car {does|do} {S} have?",
        "what car {S} {drives|drive}", "{S} {drives|drive} a {v}."),
    relation("was born on", "date",
        "{S} was born on {v} / {P} date of birth is {v} / {S} came into the world on {v}",
        "When was {S} born? / What is {P} date of birth? / On what date was {S} born?",
        "when {S} was born", "{P} date of birth is {v}."),
    relation("plays instrument", "instrument",
        "{S} {plays|play} the {v} / {S} {is} learning the {v} / {S} {practises|practise} the {v} every day",
        "Which instrument {does|do} {S} play? / What instrument {does|do} {S} play? / What {does|do} {S} "
        "make music on? / What can {S} play?",
        "which instrument {S} {plays|play}", "{S} {plays|play} the {v}."),
    relation("speaks", "language",
        "{S} {speaks|speak} {v} / {S} {is} fluent in {v} / {S} grew up speaking {v} / {S} {is} learning {v}",
        "Which language {does|do} {S} speak? / What language {does|do} {S} speak? / In what tongue can {S} "
        "hold a conversation? / What {is} {S} fluent in?",
        "which language {S} {speaks|speak}", "{S} {speaks|speak} {v}."),
    relation("studies", "study",
        "{S} {studies|study} {v} / {S} {is} studying {v} at university / {S} {is} doing a degree in {v}",
        "What {does|do} {S} study? / What subject {does|do} {S} study? / Which degree {is} {S} doing?",
        "what {S} {studies|study}", "{S} {studies|study} {v}."),
    relation("collects", "flower",
        "{S} {grows|grow} {v} / {S} {has|have} a garden full of {v} / {S} planted {v} last week",
        "What {does|do} {S} grow? / Which flowers {does|do} {S} grow? / What is planted in {P} garden? / "
        "Which plants {does|do} {S} tend?",
        "which flowers {S} {grows|grow}", "{S} {grows|grow} {v}."),
    relation("likes eating", "food",
        "{S} {loves|love} {v} / {S} could eat {v} every day / nothing makes {O} happier than {v} / {S} "
        "always {orders|order} {v}",
        "What {does|do} {S} love to eat? / What food {does|do} {S} like most? / What {does|do} {S} always "
        "order?",
        "what {S} {loves|love} to eat", "{S} {loves|love} {v}."),
    relation("hates eating", "food",
        "{S} {hates|hate} {v} / {S} can't stand {v} / {S} never {eats|eat} {v} / {S} {dislikes|dislike} {v}",
        "What food {does|do} {S} hate? / What can't {S} stand to eat? / What {does|do} {S} never eat?",
        "what food {S} {hates|hate}", "{S} {hates|hate} {v}."),
    relation("drinks", "drink",
        "{S} {drinks|drink} {v} every morning / {S} {starts|start} the day with {v} / {S} always {has|have} "
        "{v} first thing",
        "What {does|do} {S} drink in the morning? / What {does|do} {S} start the day with? / What is {P} "
        "first drink of the day? / What is in {P} cup first thing?",
        "what {S} {drinks|drink} in the morning", "{S} {drinks|drink} {v} in the morning."),
    relation("plays sport", "sport",
        "{S} {does|do} {v} on weekends / {S} {trains|train} {v} / {S} took up {v} / {S} {is} mad about {v}",
        "Which sport {does|do} {S} do? / What sport {is} {S} into? / What {does|do} {S} train for exercise? "
        "/ Which kind of sport {is} {S} mad about?",
        "which sport {S} {does|do}", "{S} {does|do} {v}."),
    relation("enjoys", "hobby",
        "{S} {enjoys|enjoy} {v} / {S} {spends|spend} weekends on {v} / in {P} free time it's all about {v} "
        "/ {S} {is} really into {v}",
        "What {does|do} {S} do for fun? / What {does|do} {S} enjoy after work? / What is {P} hobby?",
        "what {S} {does|do} for fun", "{S} {enjoys|enjoy} {v}."),
    relation("has pet", "pet",
        "{S} {has|have} {v} / {S} adopted {v} / {S} {is} looking after {v} / {S} got {v}",
        "What pet {does|do} {S} have? / Which pet {does|do} {S} own? / What animal {does|do} {S} have and "
        "what is it called?",
        "what pet {S} {has|have}", "{S} {has|have} {v}."),
    relation("dog called", "name",
        "{S} {has|have} a dog called {v} / {P} dog is called {v} / {S} named the dog {v} / {P} puppy "
        "answers to {v}",
        "What is {P} dog called? / What's the name of {P} dog? / What did {S} call the dog?",
        "what {P} dog is called", "{P} dog is called {v}."),
    relation("cat called", "name",
        "{S} {has|have} a cat called {v} / {P} cat is called {v} / {S} named the cat {v} / {P} kitten's "
        "name is {v}",
        "What is {P} cat called? / What's the name of {P} cat? / What did {S} name the cat?",
        "what {P} cat is called", "{P} cat is called {v}."),
    relation("married to", "name",
        "{S} {is} married to {v} / {S} got married to {v} / {P} spouse is {v}",
        "Who {is} {S} married to? / What is the name of {P} spouse? / Who is the person {S} said yes to? / "
        "What is the spouse of {S} called?",
        "who {S} {is} married to", "{S} {is} married to {v}."),
    relation("boss is", "full_name",
        "{S} {reports|report} to {v} / {P} boss is {v} / {S} {works|work} under {v}",
        "Who {does|do} {S} report to? / Who is {P} boss? / Who {does|do} {S} work under? / Who is above {O} "
        "at work?",
        "who {S} {reports|report} to", "{S} {reports|report} to {v}."),
    relation("going on holiday to", "country",
        "{S} {is} going on holiday to {v} / {S} booked a trip to {v} / {S} {is} flying to {v} in summer / "
        "{P} next vacation is in {v}",
        "Where {is} {S} going on holiday? / Where {is} {S} travelling to? / Which country {is} {S} visiting?",
        "where {S} {is} going on holiday", "{S} {is} going to {v}."),
    relation("comes from", "country",
        "{S} {comes|come} from {v} / {S} {is} originally from {v} / {S} grew up in {v} / {P} family is from "
        "{v}",
        "Where {does|do} {S} come from? / Which country {is} {S} from? / Where {is} {S} originally from?",
        "where {S} {comes|come} from", "{S} {comes|come} from {v}."),
    relation("reading", "title",
        "{S} {is} reading {v} / {S} started reading {v} / {S} {has|have} {v} on the bedside table",
        "What {is} {S} reading? / Which book {is} {S} reading? / What book did {S} start? / What lies on "
        "{P} bedside table?",
        "what {S} {is} reading", "{S} {is} reading {v}."),
    relation("writing", "title",
        "{S} {is} writing a novel called {v} / {P} novel is called {v} / {S} finished a novel, {v}",
        "What is {P} novel called? / What is the title of {P} novel? / What did {S} call the novel? / Which "
        "novel {is} {S} writing?",
        "what {P} novel is called", "{P} novel is called {v}."),
    relation("project called", "project",
        "{P} project is called {v} / {S} {is} working on a project called {v} / {S} {works|work} on {v}, "
        "the new project / {S} named the project {v} / the project {S} {is} leading is {v}",
        "What is {P} project called? / What's the name of {P} project? / Which project {is} {S} working on?",
        "what {P} project is called", "{P} project is called {v}."),
    relation("gets paid", "schedule",
        "{S} {gets|get} paid {v} / {P} salary arrives {v} / payday for {O} is {v} / {P} pay comes in {v}",
        "When {does|do} {S} get paid? / When is {P} payday? / How often {does|do} {S} get paid?",
        "when {S} {gets|get} paid", "{S} {gets|get} paid {v}."),
    relation("pays from", "account",
        "{S} {prefers|prefer} to pay from the {v} / {S} usually {pays|pay} from the {v} / {P} transfers "
        "come out of the {v} / {S} {uses|use} the {v} for transfers",
        "Which account {does|do} {S} usually pay from? / Which account {does|do} {S} prefer? / What account "
        "{does|do} {S} use for transfers?",
        "which account {S} {pays|pay} from", "{S} {uses|use} the {v}."),
    relation("usually transfers", "amount",
        "{S} usually {transfers|transfer} {v} / {P} usual transfer is {v} / every month {S} {sends|send} {v}",
        "How much {does|do} {S} usually transfer? / What is {P} usual transfer? / How much {does|do} {S} "
        "send every month?",
        "how much {S} usually {transfers|transfer}", "{S} usually {transfers|transfer} {v}."),
    relation("earns", "amount",
        "{S} {earns|earn} {v} a month / {S} {makes|make} {v} a month / {P} pay is {v} a month",
        "How much {does|do} {S} earn? / What {does|do} {S} earn a month? / How big is {P} pay? / How much "
        "{does|do} {S} make a month?",
        "how much {S} {earns|earn}", "{S} {earns|earn} {v} a month."),
    relation("owes", "amount",
        "{S} still {owes|owe} the bank {v} / {S} borrowed {v} from the bank / {P} debt is {v}",
        "How much {does|do} {S} owe the bank? / How big is {P} debt? / How much did {S} borrow from the "
        "bank? / What {does|do} {S} still have to pay back to the bank?",
        "how much {S} {owes|owe} the bank", "{S} {owes|owe} the bank {v}."),
    relation("uses device", "device",
        "{S} {uses|use} a {v} / {S} {has|have} a {v} at home / {P} device is a {v} / {S} just got a {v}",
        "Which device {does|do} {S} use? / What device {does|do} {S} have? / What is {P} device?",
        "which device {S} {uses|use}", "{S} {uses|use} a {v}."),
    relation("on plan", "plan",
        "{S} {is} on the {v} plan / {S} switched to the {v} plan / {S} {pays|pay} for the {v} plan / {S} "
        "{is} subscribed to {v}",
        "Which plan {is} {S} on? / What subscription {does|do} {S} have? / What plan {does|do} {S} pay for?",
        "which plan {S} {is} on", "{S} {is} on the {v} plan."),
    relation("likes tone", "tone",
        "{S} {likes|like} a {v} tone / please keep the writing {v} when you write for {O} / {S} "
        "{prefers|prefer} texts to be {v} / for {O} the style should be {v}",
        "What tone {does|do} {S} like? / Which tone {does|do} {S} prefer? / How should texts for {O} sound?",
        "what tone {S} {likes|like}", "{S} {likes|like} a {v} tone."),
    relation("gets up", "time",
        "{S} {gets|get} up at {v} / {P} alarm rings at {v} / {S} {is} up at {v} every day",
        "When {does|do} {S} get up? / What time {does|do} {S} get up? / When does {P} day begin? / What "
        "time does {P} alarm ring?",
        "when {S} {gets|get} up", "{S} {gets|get} up at {v}."),
    relation("goes to bed", "time",
        "{S} {goes|go} to bed at {v} / lights out for {O} is {v} / {S} {turns|turn} in at {v}",
        "When {does|do} {S} go to bed? / What time {does|do} {S} go to sleep? / When are the lights out for "
        "{O}? / At what time {does|do} {S} turn in?",
        "when {S} {goes|go} to bed", "{S} {goes|go} to bed at {v}."),
    relation("train leaves", "time",
        "{P} train leaves at {v} / {S} {has|have} to catch the train at {v}",
        "When does {P} train leave? / What time is {P} train? / When must {S} be on the platform? / What "
        "time {does|do} {S} have to catch the train?",
        "when {P} train leaves", "{P} train leaves at {v}."),
    relation("flight on", "day_time",
        "{P} flight is on {v} / {S} {is} flying out on {v} / {S} {takes|take} the plane on {v}",
        "When is {P} flight? / When {does|do} {S} fly? / When {does|do} {S} take the plane? / On what day "
        "and time {is} {S} flying out?",
        "when {P} flight is", "{P} flight is on {v}."),
    relation("meets doctor", "day_time",
        "{S} {sees|see} the doctor on {v} / {P} appointment is on {v} / {S} {has|have} a check-up on {v}",
        "When {does|do} {S} see the doctor? / When is {P} check-up? / When is {P} doctor's visit? / For "
        "when did {S} book the check-up?",
        "when {S} {sees|see} the doctor", "{S} {sees|see} the doctor on {v}."),
    relation("sits in", "room",
        "{S} {sits|sit} in {v} / {P} office is in {v} / you can find {O} in {v}",
        "Where {does|do} {S} sit? / Which room {does|do} {S} work in? / Where is {P} office? / In which "
        "room can you find {O}?",
        "where {S} {sits|sit}", "{S} {sits|sit} in {v}."),
    relation("parked at", "room",
        "{S} parked at {v} / {S} left the car at {v} / {P} car is parked at {v}",
        "Where did {S} park? / Where is {P} car parked? / Where did {S} leave the car? / In which spot is "
        "{P} car?",
        "where {S} parked", "{S} parked at {v}."),
    relation("lives at", "address",
        "{S} {lives|live} at {v} / {P} front door is at {v} / letters for {O} go to {v}",
        "What is {P} address? / At which address {does|do} {S} live? / Where do letters for {O} go? / Which "
        "house {does|do} {S} live in?",
        "at which address {S} {lives|live}", "{S} {lives|live} at {v}."),
    relation("runs distance", "quantity",
        "{S} {runs|run} {v} a week / {S} {manages|manage} {v} of running every week",
        "How far {does|do} {S} run a week? / How much {does|do} {S} run? / How long is {P} weekly run? / "
        "How much running {does|do} {S} manage every week?",
        "how far {S} {runs|run} a week", "{S} {runs|run} {v} a week."),
    relation("is waiting for", "duration",
        "{S} {has|have} waited for {v} / the wait was {v} for {O}",
        "How long {has|have} {S} waited? / How long was the wait for {O}? / How much time did {S} spend "
        "waiting? / For how long {has|have} {S} been in the queue?",
        "how long {S} {has|have} waited", "{S} {has|have} waited for {v}."),
    relation("listens to", "genre",
        "{S} {listens|listen} to {v} / {S} {is} a huge fan of {v} / {P} playlist is all {v}",
        "What music {does|do} {S} listen to? / What kind of music {does|do} {S} like? / What is on {P} "
        "playlist? / Which music {is} {S} a fan of?",
        "what music {S} {listens|listen} to", "{S} {listens|listen} to {v}."),
    relation("wears", "colour",
        "{S} always {wears|wear} {v} / {S} only {dresses|dress} in {v} / {S} bought a {v} jacket to wear",
        "What colour {does|do} {S} wear? / Which colour {does|do} {S} always wear? / What colour are {P} "
        "clothes? / In which colour {does|do} {S} dress?",
        "which colour {S} {wears|wear}", "{S} {wears|wear} {v}."),
    relation("painted", "colour",
        "{S} painted the bedroom {v} / {S} chose {v} for the bedroom / {P} bedroom is {v} now",
        "What colour did {S} paint the bedroom? / Which colour did {S} choose for the bedroom? / What "
        "colour are the walls where {S} {sleeps|sleep}? / What colour is {P} bedroom?",
        "what colour {S} painted the bedroom", "{S} painted the bedroom {v}."),
    relation("afraid of", "animal",
        "{S} {is} afraid of every {v} / {S} {is} scared of anything like a {v} / the sight of a {v} "
        "frightens {O}",
        "What {is} {S} afraid of? / Which animal frightens {O}? / Which creature {is} {S} scared of? / What "
        "is {P} biggest fear among the animals?",
        "what {S} {is} afraid of", "{S} {is} afraid of every {v}."),
    relation("saving for", "device",
        "{S} {is} saving for a {v} / {S} {wants|want} to buy a {v} / {S} {dreams|dream} of a {v}",
        "What {is} {S} saving for? / What {does|do} {S} want to buy? / What {does|do} {S} dream of buying? "
        "/ What is {P} money being saved for?",
        "what {S} {is} saving for", "{S} {is} saving for a {v}."),
    relation("birthday gift", "device",
        "{S} got a {v} for the last birthday / the birthday gift for {O} was a {v}",
        "What did {S} get for the birthday? / Which birthday gift did {S} get? / What was {P} birthday "
        "present? / What did people give {O} for the birthday?",
        "what {S} got for the birthday", "{S} got a {v}."),
    relation("met", "full_name",
        "{S} met {v} at the station / {S} ran into {v} yesterday / {S} had lunch with {v}",
        "Who did {S} meet? / Who did {S} run into? / Who did {S} have lunch with? / Whom did {S} bump into?",
        "who {S} met", "{S} met {v}."),
)  # fmt: skip
