"""What is said at table and in shops: cooking, meals, guests, restaurants, feasts, clothes, tastes."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_TABLE: tuple[Relation, ...] = (
    relation("New Year's Eve dish", "food", "on New Year's Eve we eat {v} / our meal on New Year's Eve is {v} "
        "/ on the last night of the year we always serve {v}",
        "What do we eat on New Year's Eve? / Which dish do we serve on New Year's Eve? / What is our meal on "
        "New Year's Eve? / What do we serve on the last night of the year?", "what we eat on New Year's Eve",
        "On New Year's Eve you eat {v}.", "common"),
    relation("Easter lunch at", "address", "we're having Easter lunch at {v} / our Easter lunch is at {v} / at "
        "Easter the whole family comes for lunch to {v}",
        "Where is our Easter lunch? / Where do we have lunch at Easter? / At which address is our Easter "
        "lunch? / Where does the family eat lunch at Easter?", "where our Easter lunch is",
        "Your Easter lunch is at {v}.", "common"),
    relation("wedding guests get", "food", "the wedding guests will get {v} / at the wedding we serve {v} / "
        "for the wedding meal we chose {v}",
        "What do we serve at the wedding? / What will the wedding guests eat? / Which dish do the guests get "
        "at the wedding? / What is the meal at the wedding?", "what we serve at the wedding",
        "At the wedding you serve {v}.", "common"),
    relation("dinner guests are", "names", "the people coming to dinner at the weekend are {v} / our dinner "
        "guests at the weekend are {v} / at the weekend we cook dinner for {v}",
        "Who is coming to dinner at the weekend? / Who are our dinner guests at the weekend? / Who do we cook "
        "dinner for at the weekend? / Who is eating with us at the weekend?",
        "who is coming to dinner at the weekend",
        "The people coming to dinner at the weekend are {v}.", "common"),
    relation("guest reacts to", "allergen", "our dinner guest is allergic to {v} / our dinner guest reacts "
        "badly to {v} / our dinner guest has an allergy to {v}",
        "What is our dinner guest allergic to? / What does our dinner guest react badly to? / What allergy "
        "does our dinner guest have? / What could make our dinner guest ill?",
        "what our dinner guest is allergic to", "Your dinner guest is allergic to {v}.", "common"),
    relation("table kept under", "word", "our table at the restaurant is reserved under the name {v} / at the "
        "restaurant our table is booked as {v} / the name we gave for our table at the restaurant is {v}",
        "Under which name is our table reserved? / What name did we give the restaurant for our table? / Which "
        "name is our restaurant table booked under? / Under what name does the restaurant expect us?",
        "under which name our table is reserved", "Your table is reserved under the name {v}.", "common"),
    relation("cheese from", "name", "we get our cheese from {v} at the market / the cheese we eat is sold to "
        "us by {v} / we always buy our cheese from {v}",
        "Who do we get our cheese from? / Who sells us our cheese? / Who do we buy our cheese from? / Whose "
        "cheese do we buy?", "who we get our cheese from",
        "You get your cheese from {v}.", "common"),
    relation("rolls come at", "time", "our fresh rolls come at {v} / the baker brings our rolls at {v} / our "
        "breakfast rolls are delivered at {v}",
        "When do our rolls come? / What time does the baker bring our rolls? / At what time are our rolls "
        "delivered? / When do we get fresh rolls?", "when our rolls come",
        "Your rolls come at {v}.", "common"),
    relation("cooks tonight", "name", "tonight's cook is {v} / tonight dinner is made by {v} / the one who "
        "cooks dinner tonight is {v}",
        "Who cooks tonight? / Who makes dinner tonight? / Who is the cook tonight? / Whose turn is it to make "
        "dinner tonight?", "who cooks tonight",
        "The one who cooks tonight is {v}.", "common"),
    relation("dishes done by", "name", "this week the dishes are done by {v} / the one who washes the dishes "
        "this week is {v} / doing the dishes this week is the job of {v}",
        "Who does the dishes this week? / Who washes the dishes this week? / Whose job are the dishes this "
        "week? / Who washes up this week?", "who does the dishes this week",
        "The one who does the dishes this week is {v}.", "common"),
    relation("jars of jam", "small_number", "the number of jars of jam we made is {v} / this year our "
        "home-made jam filled {v} jars / we cooked jam and filled {v} jars",
        "How many jars of jam did we make? / How many jars did we fill with jam? / What is the number of our "
        "jars of jam?", "how many jars of jam we made",
        "The number of jars of jam you made is {v}.", "common"),
    relation("wine shop card", "long_number", "the number on our wine shop card is {v} / our card from the "
        "wine shop has the number {v} / at the wine shop our card number is {v}",
        "What number is on our wine shop card? / What is our card number at the wine shop? / Which number does "
        "our wine shop card have?", "what number is on our wine shop card",
        "The number on your wine shop card is {v}.", "common"),
    relation("oven is", "device", "our new oven is a {v} / the oven we have now is a {v} / for an oven we got "
        "ourselves a {v}",
        "Which oven do we have? / What oven did we get? / Which model is our oven? / What do we bake in now?",
        "which oven we have", "The oven you have is a {v}.", "common"),
    relation("biscuit tin opens with", "pin", "our biscuit tin opens with {v} / the code that opens our "
        "biscuit tin is {v} / to open our biscuit tin, turn the little wheels to {v}",
        "What opens the biscuit tin? / Which code opens our biscuit tin? / What numbers open the biscuit tin? "
        "/ Which numbers unlock our biscuit tin?", "what opens the biscuit tin",
        "The biscuit tin opens with {v}.", "common"),
    relation("dinner party theme", "country", "at our dinner party we have food from {v} / the dishes we're "
        "cooking for the dinner party are from {v} / our dinner party is all about the food of {v}",
        "Which country's food do we have at the dinner party? / Where does the food at our dinner party come "
        "from? / What country are the dishes for our dinner party from? / Which country is our dinner party "
        "about?", "which country's food we have at the dinner party",
        "At the dinner party you have food from {v}.", "common"),
    relation("supper club called", "project", "our supper club is called {v} / the name of our supper club is "
        "{v} / we named our supper club {v}",
        "What is our supper club called? / Which name does our supper club have? / What did we name our supper "
        "club? / Under what name do we run our supper club?", "what our supper club is called",
        "Your supper club is called {v}.", "common"),
    relation("village feast on", "date", "our village feast is on {v} / the day of the village feast is {v} / "
        "our whole village feasts together on {v}",
        "When is the village feast? / On which date is our village feast? / When does our village feast? / "
        "What day is our feast in the village?", "when the village feast is",
        "The village feast is on {v}.", "common"),
    relation("dinner out cost", "amount", "dinner at the restaurant last night cost us {v} / last night's "
        "restaurant dinner came to {v} / for dinner at the restaurant last night we paid {v}",
        "How much was dinner last night? / What did last night's dinner cost us? / How much did we pay at the "
        "restaurant last night? / How big was the restaurant bill last night?",
        "how much dinner cost us last night", "Dinner last night cost you {v}.", "common"),
    relation("tablecloth is", "colour", "the tablecloth for the big dinner is {v} / for the big dinner we have "
        "a tablecloth in {v} / the colour of the tablecloth for our big dinner is {v}",
        "What colour is the tablecloth for the big dinner? / Which colour of tablecloth do we have for the big "
        "dinner? / What colour will our table be covered in at the big dinner?",
        "what colour the tablecloth for the big dinner is",
        "The tablecloth for the big dinner is {v}.", "common"),
    relation("ice cream van comes", "schedule", "the ice cream van comes {v} / in our street the ice cream van "
        "stops {v} / the van that sells ice cream comes to us {v}",
        "When does the ice cream van come? / When does the ice cream van stop in our street?",
        "when the ice cream van comes", "The ice cream van comes {v}.", "common"),
    relation("can't bear smell of", "food", "{S} can't bear the smell of {v} / a smell {S} can't stand is {v} "
        "/ the food {S} can't bear to smell is {v}",
        "What smell can't {S} bear? / What food can't {S} bear the smell of? / Which smell can't {S} stand? / "
        "What food smells awful to {O}?", "what smell {S} can't bear",
        "{S} can't bear the smell of {v}."),
    relation("turned up with", "flower", "{S} brought flowers to dinner, a bunch of {v} / {S} turned up at "
        "dinner with {v} / the flowers {S} brought to dinner were {v}",
        "What flowers did {S} bring to dinner? / Which flowers did {S} turn up at dinner with? / What did {S} "
        "bring to dinner? / What kind of flowers did {S} come to dinner with?",
        "what flowers {S} brought to dinner", "The flowers {S} brought to dinner were {v}."),
    relation("misses from home", "food", "the dish {S} {misses|miss} from home is {v} / {S} {misses|miss} home "
        "cooking, above all the {v} / {S} {is} far from home and {misses|miss} the {v}",
        "Which dish {does|do} {S} miss from home? / What food {does|do} {S} miss most from home? / What "
        "{does|do} {S} miss from home? / Which food from home {does|do} {S} long for?",
        "which dish from home {S} {misses|miss}", "The dish from home {S} {misses|miss} is {v}."),
    relation("learned to cook from", "full_name", "{S} learned to cook from {v} / {S} took cooking lessons "
        "from {v} / the person who taught {O} to cook is {v}",
        "Who did {S} learn to cook from? / Who taught {O} to cook? / From whom did {S} learn cooking? / Who "
        "was {P} cooking teacher?", "who {S} learned to cook from",
        "{S} learned to cook from {v}."),
    relation("burnt the", "food", "{S} burnt the {v} / the food {S} burnt was {v} / {S} wasn't watching the "
        "stove and burnt the {v}",
        "What did {S} burn? / What food did {S} burn? / Which dish did {S} burn? / What did {S} let turn black "
        "on the stove?", "what {S} burnt",
        "What {S} burnt was the {v}."),
    relation("takeaway from", "company", "{S} {gets|get} takeaway from {v} / {S} always {orders|order} "
        "takeaway from {v} / the takeaway {S} {orders|order} food from is {v}",
        "Where {does|do} {S} get takeaway from? / Which takeaway {does|do} {S} order from? / Where {does|do} "
        "{S} order takeaway food? / Who makes the takeaway food {S} {orders|order}?",
        "where {S} {gets|get} takeaway from", "{S} {gets|get} takeaway from {v}."),
    relation("big shop is", "schedule", "{S} {goes|go} food shopping {v} / {S} {does|do} the big food shop {v} "
        "/ {S} {goes|go} shopping to fill the fridge {v}",
        "When {does|do} {S} go food shopping? / When {does|do} {S} do the big food shop? / When {does|do} {S} "
        "shop for food? / When {does|do} {S} buy the groceries?", "when {S} {goes|go} food shopping",
        "{S} {goes|go} food shopping {v}."),
    relation("supermarket is", "company", "the supermarket {S} {goes|go} to is {v} / {S} {buys|buy} groceries "
        "at the supermarket called {v} / {P} usual supermarket is {v}",
        "Which supermarket {does|do} {S} go to? / At which supermarket {does|do} {S} buy groceries? / What is "
        "{P} supermarket? / Where {does|do} {S} buy food?", "which supermarket {S} {goes|go} to",
        "The supermarket {S} {goes|go} to is {v}."),
    relation("new coat is", "colour", "{P} new coat is {v} / {S} bought a new coat, the colour is {v} / the "
        "colour of {P} new coat is {v}",
        "What colour is {P} new coat? / Which colour is the new coat {S} bought? / What colour did {S} choose "
        "for the new coat? / In what colour did {S} get a new coat?", "what colour {P} new coat is",
        "{P} new coat is {v}."),
    relation("jacket buttons of", "material", "the buttons on {P} jacket are made of {v} / {P} jacket has "
        "buttons of {v} / {S} {has|have} a jacket with buttons made of {v}",
        "What are the buttons on {P} jacket made of? / Of which material are {P} jacket buttons? / What "
        "material are the buttons on {P} jacket? / What are {P} jacket's buttons of?",
        "what the buttons on {P} jacket are made of", "The buttons on {P} jacket are made of {v}."),
    relation("boots cost", "amount", "{P} boots cost {v} / {S} bought boots for {v} / the price of {P} boots "
        "was {v}",
        "How much did {P} boots cost? / What was the price of {P} boots? / How much did {S} pay for the boots? "
        "/ How expensive were {P} boots?", "how much {P} boots cost",
        "{P} boots cost {v}."),
    relation("party clothes by", "full_name", "{P} party clothes were made by {v} / {S} had clothes made for "
        "the party by {v} / the tailor who made {P} party clothes is {v}",
        "Who made {P} party clothes? / Who made the clothes {S} had for the party? / Which tailor made {P} "
        "party clothes? / Who sewed {P} clothes for the party?", "who made {P} party clothes",
        "{P} party clothes were made by {v}."),
    relation("drinks at cafe", "drink", "at the cafe {S} always {drinks|drink} {v} / what {S} {orders|order} "
        "at the cafe to drink is {v} / {P} usual drink at the cafe is {v}",
        "What {does|do} {S} drink at the cafe? / What is {P} drink at the cafe? / Which drink {does|do} {S} "
        "order at the cafe? / What {does|do} {S} have at the cafe?", "what {S} {drinks|drink} at the cafe",
        "At the cafe {S} {drinks|drink} {v}."),
    relation("swore off", "drink", "{S} stopped drinking {v} / {S} no longer {drinks|drink} {v} / the drink "
        "{S} gave up is {v}",
        "What did {S} stop drinking? / Which drink did {S} give up? / What {does|do} {S} no longer drink? / "
        "Which drink {does|do} {S} not touch any more?", "what {S} stopped drinking",
        "{S} stopped drinking {v}."),
    relation("cookery course in", "city", "{P} cookery course was in {v} / {S} took a cookery course in {v} / "
        "for a cookery course {S} went to {v}",
        "Where was {P} cookery course? / In which city did {S} take a cookery course? / Where did {S} go for "
        "the cookery course? / Where did {S} take cooking lessons?", "where {P} cookery course was",
        "{P} cookery course was in {v}."),
    relation("cookbook is", "title", "{P} cookbook is called {v} / the cookbook {S} {uses|use} is {v} / {S} "
        "{cooks|cook} from a book called {v}",
        "Which cookbook {does|do} {S} use? / What is {P} cookbook called? / What is the title of {P} cookbook? "
        "/ Which book {does|do} {S} cook from?", "which cookbook {S} {uses|use}",
        "The cookbook {S} {uses|use} is {v}."),
    relation("no meat for", "duration", "{S} {has|have} eaten no meat for {v} / {S} {has|have} gone without "
        "meat for {v} / {S} stopped eating meat {v} ago",
        "How long {has|have} {S} gone without meat? / For how long {has|have} {S} eaten no meat? / How long "
        "ago did {S} stop eating meat?", "how long {S} {has|have} gone without meat",
        "{S} {has|have} gone without meat for {v}."),
    relation("dough goes in", "time", "{S} {bakes|bake} bread at {v} / {S} {puts|put} the bread in the oven at "
        "{v} / the time {S} {bakes|bake} bread is {v}",
        "When {does|do} {S} bake bread? / At what time {does|do} {S} bake the bread? / What time {does|do} {S} "
        "put the bread in the oven? / When does {P} bread go into the oven?", "when {S} {bakes|bake} bread",
        "{S} {bakes|bake} bread at {v}."),
    relation("tipped", "amount", "{S} tipped the waiter {v} / {S} gave the waiter a tip of {v} / the tip {S} "
        "left for the waiter was {v}",
        "How much did {S} tip the waiter? / How big was the tip {S} gave the waiter? / What tip did {S} leave? "
        "/ How much did the waiter get from {O} as a tip?", "how much {S} tipped the waiter",
        "{S} tipped the waiter {v}."),
    relation("youngest lives on", "food", "{P} youngest child eats nothing but {v} / the only food {P} "
        "youngest child eats is {v} / {P} youngest child lives on {v}",
        "What does {P} youngest child eat? / What is the only food {P} youngest child eats? / What does {P} "
        "youngest child live on? / Which food does {P} youngest child eat all the time?",
        "what {P} youngest child eats", "{P} youngest child eats nothing but {v}."),
    relation("cooks for friends on", "day_time", "{S} {is} cooking for friends on {v} / friends are coming and "
        "{S} {is} cooking for them on {v} / {P} dinner for friends is on {v}",
        "When {is} {S} cooking for friends? / When {does|do} {S} cook for friends? / When is {P} dinner for "
        "friends? / When do friends come to eat with {O}?", "when {S} {is} cooking for friends",
        "{S} {is} cooking for friends on {v}."),
    relation("trousers back on", "date", "{P} trousers will be ready at the tailor's on {v} / the tailor will "
        "have {P} trousers ready on {v} / {S} can fetch the trousers from the tailor on {v}",
        "When will {P} trousers be ready? / On which date will the tailor have {P} trousers ready? / When can "
        "{S} fetch the trousers from the tailor? / When {does|do} {S} get the trousers back from the tailor?",
        "when {P} trousers will be ready", "{P} trousers will be ready on {v}."),
    relation("dry cleaning ticket", "code", "the number on {P} dry cleaning ticket is {v} / {P} dry cleaning "
        "ticket says {v} / {P} clothes are at the dry cleaner's under ticket number {v}",
        "What number is on {P} dry cleaning ticket? / What does {P} dry cleaning ticket say? / Under which "
        "ticket number are {P} clothes at the dry cleaner's?", "what number is on {P} dry cleaning ticket",
        "The number on {P} dry cleaning ticket is {v}."),
    relation("recipe box plan", "plan", "the plan for {P} recipe boxes is {v} / {S} {gets|get} recipe boxes on "
        "the plan called {v} / for recipe boxes {S} {has|have} a plan named {v}",
        "Which recipe box plan {does|do} {S} have? / What plan {is} {S} on for the recipe boxes? / On which "
        "plan {does|do} {S} get recipe boxes? / What is {P} recipe box plan called?",
        "which recipe box plan {S} {has|have}", "The recipe box plan {S} {has|have} is {v}."),
    relation("papers soaked in", "drink", "the papers for {S} are stained with {v} / the big stain on the "
        "papers for {S} is from {v} / the papers for {S} got stained when I spilt {v}",
        "What stained the papers for {S}? / What is the stain on the papers for {S} from? / What made the "
        "stain on the papers for {S}? / What was spilt on the papers for {S}?",
        "what stained the papers for {S}", "The papers for {S} were stained with {v}.", "thing"),
    relation("feast dish for", "food", "to celebrate {S} we ate {v} / the meal when we celebrated {S} was {v} "
        "/ when we celebrated {S}, everyone ate {v}",
        "What did we eat to celebrate {S}? / What was the meal when we celebrated {S}? / Which dish did we eat "
        "when we celebrated {S}? / What food did we have when we celebrated {S}?",
        "what we ate to celebrate {S}", "To celebrate {S} you ate {v}.", "thing"),
    relation("cake baked by", "full_name", "the cake for {S} was made by {v} / the person who baked the cake "
        "for {S} is {v} / the cake to celebrate {S} was baked by {v}",
        "Who made the cake for {S}? / Who baked the cake for {S}? / By whom was the cake for {S} made?",
        "who made the cake for {S}", "The cake for {S} was made by {v}.", "thing"),
    relation("talked over at meal", "day_time", "we eat together and talk about {S} on {v} / the meal to talk "
        "about {S} is on {v} / we meet for a meal and talk about {S} on {v}",
        "When do we eat together and talk about {S}? / When is the meal to talk about {S}? / When do we meet "
        "for a meal and talk about {S}? / When do we talk about {S} over food?",
        "when we eat together and talk about {S}", "You eat together and talk about {S} on {v}.", "thing"),
    relation("feast for cost", "amount", "the dinner to celebrate {S} cost us {v} / for the dinner to "
        "celebrate {S} we paid {v} / the bill for the dinner to celebrate {S} was {v}",
        "How much did the dinner to celebrate {S} cost? / What did we pay for the dinner to celebrate {S}? / "
        "How big was the bill for the dinner to celebrate {S}? / How expensive was it to celebrate {S}?",
        "how much the dinner to celebrate {S} cost", "The dinner to celebrate {S} cost you {v}.", "thing"),
    relation("lived on noodles for", "duration", "to pay for {S} we lived on noodles for {v} / because {S} "
        "cost so much, we lived on noodles for {v} / to pay for {S} we had to eat cheap noodles for {v}",
        "How long did we live on noodles to pay for {S}? / For how long did we eat noodles because of {S}? / "
        "How long did we eat cheaply to pay for {S}?", "how long we lived on noodles to pay for {S}",
        "To pay for {S} you lived on noodles for {v}.", "thing"),
    relation("bag in hall", "colour", "the bag for {S} is {v} / the colour of the bag for {S} is {v} / the bag "
        "with the things for {S} is {v}",
        "What colour is the bag for {S}? / Which colour is the bag with the things for {S}? / In what colour "
        "of bag are the things for {S}?", "what colour the bag for {S} is",
        "The bag for {S} is {v}.", "thing"),
    relation("shopped in", "city", "we went shopping for {S} in {v} / we bought the things for {S} in {v} / "
        "the shops where we bought things for {S} are in {v}",
        "Where did we go shopping for {S}? / In which city did we shop for {S}? / Where did we buy the things "
        "for {S}? / In which city are the shops where we bought things for {S}?",
        "where we went shopping for {S}", "You went shopping for {S} in {v}.", "thing"),
)  # fmt: skip
