"""Facts of work and school in everyday words: said in one way, asked for in another."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_WORK: tuple[Relation, ...] = (
    relation("quarterly review in", "room", "the quarterly review is in {v} this time / we're holding the "
        "quarterly review in {v}, so please come straight there / they're painting upstairs, so our quarterly "
        "review got moved to {v}", "Where is the quarterly review? / Which room do we go to for the quarterly "
        "review? / Where are we meeting for the quarterly review?", "where the quarterly review is",
        "The quarterly review is in {v}.", "common"),
    relation("chief away until", "date", "our boss is away until {v} / our boss is on leave until {v}, so no "
        "signatures for a while / we have to manage without our boss, who will be away until {v}",
        "Until when is our boss away? / Until when will our boss be gone? / When is our boss back?",
        "until when our boss is away", "Your boss is away until {v}.", "common"),
    relation("joined the team", "name", "we have a new colleague in our team called {v} / the person who is "
        "new in our team is called {v} / our team is complete again with a new colleague, {v}",
        "Who is new in our team? / What is our new colleague called? / Who joined our team?",
        "who is new in our team", "The new one in your team is {v}.", "common"),
    relation("angry client", "company", "the client who complained about our late delivery is {v} / we had a "
        "client complain about our late delivery, {v} / our delivery came late, and the client who complained "
        "about it is {v}", "Which client complained? / Who complained about our delivery? / Which customer is "
        "unhappy with us?", "which client complained", "The client who complained is {v}.", "common"),
    relation("team lunch at", "word", "we're having the team lunch at {v} / the whole team goes for lunch at "
        "{v} on the last day before the break / I booked a table for our team lunch at {v}, because everyone "
        "likes the food there", "Where is our team lunch? / Which restaurant is our team lunch at? / Where is "
        "the team going to eat?", "where the team lunch is", "The team lunch is at {v}.", "common"),
    relation("copier wants", "pin", "the copier at work unlocks with the code {v} / the copier at work wants "
        "the code {v} before it does anything / I keep forgetting the code for our copier, which is {v}",
        "Which code unlocks the copier? / What is the code for the copier at work? / What do I type in to make "
        "photocopies?", "which code unlocks the copier", "The code that unlocks the copier is {v}.", "common"),
    relation("fair held in", "city", "our stand at the trade fair in {v} is confirmed / this year our trade "
        "fair is held in {v} / I'm packing brochures already, since we're off to the trade fair in {v}",
        "Where is the trade fair? / Which city is our trade fair in? / Where are we going for the fair?",
        "where the trade fair is", "The trade fair is in {v}.", "common"),
    relation("farewell bouquet", "flower", "the flowers our secretary got as a farewell were {v} / when our "
        "secretary left, we gave her a bouquet of {v} / our secretary cried when she got her farewell bouquet "
        "of {v}", "Which flowers did our secretary get? / What was in the bouquet for the secretary? / What "
        "flowers did we give the secretary?", "which flowers the secretary got", "The flowers the secretary "
        "got were {v}.", "common"),
    relation("big presentation on", "date", "the big presentation has been moved to {v} / we now give the big "
        "presentation on {v} / I can breathe again, our big presentation isn't until {v}",
        "When is the big presentation? / On what day do we give the presentation? / When are we presenting?",
        "when the big presentation is", "The big presentation is on {v}.", "common"),
    relation("bid handed in", "day_time", "our bid for the new school building has to be in by {v} / we must "
        "hand in the bid for the school building by {v} / nobody sleeps much, since our bid for the school "
        "building is due by {v}", "When do we have to hand in the bid? / By when must our bid be in? / When is "
        "the deadline for our bid?", "by when the bid has to be in", "The bid has to be in by {v}.", "common"),
    relation("budget cut by", "amount", "they cut our department's budget by {v} / our department had its "
        "budget cut by {v} / our department's budget has shrunk by {v}, so we can't hire anyone",
        "How much was our budget cut by? / By how much did our department's budget shrink? / How much less "
        "money does our department get?", "how much our department's budget was cut by",
        "Your department's budget was cut by {v}.", "common"),
    relation("uniforms come in", "colour", "our new work uniforms are {v} / the colour of the new uniforms we "
        "have to wear at work is {v} / I look awful in our new uniforms, which are {v}",
        "What colour are the new uniforms? / Which colour are our uniforms at work? / What colour did they "
        "choose for our uniforms?", "what colour the new uniforms are", "Your new uniforms are {v}.",
        "common"),
    relation("fire drill at", "time", "the fire drill is at {v} / don't be scared of the alarm, we're having a "
        "fire drill at {v} / for the fire drill we all have to leave the building at {v}",
        "When is the fire drill? / What time is the fire drill? / At what time are we having the drill?",
        "when the fire drill is", "The fire drill is at {v}.", "common"),
    relation("canteen serves", "food", "the canteen has {v} today / our canteen is serving {v} for lunch / the "
        "queue was endless, because our canteen is serving {v}", "What's on at the canteen? / What can we eat "
        "in the canteen? / What is our canteen serving?", "what the canteen is serving",
        "The canteen is serving {v}.", "common"),
    relation("minutes kept by", "name", "the minutes are taken by {v} this time / the one who takes the "
        "minutes at our meeting is {v} / thank goodness the minutes are being written by {v}, I'd forget half "
        "of it", "Who takes the minutes? / Who is writing the minutes at the meeting? / Who is taking notes at "
        "the meeting?", "who takes the minutes", "The minutes are taken by {v}.", "common"),
    relation("class trip to", "city", "our class is going on the school trip to {v} / the school trip takes "
        "our class to {v} / I need a packed lunch, because the school trip is going to {v}",
        "Where is the school trip going? / Where does the trip take our class? / Which city is the school trip "
        "to?", "where the school trip is going", "The school trip is going to {v}.", "common"),
    relation("exam written in", "room", "we sit the final exam in {v} / our final exam is in {v} / I nearly "
        "went to the wrong door, our final exam got moved to {v}", "Where is our final exam? / Which room is "
        "the final exam in? / Where do we have to be for the exam?", "where the final exam is",
        "The final exam is in {v}.", "common"),
    relation("study group meets", "schedule", "our study group meets {v} / we meet with our study group {v} to "
        "learn for the exams / I can't go out then, because our study group gets together {v}",
        "When does our study group meet? / When do we meet to study? / When does the study group get together?",
        "when our study group meets", "Your study group meets {v}.", "common"),
    relation("drama club plays", "title", "the drama club is doing a play called {v} / the play we're "
        "rehearsing in the drama club is {v} / I have a tiny part in the play our drama club is doing, {v}",
        "Which play is the drama club doing? / What is our drama club's play called? / What will our theatre "
        "group perform?", "which play the drama club is doing", "The play the drama club is doing is {v}.",
        "common"),
    relation("band released", "title", "our band's new single is called {v} / we finally recorded a new single "
        "with our band, {v} / everybody hums the new single from our band, {v}", "What is our new single "
        "called? / Which song is our band's new single? / What is the name of our band's new song?",
        "what our band's new single is called", "Your band's new single is called {v}.", "common"),
    relation("firm taken over by", "company", "our firm was bought by {v} / our firm was sold and now belongs "
        "to {v} / our firm was taken over by {v}, so everything at work needs a form",
        "Who bought our firm? / Which company took over our firm? / Who does our firm belong to now?",
        "who bought our firm", "Your firm was bought by {v}.", "common"),
    relation("works outing with", "hobby", "our works outing is all about {v} this year / for our works outing "
        "the firm has planned a day of {v} / I'll need old clothes for our works outing, since the plan is {v}",
        "What are we doing on the works outing? / What is planned for our works outing? / What will we do on "
        "our day out with the firm?", "what our works outing is about", "Your works outing is about {v}.",
        "common"),
    relation("strike went on for", "duration", "the strike at our plant went on for {v} / we were on strike at "
        "our plant for {v} before they gave in / nothing left our plant during the strike, which lasted {v}",
        "How long did the strike last? / For how long were we on strike? / How long did the strike at our "
        "plant go on?", "how long the strike lasted", "The strike lasted {v}.", "common"),
    relation("learned trade from", "full_name", "{S} learned the job from {v} / {S} {was} taught the job by "
        "{v} / at work {S} {was} shown the ropes by {v}", "Who taught {O} the job? / Who showed {O} the ropes "
        "at work? / Who did {S} learn the job from?", "who {S} learned the job from",
        "{S} learned the job from {v}."),
    relation("covered by", "name", "{P} work is covered by {v} during the holidays / the colleague who stands "
        "in for {O} is {v} / {P} stand-in at the office this week is {v}", "Who stands in for {O}? / Who "
        "covers {P} work? / Who fills in for {O} at the office?", "who stands in for {O}",
        "The one who stands in for {O} is {v}."),
    relation("nerves wrecked by", "name", "the colleague who gets on {P} nerves is {v} / {S} {finds|find} one "
        "colleague at the office very annoying, {v} / all day at work {S} {is} annoyed by a colleague, {v}",
        "Who gets on {P} nerves at work? / Which colleague {does|do} {S} find annoying? / Which colleague "
        "annoys {O}?", "which colleague gets on {P} nerves", "The colleague who gets on {P} nerves is {v}."),
    relation("landed contract with", "company", "{S} won a big contract with {v} / {S} won a new client with a "
        "big contract, {v} / the client who gave {O} the big contract is {v}", "Which client did {S} win? / "
        "Who did {S} win the big contract with? / Who gave {O} the big contract?", "which client {S} won",
        "The client {S} won is {v}."),
    relation("laid off by", "company", "{S} {was} laid off by {v} / {S} got the sack and lost the job at {v} / "
        "{S} {is} looking for something new after being laid off by {v}", "Who laid {O} off? / Which firm did "
        "{S} lose the job at? / Who fired {O}?", "who laid {O} off", "{S} {was} laid off by {v}."),
    relation("stage role as", "job", "in the play {S} {has|have} the role of a {v} / on stage {S} {plays|play} "
        "the part of a {v} / {S} still {needs|need} a costume for the role in the play, that of a {v}",
        "What role {does|do} {S} have in the play? / Who {does|do} {S} play on stage? / What part did {S} get "
        "in the play?", "what role {S} {has|have} in the play", "The role {S} {has|have} in the play is that "
        "of a {v}."),
    relation("told to become", "job", "the careers adviser told {O} to become a {v} / the careers adviser "
        "recommended to {O} the job of a {v} / {S} laughed at the careers adviser's advice to become a {v}",
        "What did the careers adviser recommend to {O}? / Which career was recommended to {O}? / What should "
        "{S} become, according to the careers adviser?", "which career was recommended to {O}",
        "The career recommended to {O} was that of a {v}."),
    relation("leaves firm on", "date", "{P} last day at the firm is {v} / {S} {is} leaving the firm on {v} / "
        "{S} handed in the notice and will leave the firm on {v}", "When {is} {S} leaving the firm? / When is "
        "{P} last day at work? / On what day will {S} leave the firm?", "when {S} {is} leaving the firm",
        "{S} {is} leaving the firm on {v}."),
    relation("appraisal on", "day_time", "{P} appraisal is on {v} / {S} {has|have} the yearly appraisal with "
        "the boss on {v} / {S} {is} nervous, as the appraisal is on {v}", "When is {P} appraisal? / When "
        "{does|do} {S} have the appraisal? / When is {P} performance review?", "when {P} appraisal is",
        "{P} appraisal is on {v}."),
    relation("works nights", "schedule", "{S} {works|work} nights {v} / {S} {has|have} the night shift {v} / "
        "please be quiet in the mornings, {S} {works|work} at night {v}", "When {does|do} {S} work nights? / "
        "When {is} {S} on duty at night? / When {does|do} {S} have the night shift?",
        "when {S} {works|work} nights", "{S} {works|work} nights {v}."),
    relation("overtime saved", "duration", "{S} {has|have} saved up overtime of {v} / {P} overtime at the firm "
        "comes to {v} / after all those late evenings {P} overtime is up to {v}", "How much overtime {does|do} "
        "{S} have? / How much overtime {has|have} {S} saved up? / How long is {P} overtime by now?",
        "how much overtime {S} {has|have}", "The overtime {S} {has|have} is {v}."),
    relation("raise of", "amount", "{S} got a raise of {v} / {P} pay is going up by {v} / {S} had a word with "
        "the boss and came out with a raise of {v}", "How big is {P} raise? / How much of a raise did {S} get? "
        "/ By how much is {P} pay going up?", "how big {P} raise is", "{P} raise is {v}."),
    relation("charges an hour", "amount", "an hour of {P} work costs {v} / for an hour of work {S} "
        "{charges|charge} {v} / people think twice before booking {O}, as an hour costs {v}",
        "What {does|do} {S} charge an hour? / How much does an hour with {O} cost? / What do people pay {O} "
        "for an hour?", "what {S} {charges|charge} an hour", "{S} {charges|charge} {v} an hour."),
    relation("paper printed in", "word", "{S} got an article into the journal {v} / {P} article was published "
        "in the journal {v} / {S} {is} over the moon now that the article is out in the journal {v}",
        "Where was {P} article published? / Which journal took {P} article? / Which journal is {P} article in?",
        "which journal took {P} article", "The journal that took {P} article is {v}."),
    relation("pictures drawn by", "full_name", "{P} children's book is illustrated by {v} / for the pictures "
        "in the children's book {S} hired {v} / the pictures in {P} children's book are drawn by {v}",
        "Who illustrates {P} children's book? / Who draws the pictures for {P} children's book? / Which artist "
        "does the drawings for {P} book?", "who illustrates {P} children's book", "{P} children's book is "
        "illustrated by {v}."),
    relation("texts checked by", "full_name", "{P} texts are all checked by {v} / {S} {has|have} every text "
        "checked and corrected by {v} / {S} never {sends|send} off a text before it has been checked by {v}",
        "Who checks {P} texts? / Who corrects {P} texts? / Who looks for errors in {P} texts?",
        "who checks {P} texts", "{P} texts are checked by {v}."),
    relation("story set in", "city", "{P} story takes place in {v} / {S} set the whole story in {v} / {S} {is} "
        "poring over old maps, because the story is set in {v}", "Where is {P} story set? / Which city is {P} "
        "story set in? / Where does {P} story take place?", "where {P} story is set",
        "{P} story is set in {v}."),
    relation("picture book about", "animal", "{P} picture book is about a {v} that can't sleep / {S} made a "
        "picture book about a talking {v} / the animal in {P} picture book is a {v}",
        "Which animal is in {P} picture book? / What animal is {P} picture book about? / Who is the hero of "
        "{P} picture book?", "which animal {P} picture book is about", "{P} picture book is about a {v}."),
    relation("sculpts in", "material", "{P} sculptures are all made of {v} / {S} {makes|make} sculptures out "
        "of {v} / the material {S} always {uses|use} for sculptures is {v}", "What {does|do} {S} make "
        "sculptures from? / Which material {does|do} {S} use for sculptures? / What are {P} artworks made of?",
        "what {S} {makes|make} sculptures from", "{S} {makes|make} sculptures from {v}."),
    relation("exhibits at", "word", "the gallery that shows {P} paintings is called {v} / {S} {has|have} "
        "paintings hanging in a gallery called {v} / {P} paintings are on show at the gallery {v}",
        "Which gallery shows {P} paintings? / Where can people see {P} paintings? / In which gallery {is} {S} "
        "exhibiting?", "which gallery shows {P} paintings", "The gallery that shows {P} paintings is {v}."),
    relation("extra lessons in", "study", "{S} {gets|get} extra lessons in {v} / {S} {has|have} to catch up "
        "and {gets|get} extra lessons in {v} / {S} {sees|see} a tutor after school for lessons in {v}",
        "Which subject {does|do} {S} get extra lessons in? / What {does|do} {S} get extra lessons in? / What "
        "subject {does|do} {S} have a tutor for?", "which subject {S} {gets|get} extra lessons in",
        "{S} {gets|get} extra lessons in {v}."),
    relation("essay due on", "day_time", "{P} essay has to be handed in on {v} / {P} essay for the professor "
        "is due on {v} / {S} can't come out to play cards, with an essay due on {v}",
        "When is {P} essay due? / When {does|do} {S} have to hand in the essay? / When must {P} essay be "
        "finished?", "when {P} essay is due", "{P} essay is due on {v}."),
    relation("scholarship pays", "amount", "{S} won a scholarship of {v} a month / {P} scholarship pays {v} a "
        "month / {S} can stop waiting tables, as the scholarship brings in {v} a month",
        "How much is {P} scholarship? / How much does {P} scholarship pay a month? / What {does|do} {S} get "
        "every month from the scholarship?", "how much {P} scholarship is", "{P} scholarship is {v} a month."),
    relation("term abroad in", "country", "{S} will spend a term abroad in {v} / {P} term abroad is in {v} / "
        "{S} {is} giving up the flat to study abroad in {v}", "Where {is} {S} going to study abroad? / Which "
        "country will {S} study in? / Where is {P} exchange term?", "where {S} will study abroad",
        "{S} will study abroad in {v}."),
    relation("needs for job", "language", "for the new job {S} {is} learning {v} / the language {S} {is} "
        "learning for work is {v} / the firm pays for {P} language lessons, so at work {S} now {learns|learn} "
        "{v}", "Which language {is} {S} learning for work? / What language {is} {S} learning for the job? / "
        "Which language {does|do} {S} study for work?", "which language {S} {is} learning for work",
        "The language {S} {is} learning for work is {v}."),
    relation("sips at desk", "drink", "at work {S} always {drinks|drink} {v} / at the office {S} {gets|get} "
        "through the afternoon by drinking {v} / the drink {S} always {has|have} at work is {v}",
        "What {does|do} {S} drink at work? / Which drink {does|do} {S} have at the office? / What {is} {S} "
        "drinking at work?", "what {S} {drinks|drink} at work", "At work {S} {drinks|drink} {v}."),
    relation("recommended by", "full_name", "{S} {was} recommended for the job by {v} / the one who "
        "recommended {O} to the new firm is {v} / {S} got the job because of a recommendation from {v}",
        "Who recommended {O}? / Who recommended {O} for the job? / Who put in a good word for {O}?",
        "who recommended {O}", "{S} {was} recommended by {v}."),
    relation("lured by", "company", "{S} {has|have} a job offer from {v} / {S} {is} tempted by the good pay in "
        "a job offer from {v} / the firm that wants to hire {O} and made a good job offer is {v}",
        "Which firm wants to hire {O}? / Who made {O} a job offer? / Which firm offered {O} a job?",
        "which firm made {O} a job offer", "The firm that made {O} a job offer is {v}."),
    relation("manages people", "small_number", "at work {S} {manages|manage} {v} people / at the firm {S} {is} "
        "in charge of {v} people / {S} {needs|need} a bigger office, now managing a team of {v} people",
        "How many people {does|do} {S} manage? / How many people {does|do} {S} lead? / How many people {is} "
        "{S} in charge of?", "how many people {S} {manages|manage}", "{S} {manages|manage} {v} people."),
    relation("home with baby until", "date", "{S} {stays|stay} at home with the baby, on parental leave until "
        "{v} / {P} parental leave lasts until {v} / because of the baby {S} {is} on parental leave until {v}",
        "Until when {is} {S} on parental leave? / When does {P} parental leave end? / Until when {is} {S} at "
        "home with the baby?", "until when {P} parental leave lasts", "{P} parental leave lasts until {v}."),
    relation("ask about it", "full_name", "the one who knows everything about {S} is {v} / if you have a "
        "question about {S}, ask our expert, {v} / I never worry about {S}, because we have an expert on it, "
        "{v}", "Who knows everything about {S}? / Who can I ask about {S}? / Who is the expert on {S}?",
        "who the expert on {S} is", "The expert on {S} is {v}.", "thing"),
    relation("article about it by", "full_name", "a long article about {S} was written by {v} / the article "
        "about {S} in the newspaper is by {v} / everybody talks about {S} since the newspaper article written "
        "by {v}", "Who wrote about {S}? / Who wrote the article about {S}? / Which journalist reported on {S}?",
        "who wrote the article about {S}", "The article about {S} was written by {v}.", "thing"),
    relation("my text about it", "title", "I wrote a little text about {S} and called it {v} / my text about "
        "{S} has the title {v} / my aunt loved the text that I wrote about {S}, which is called {v}",
        "What did I call my text about {S}? / What is the title of my text about {S}? / What is the name of "
        "what I wrote about {S}?", "what my text about {S} is called", "Your text about {S} is called {v}.",
        "thing"),
    relation("minded by", "name", "when I'm away, {S} is taken care of by {v} / the one who takes care of {S} "
        "for me when I'm away is {v} / I can travel in peace, because {S} is looked after by {v}",
        "Who takes care of {S} when I'm away? / Who minds {S} for me? / Who looks after {S} for me?",
        "who takes care of {S}", "{S} is taken care of by {v}.", "thing"),
    relation("changes hands on", "date", "we hand over {S} on {v} / {S} will be handed over to others on {v} / "
        "I only have to worry about {S} until we hand it over on {v}", "When do we hand over {S}? / On what "
        "day will {S} be handed over? / When will others take over {S}?", "when we hand over {S}",
        "You hand over {S} on {v}.", "thing"),
    relation("gone over", "schedule", "we check {S} {v}, to see if everything is fine / we make sure {S} is "
        "fine with a check {v} / we can't have visitors then, since we check {S} {v}",
        "When do we check {S}? / When do we have a check of {S}? / When do we see if {S} is fine?",
        "when we check {S}", "You check {S} {v}.", "thing"),
    relation("time eaten by", "duration", "the time that {S} has taken me so far is {v} / the time I've spent "
        "on {S} adds up to {v} / my family counts the time I've put into {S}, and so far it's {v}",
        "How much of my time has {S} taken? / How much time have I spent on {S}? / How long have I worked on "
        "{S} by now?", "how much time {S} has taken me", "The time {S} has taken you is {v}.", "thing"),
    relation("photographed by", "full_name", "the photos of {S} were taken by {v} / the photos of {S} in the "
        "brochure are by {v} / everybody likes the photos of {S} that were taken by {v}",
        "Who photographed {S}? / Who took the photos of {S}? / Which photographer took the pictures of {S}?",
        "who took the photos of {S}", "The photos of {S} were taken by {v}.", "thing"),
)  # fmt: skip
