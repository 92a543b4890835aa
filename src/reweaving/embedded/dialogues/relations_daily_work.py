"""Facts of work and school in everyday words: said in one way, asked for in another."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_WORK: tuple[Relation, ...] = (
    relation("quarterly review in", "room", "the quarterly review is in {v} this time / please come straight "
        "to {v}, we're holding the quarterly review there / they're painting upstairs, so our quarterly "
        "review got shifted to {v}", "Where is the quarterly review? / Which room do we go to for the "
        "quarterly review? / Where are we going over the quarter's results?", "where the quarterly review is",
        "The quarterly review is in {v}.", "common"),
    relation("chief away until", "date", "our boss is away until {v} / we won't see the boss before {v}, so "
        "no signatures for a while / the head of our department is taking a long holiday, right up to {v}",
        "When does our boss return? / Until when is our boss on leave? / When can we speak to the boss again?",
        "when our boss returns", "Your boss is away until {v}.", "common"),
    relation("joined the team", "name", "we have a new colleague called {v} / {v} has joined our team and got "
        "the desk by the window / I showed {v} around the office today, so our team is complete again",
        "Who is new in our team? / What is our new colleague called? / Who started working with us?",
        "who is new in our team", "The new one in your team is {v}.", "common"),
    relation("angry client", "company", "{v} complained about our late delivery / we had an angry call from "
        "{v} because the goods came late / I spent the morning calming down {v}, after our delivery got stuck",
        "Which client is angry with us? / Who complained about our delivery? / Which customer is unhappy with "
        "us?", "which client complained", "The client who complained is {v}.", "common"),
    relation("team lunch at", "word", "we're having the team lunch at {v} / the whole team goes to {v} for "
        "lunch on the last day before the break / I booked {v} for our team lunch because everyone likes the "
        "food there", "Where is our team lunch? / Which restaurant are we going to with the team? / Where is "
        "everyone from work going to eat?", "where the team lunch is", "The team lunch is at {v}.", "common"),
    relation("copier wants", "pin", "the copier at work wants {v} before it does anything / key in {v} if you "
        "need photocopies at our office / I keep forgetting that our copier starts with {v}",
        "How do I unlock the copier? / Which code does the copier at work want? / What do I type in to make "
        "photocopies?", "how the copier is unlocked", "The copier starts with {v}.", "common"),
    relation("fair held in", "city", "our stand at the trade fair in {v} is confirmed / this year the firm "
        "shows its products at a fair in {v} / I'm packing brochures already, since we're off to the fair in "
        "{v}", "Where is the trade fair? / Which city is our fair in? / Where are we exhibiting this year?",
        "where the trade fair is", "The trade fair is in {v}.", "common"),
    relation("farewell bouquet", "flower", "we got our secretary {v} as a farewell / for the secretary's last "
        "day I bought {v} on behalf of everyone / the secretary cried when we said goodbye and handed over "
        "the {v}", "Which flowers did our secretary get? / What was in the bouquet for the secretary? / What "
        "did we give the secretary when she left?", "which flowers the secretary got",
        "You gave the secretary {v}.", "common"),
    relation("big presentation on", "date", "the big presentation has been moved to {v} / we now give the big "
        "presentation on {v} / I can breathe again, our big presentation isn't until {v}",
        "When is the big presentation? / On what day do we present? / When do we have to show our slides?",
        "when the big presentation is", "The big presentation is on {v}.", "common"),
    relation("bid handed in", "day_time",
        "our offer for the new school building has to be in by {v} / we must get the bid for the school "
        "building finished by {v} / nobody sleeps much, since the tender for the school building closes on {v}",
        "When do we have to hand in the bid? / By when must our offer be in? / When is the cut-off for the "
        "tender?", "when the bid has to be in", "The bid has to be in by {v}.", "common"),
    relation("budget cut by", "amount", "they cut our department's budget by {v} / we have {v} less to spend "
        "in our department from now on / with {v} gone from our department's budget we can't hire anyone",
        "How much did they take from our budget? / By how much was our department's budget cut? / How much "
        "less money does our department get?", "how much the budget was cut by", "Your department's budget "
        "was cut by {v}.", "common"),
    relation("uniforms come in", "colour", "our new work uniforms are {v} / from now on we all have to wear "
        "{v} at work / I look awful in {v}, but that's what they chose for our new uniforms",
        "What colour are the new uniforms? / Which colour do we have to wear at work? / In what colour are we "
        "supposed to turn up at work?", "what colour the new uniforms are", "Your new uniforms are {v}.",
        "common"),
    relation("fire drill at", "time", "the fire drill is at {v} / the alarm will go off at {v}, but it's only "
        "the fire drill / save your work before {v}, because then we all have to leave the building for the "
        "drill", "When is the fire drill? / What time do we all have to go outside? / At what time will they "
        "test the fire alarm?", "when the fire drill is", "The fire drill is at {v}.", "common"),
    relation("canteen serves", "food", "the canteen has {v} today / at lunch our canteen is doing {v} / the "
        "queue in our canteen was endless because of the {v}",
        "What's on at the canteen? / What can we have for lunch at work? / What is our canteen serving?",
        "what the canteen is serving", "The canteen has {v}.", "common"),
    relation("minutes kept by", "name", "{v} is writing the minutes this time / we asked {v} to take notes at "
        "the meeting / thank goodness {v} is keeping the minutes, I'd forget half of it",
        "Who takes the minutes? / Who is writing everything down at the meeting? / Whose job is it to make "
        "notes for us?", "who takes the minutes", "The minutes are taken by {v}.", "common"),
    relation("class trip to", "city", "our class is going to {v} on the school trip / the school trip takes "
        "us to {v} / I need a packed lunch because we're off to {v} with the class",
        "Where is the school trip going? / Where is our class travelling to? / Which city will we see with "
        "the others from school?", "where the school trip is going", "Your class is going to {v}.", "common"),
    relation("exam written in", "room", "we sit the final exam in {v} / for the final exam they put us in {v} "
        "/ I nearly went to the wrong door, our final exam got shifted to {v}",
        "Where is our final exam? / Which room is the final exam in? / Where do we have to be for the exam?",
        "where the final exam is", "The final exam is in {v}.", "common"),
    relation("study group meets", "schedule", "our study group meets {v} / we get together {v} and learn for "
        "the exams / I can't go out {v}, that's when our study group sits down together",
        "When does our study group meet? / When do we study together? / On which days do I learn with the "
        "others?", "when our study group meets", "Your study group meets {v}.", "common"),
    relation("drama club plays", "title", "the drama club is putting on {v} / in the drama club we're "
        "rehearsing {v} / I have a tiny part in {v}, the piece our drama club is doing",
        "Which play is the drama club doing? / What are we rehearsing in the drama club? / What will our "
        "theatre group perform?", "which play the drama club is doing", "The drama club is doing {v}.",
        "common"),
    relation("band released", "title", "our new single is called {v} / we finally recorded {v} with the band "
        "/ everybody hums {v} since our band put it out",
        "What is our new single called? / Which song did our band record? / What is the name of the track we "
        "made?", "what your band's new single is called", "Your new single is {v}.", "common"),
    relation("firm taken over by", "company", "our firm was bought by {v} / we belong to {v} now, the sale "
        "went through / since {v} took us over, everything at work needs a form",
        "Who bought our firm? / Which company took us over? / Who does our firm belong to now?",
        "who bought our firm", "Your firm was bought by {v}.", "common"),
    relation("works outing with", "hobby", "our works outing is all about {v} this year / the firm is "
        "treating us to a day of {v} / I'll need old clothes for the outing, since we're trying {v} with the "
        "whole office", "What are we doing on the works outing? / What did the firm plan for our day out? / "
        "What will we try together with the people from work?", "what we are doing on the works outing",
        "Your works outing is all about {v}.", "common"),
    relation("strike went on for", "duration", "the strike at our plant went on for {v} / we stood outside "
        "the factory on strike for {v} before they gave in / nothing left our plant for {v}, because all of "
        "us were on strike", "How long did the strike last? / For how long did we refuse to work? / How long "
        "did our plant stand still?", "how long the strike lasted", "The strike lasted {v}.", "common"),
    relation("learned trade from", "full_name", "{v} showed {O} the ropes at work / everything {S} "
        "{knows|know} about the trade comes from {v} / {S} {has|have} {v} to thank for learning the job so "
        "fast", "Who taught {O} the job? / Who showed {O} the ropes? / Who did {S} learn the trade from?",
        "who taught {O} the job", "{S} learned the job from {v}."),
    relation("covered by", "name", "{v} covers for {O} during the holidays / as long as {S} {is} away, {v} "
        "answers the mails / ask {v}, who does {P} work this week",
        "Who stands in for {O}? / Who is doing {P} work at the moment? / Who fills in for {O} at the office?",
        "who stands in for {O}", "The one who stands in for {O} is {v}."),
    relation("nerves wrecked by", "name", "{v} from the office drives {O} mad / {S} can't bear sitting next "
        "to {v} at work, all that humming / {S} often {comes|come} home cross because of {v} at the office",
        "Who gets on {P} nerves at work? / Which colleague {does|do} {S} find annoying? / Who makes work hard "
        "for {O}?", "who gets on {P} nerves at work", "The one who gets on {P} nerves is {v}."),
    relation("landed contract with", "company", "{S} landed a big contract with {v} / {v} signed {P} offer, "
        "so there is work for the whole year / {S} danced through the office when {v} said yes to the offer",
        "Which client did {S} win? / Who gave {O} the big order? / Who accepted {P} offer?",
        "which client {S} won", "{S} won {v} as a client."),
    relation("laid off by", "company", "{v} let {O} go / {S} got the sack at {v} / {S} {is} looking for "
        "something new, now that {v} has cut the job", "Who laid {O} off? / Which firm did {S} lose the job "
        "at? / Who fired {O}?", "who laid {O} off", "{S} {was} laid off by {v}."),
    relation("stage role as", "job", "{S} {plays|play} a {v} in the theatre piece / on stage {S} {is} a {v} / "
        "{S} still {needs|need} a costume for the play, the part is that of a {v}",
        "What role {does|do} {S} have in the play? / Who {does|do} {S} play on stage? / What part did {S} get?",
        "what role {S} {has|have} in the play", "{S} {plays|play} a {v}."),
    relation("told to become", "job", "the careers adviser told {O} to become a {v} / according to the "
        "careers test {S} should be a {v} / {S} laughed out loud when the careers adviser said that a {v} was "
        "the right thing to be", "What did the careers adviser suggest to {O}? / Which career was recommended "
        "to {O}? / What should {S} become, according to the experts?", "which career was recommended to {O}",
        "It was suggested that {S} become a {v}."),
    relation("leaves firm on", "date", "{P} last day at the firm is {v} / {S} quit and will be with the firm "
        "until {v} / {S} handed in the notice and {has|have} until {v} to empty the desk",
        "When {is} {S} leaving the firm? / What is {P} last day at work? / Until when will {S} be in the "
        "office?", "when {S} {is} leaving the firm", "{P} last day at work is {v}."),
    relation("appraisal on", "day_time", "{S} {has|have} the yearly talk with the boss on {v} / the boss "
        "wants to see {O} on {v} to talk about the past year / {S} {is} nervous, as the appraisal is on {v}",
        "When is {P} appraisal? / When {does|do} {S} talk to the boss about the year? / When is {P} "
        "performance review?", "when {P} appraisal is", "{P} appraisal is on {v}."),
    relation("works nights", "schedule", "{S} {works|work} nights {v} / {P} night shift is {v} / please be "
        "quiet in the mornings, {S} {has|have} night duty {v}",
        "When {does|do} {S} work nights? / When {is} {S} on duty at night? / How often {does|do} {S} have the "
        "night shift?", "when {S} {works|work} nights", "{S} {works|work} nights {v}."),
    relation("overtime saved", "duration", "{S} {has|have} {v} of overtime saved up / the firm still owes {O} "
        "{v} off for all the late evenings / all those late evenings have added up to {v} that {S} can take "
        "off", "How much overtime {does|do} {S} have? / How much time off does the firm owe {O}? / How long "
        "could {S} stay home for all the extra work?", "how much overtime {S} {has|have}",
        "{S} {has|have} {v} of overtime."),
    relation("raise of", "amount", "{S} got a raise of {v} / {P} pay is going up by {v} / {S} had a word with "
        "the boss and came out with {v} more a month", "How big was {P} raise? / How much more {does|do} {S} "
        "get now? / By how much did {P} wages go up?", "how big {P} raise was", "{P} raise was {v}."),
    relation("charges an hour", "amount", "an hour of {P} work costs {v} / {S} {charges|charge} {v} an hour "
        "for private lessons / people think twice before booking {O}, as an hour costs {v}",
        "What {does|do} {S} charge? / How much does an hour with {O} cost? / What do people pay {O} for an "
        "hour?", "what {S} {charges|charge} an hour", "{S} {charges|charge} {v} an hour."),
    relation("paper printed in", "word", "{S} got an article into {v}, the journal / the journal {v} took {P} "
        "paper / {S} {is} over the moon now that the study is out in the journal {v}",
        "Where was {P} paper published? / Which journal took {P} article? / Where can people read what {S} "
        "found out?", "which journal took {P} article", "{P} article came out in {v}."),
    relation("pictures drawn by", "full_name",
        "{v} is drawing the pictures for {P} children's book / for the pictures in the children's book {S} "
        "hired {v} / {S} couldn't be happier with what {v} painted for the children's book",
        "Who illustrates {P} children's book? / Who does the drawings for {O}? / Which artist {does|do} {S} "
        "work with?", "who illustrates {P} children's book", "{P} children's book is illustrated by {v}."),
    relation("texts checked by", "full_name", "{v} goes over everything {S} {writes|write} / {P} chapters get "
        "corrected by {v} / {S} never {sends|send} off a text before {v} has hunted for mistakes in it",
        "Who checks {P} texts? / Who corrects what {S} {writes|write}? / Who finds the errors in {P} writing?",
        "who checks {P} texts", "{P} texts are checked by {v}."),
    relation("story set in", "city", "{P} story takes place in {v} / {S} put the whole story in {v}, without "
        "ever having been there / {S} {is} poring over old maps of {v} to get the streets in the story right",
        "Where is {P} story set? / Which city did {S} choose for the story? / Where do the people in {P} "
        "story live?", "where {P} story is set", "{P} story is set in {v}."),
    relation("picture book about", "animal", "{P} picture book is about a {v} that can't sleep / {S} invented "
        "a talking {v} for the picture book / children adore the funny {v} that {S} drew for the picture book",
        "Which animal is in {P} picture book? / What creature did {S} draw for children? / Who is the hero of "
        "{P} picture book?", "which animal {P} picture book is about", "{P} picture book is about a {v}."),
    relation("sculpts in", "material", "{P} sculptures are all made of {v} / {S} {makes|make} art out of {v} "
        "/ there's {v} all over the studio since {S} took up sculpture",
        "What {does|do} {S} make sculptures from? / Which material {does|do} {S} use for art? / What are {P} "
        "artworks made of?", "what {S} {makes|make} sculptures from", "{P} sculptures are made of {v}."),
    relation("exhibits at", "word", "the {v} gallery is showing {P} paintings / {S} {has|have} pictures "
        "hanging in the {v} gallery / we drank far too much when {P} show opened at the {v} gallery",
        "Which gallery shows {P} paintings? / Where can people see {P} pictures? / Where {is} {S} exhibiting?",
        "which gallery shows {P} paintings", "{P} paintings are at the {v} gallery."),
    relation("extra lessons in", "study", "{S} {gets|get} extra lessons in {v} / {S} {has|have} to catch up "
        "on {v} and sees a tutor for it / without help {S} won't pass {v}", "Which subject {does|do} {S} need "
        "help with? / What {does|do} {S} get extra lessons in? / What {does|do} {S} find hard at school?",
        "which subject {S} {needs|need} help with", "{S} {needs|need} help with {v}."),
    relation("essay due on", "day_time", "{P} essay has to be handed in on {v} / the professor wants {P} "
        "essay on {v} / {S} can't come out to play cards, the essay is due on {v}",
        "When is {P} essay due? / By when {does|do} {S} have to finish the essay? / When will the professor "
        "get {P} text?", "when {P} essay is due", "{P} essay is due on {v}."),
    relation("scholarship pays", "amount", "{S} won a scholarship of {v} a month / a foundation gives {O} {v} "
        "a month to study / {S} can stop waiting tables, as the scholarship brings in {v} a month",
        "How much is {P} scholarship? / How much money does the foundation give {O}? / What {does|do} {S} get "
        "every month for studying?", "how much {P} scholarship is", "{P} scholarship is {v} a month."),
    relation("term abroad in", "country", "{S} will spend a term abroad in {v} / {P} exchange year is in {v} "
        "/ {S} {is} giving up the flat and will go to lectures in {v} for a while",
        "Where {is} {S} going to study abroad? / Which country is {P} exchange in? / Where will {S} be an "
        "exchange student?", "where {S} will study abroad", "{S} will study in {v}."),
    relation("needs for job", "language", "{S} {has|have} to learn {v} for the new job / the firm pays for "
        "{P} {v} lessons / {S} {mutters|mutter} {v} words on the train, because the new clients speak nothing "
        "else", "Which language {is} {S} learning for work? / What language lessons does the firm want {O} to "
        "take? / What {does|do} {S} need to speak at work?", "which language {S} {is} learning for work",
        "{S} {is} learning {v} for work."),
    relation("sips at desk", "drink", "there's always {v} on {P} desk / {S} {gets|get} through the afternoon "
        "at work on {v} / {S} spilled {v} over the keyboard again, as on most days at work",
        "What {does|do} {S} drink at work? / What keeps {O} going at the office? / What can people bring {O} "
        "to drink at the desk?", "what {S} {drinks|drink} at work", "{S} {drinks|drink} {v} at work."),
    relation("recommended by", "full_name", "{v} wrote {O} a glowing reference / {S} got the job thanks to a "
        "letter from {v} / {S} sent {v} chocolates for putting in a good word with the new firm",
        "Who recommended {O}? / Who wrote {P} reference? / Who helped {O} to get the job?",
        "who recommended {O}", "{S} {was} recommended by {v}."),
    relation("lured by", "company", "{v} is trying to lure {O} away with a better offer / a headhunter rang "
        "{O} about a post at {v} / {S} {is} tempted to say yes to {v}, the pay on offer is so good",
        "Which firm wants to hire {O}? / Who made {O} a job offer? / Where could {S} go and work?",
        "which firm wants to hire {O}", "The firm that wants to hire {O} is {v}."),
    relation("manages people", "small_number", "{S} {has|have} {v} people to look after at work / {v} people "
        "answer to {O} at the firm / {S} {needs|need} a bigger office, with a team of {v} people to lead",
        "How many people {does|do} {S} manage? / How big is {P} team? / How many people {is} {S} in charge of?",
        "how many people {S} {manages|manage}", "{S} {manages|manage} {v} people."),
    relation("home with baby until", "date", "{S} {stays|stay} at home with the baby until {v} / {P} parental "
        "leave goes up to {v} / the office won't see {O} before {v}, because of the baby",
        "Until when {is} {S} on parental leave? / When does {P} baby break end? / When will the firm have {O} "
        "back?", "until when {S} {is} on parental leave", "{P} parental leave lasts until {v}."),
    relation("ask about it", "full_name", "if you have a question about {S}, go to {v} / {v} knows all there "
        "is to know about {S} / I never worry about {S}, because {v} has every answer",
        "Who knows everything about {S}? / Who do I ask when I don't understand something about {S}? / Who is "
        "the expert on {S}?", "who knows everything about {S}",
        "The one who knows everything about {S} is {v}.", "thing"),
    relation("article about it by", "full_name", "{v} wrote a long article about {S} / the piece about {S} in "
        "the newspaper is by {v} / everybody talks about {S}, ever since {v} put it in the paper",
        "Who wrote about {S}? / Which journalist reported on {S}? / Who got {S} into the newspaper?",
        "who wrote about {S}", "The one who wrote about {S} is {v}.", "thing"),
    relation("my text about it", "title", "I wrote a little text about {S} and called it {v} / {v} is a story "
        "I made up about {S} / my aunt loved {v}, the poem that I wrote about {S}",
        "What did I call my text about {S}? / What is the title of what I wrote about {S}? / Under what name "
        "can people read my piece about {S}?", "what my text about {S} is called", "Your text about {S} is "
        "called {v}.", "thing"),
    relation("minded by", "name", "when I'm away, {v} takes care of {S} / {v} minds {S} for me during the "
        "holidays / I can travel in peace, because {v} keeps an eye on {S}",
        "Who takes care of {S} when I'm not here? / Who do I leave in charge of {S}? / Who looks after {S} "
        "for me?", "who takes care of {S}", "{S} is taken care of by {v}.", "thing"),
    relation("changes hands on", "date", "from {v} on somebody else will be in charge of {S} / we hand over "
        "{S} on {v} / I only have to worry about {S} until {v}, then others take over",
        "When do we hand over {S}? / When does {S} stop being our job? / When will others take over {S}?",
        "when we hand over {S}", "You hand over {S} on {v}.", "thing"),
    relation("gone over", "schedule", "we go over {S} {v}, to see if everything is fine / {v} we check how "
        "things stand with {S} / I can't have visitors {v}, since that's when I see to {S}",
        "How often do we go over {S}? / When do we check on {S}? / When do I have time set aside for {S}?",
        "how often we go over {S}", "You go over {S} {v}.", "thing"),
    relation("time eaten by", "duration", "so far {S} has eaten up {v} of my time / I've put {v} of work into "
        "{S} / my family keeps count, and it's {v} that I've spent on {S} by now",
        "How much of my time has {S} taken? / How long have I worked on {S} by now? / How much time went into "
        "{S}?", "how much time {S} has taken", "{S} has taken {v} of your time.", "thing"),
    relation("photographed by", "full_name", "{v} took the photos of {S} / the photos of {S} in the brochure "
        "are by {v} / everybody likes {S} in the pictures, so {v} must be good with a camera",
        "Who photographed {S}? / Who took the pictures of {S}? / Which photographer had {S} in front of the "
        "lens?", "who photographed {S}", "The photos of {S} were taken by {v}.", "thing"),
)  # fmt: skip
