"""What is said at table and in shops: cooking, meals, guests, restaurants, feasts, clothes, tastes."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_TABLE: tuple[Relation, ...] = (
    relation("New Year's Eve dish", "food",
        "on New Year's Eve it's {v} for everybody at our table / we see the old year out with a big plate of "
        "{v} / my mother is in the kitchen all day, because the year can't end for us without {v}",
        "What do we eat on New Year's Eve? / Which dish do we see the old year out with? / "
        "What is on our plates when the year ends? / What do we serve on the last night of the year?",
        "what we eat on New Year's Eve", "You eat {v} on New Year's Eve.", "common"),
    relation("Easter lunch at", "address", "we're having Easter lunch at {v} / at Easter the whole family "
        "comes to {v} to eat / please bring the painted eggs to {v}, that's where our Easter lunch is",
        "Where is our Easter lunch? / Where does the whole family eat at Easter? / "
        "To which address do I bring the Easter eggs?",
        "where our Easter lunch is", "Your Easter lunch is at {v}.", "common"),
    relation("wedding guests get", "food", "the wedding guests will get {v} / we tried everything the caterer "
        "had and settled on {v} for the wedding / at the wedding everyone sits down to {v}",
        "What do we serve at the wedding? / What will the wedding guests eat? / "
        "Which dish did we choose for the wedding?",
        "what we serve at the wedding", "You serve {v} at the wedding.", "common"),
    relation("dinner guests are", "names", "{v} are coming to dinner at the weekend / "
        "at the weekend we cook for {v} / we need more chairs at the weekend, because {v} are eating with us",
        "Who is coming to dinner at the weekend? / Who are our guests at the weekend? / "
        "Who do we cook for at the weekend? / For whom do we need more chairs at the weekend?",
        "who is coming to dinner at the weekend", "Your dinner guests at the weekend are {v}.", "common"),
    relation("guest reacts to", "allergen",
        "our dinner guest reacts badly to {v} / our dinner guest told us about the allergy, it's {v} / "
        "we have to be careful tonight, because {v} once put our dinner guest in hospital",
        "What is our dinner guest allergic to? / What do we have to be careful about tonight? / "
        "What must our dinner guest stay away from? / What could make our dinner guest ill?",
        "what our dinner guest is allergic to", "Your dinner guest is allergic to {v}.", "common"),
    relation("table kept under", "word",
        "the table at the restaurant is ours under the name {v} / say {v} to the waiter and you'll be shown "
        "to our table / we didn't want to give our real name, so the restaurant expects a party called {v}",
        "Under which name is our table reserved? / What name did we give the restaurant? / "
        "What should I say to the waiter to get to our table?",
        "under which name our table is reserved", "Your table is reserved under {v}.", "common"),
    relation("cheese from", "name",
        "the cheese we eat comes from {v} at the market / {v} at the market always puts aside some cheese for "
        "us / we queue at the market every week, because {v} sells the best cheese",
        "Who sells us cheese? / Who do we get our cheese from? / Whose stall do we go to for cheese?",
        "who we get our cheese from", "You get your cheese from {v}.", "common"),
    relation("rolls come at", "time", "fresh rolls hang on our door at {v} / the baker's van stops at our "
        "house at {v} / we never have breakfast before {v}, because that's when the rolls are brought",
        "When do our rolls come? / What time does the baker deliver? / When do we get fresh rolls?",
        "when our rolls come", "Your rolls come at {v}.", "common"),
    relation("cooks tonight", "name", "{v} is standing at the stove tonight / tonight {v} feeds us all / "
        "we can put our feet up, because {v} is making dinner tonight",
        "Who cooks tonight? / Whose turn is it to make dinner? / Who is in our kitchen tonight? / "
        "Who do we have to thank for tonight's dinner?", "who cooks tonight",
        "Tonight dinner is cooked by {v}.", "common"),
    relation("dishes done by", "name", "{v} does the dishes this week / this week the dirty plates are left "
        "to {v} / just leave the plates in the sink, because {v} washes up this week",
        "Who washes up? / Who does the dishes this week? / Whose job are the dirty plates?",
        "who does the dishes this week", "The dishes are done this week by {v}.", "common"),
    relation("jars of jam", "small_number", "we ended up with {v} jars of jam / there are {v} jars of our own "
        "jam in the cellar / the plum tree went wild this year, so we filled {v} jars with jam",
        "How many jars of jam did we make? / How many jars are in our cellar? / "
        "How much jam did we get from the plums?",
        "how many jars of jam we made", "You made {v} jars of jam.", "common"),
    relation("wine shop card", "long_number", "the wine shop knows us as member {v} / our card from the wine "
        "shop has the number {v} / wine is cheaper for us, because we give the number {v} at the wine shop",
        "What is our member number at the wine shop? / Which number makes wine cheaper for us? / "
        "What number is on our wine shop card?",
        "what number is on our wine shop card", "The number on your wine shop card is {v}.", "common"),
    relation("oven is", "device", "our new oven is a {v} / since the weekend we bake in a {v} / "
        "the old oven burnt everything, so we got ourselves a {v}",
        "Which oven do we have? / What do we bake in now? / What did we replace the old oven with?",
        "which oven we have", "Your oven is a {v}.", "common"),
    relation("biscuit tin opens with", "pin",
        "our biscuit tin has a lock now, {v} opens it / turn the little wheels to {v} and the biscuits are "
        "yours / the children ate all the biscuits, so now the tin only opens with {v}",
        "How do I get at the biscuits? / What opens the biscuit tin? / Which numbers unlock our biscuit tin?",
        "what opens the biscuit tin", "The biscuit tin opens with {v}.", "common"),
    relation("dinner party theme", "country",
        "we're cooking dishes from {v} for the dinner party / our dinner party is all about the food of {v} / "
        "I have to find strange spices, because the food at our party is from {v}",
        "Which country's food do we have at the dinner party? / What is the theme of our dinner party? / "
        "Where do the dishes for our party come from?", "which country's food we have at the dinner party",
        "At the dinner party you have food from {v}.", "common"),
    relation("supper club called", "project", "our supper club is called {v} / the neighbours and we cook "
        "together under the name {v} / we all wanted a name for our supper club, and {v} got the most hands",
        "What's our supper club called? / What do we call ourselves when we cook with the neighbours? / "
        "Which name did our supper club get?",
        "what our supper club is called", "Your supper club is called {v}.", "common"),
    relation("village feast on", "date",
        "the whole village sits down at long tables on {v} / our village feast is on {v} / "
        "we have to carry the tables into the street on {v}, because our village has its feast",
        "When is the village feast? / When does our village eat together? / "
        "When do we carry the tables into the street? / When are there tables in our street?",
        "when the village feast is", "The village feast is on {v}.", "common"),
    relation("dinner out cost", "amount",
        "eating out last night set us back {v} / we left {v} at the restaurant last night / "
        "no more restaurants for us this month, because the bill last night came to {v}",
        "How much was dinner last night? / What did we spend at the restaurant? / "
        "How big was the restaurant bill? / How much poorer are we since last night's dinner?",
        "how much dinner was last night", "Dinner last night cost you {v}.", "common"),
    relation("tablecloth is", "colour",
        "we're laying the table in {v} for the big dinner / the tablecloth for the big dinner is {v} / "
        "the good tablecloth was stained, so for the big dinner there's a {v} one on the table",
        "What colour is the tablecloth for the big dinner? / "
        "Which colour is on our table at the big dinner? / In what colour do we lay the table?",
        "what colour the tablecloth for the big dinner is",
        "The tablecloth for the big dinner is {v}.", "common"),
    relation("ice cream van comes", "schedule",
        "the ice cream van stops in our street {v} / there's ice cream from the van outside our house {v} / "
        "the children run out with their coins {v}, when they hear the ice cream van",
        "When does the ice cream van come? / How often can the children buy ice cream in our street? / "
        "When is there ice cream in our street?",
        "when the ice cream van comes", "The ice cream van comes {v}.", "common"),
    relation("can't bear smell of", "food",
        "the smell of {v} turns {P} stomach / {S} {leaves|leave} the kitchen as soon as somebody makes {v} / "
        "at school there was always {v} for lunch, and that's why {S} can't bear the smell now",
        "What smell can't {S} stand? / What food turns {P} stomach? / What drives {O} out of the kitchen? / "
        "What should nobody cook near {O}?", "what smell {S} can't bear", "{S} can't bear the smell of {v}."),
    relation("turned up with", "flower",
        "{S} turned up at dinner with {v} / thanks to {O} there's a bunch of {v} on the dinner table / "
        "{S} never {comes|come} to dinner empty-handed, so a vase had to be found for {v}",
        "What did {S} bring to dinner? / Which flowers did {S} turn up with? / "
        "What present did {S} have for the dinner table?",
        "what {S} brought to dinner", "{S} brought {v} to dinner."),
    relation("misses from home", "food", "{S} {misses|miss} Mum's {v} / far from home {S} {longs|long} for a "
        "plate of {v} / {S} {has|have} everything here, but there's no {v} like back home",
        "What {does|do} {S} miss from home? / Which dish {does|do} {S} long for? / "
        "What food from home {does|do} {S} not get here?",
        "which dish from home {S} {misses|miss}", "{S} {misses|miss} the {v} from home."),
    relation("learned to cook from", "full_name", "{S} learned to cook from {v} / everything {S} {knows|know} "
        "in the kitchen comes from {v} / {P} sauces are so good because {v} showed {O} how",
        "Who taught {O} to cook? / From whom did {S} learn to cook? / "
        "Thanks to whom {is} {S} so good in the kitchen? / Who was {P} cooking teacher?",
        "who taught {O} to cook", "{S} learned to cook from {v}."),
    relation("burnt the", "food", "{S} let the {v} burn / there was black smoke over {P} stove, that was the "
        "{v} / {S} forgot the time on the phone, and the {v} turned to coal",
        "What did {S} burn? / What went black on {P} stove? / What did {S} leave on the heat for too long?",
        "what {S} burnt", "{S} burnt the {v}."),
    relation("takeaway from", "company", "{S} {gets|get} takeaway from {v} / {v} brings {O} dinner in a paper "
        "bag / {S} {is} too tired to cook at night, so most dinners come from {v}",
        "Where {does|do} {S} order food from? / Who delivers {P} dinner? / "
        "Which takeaway {does|do} {S} use? / Where does {P} dinner come from?",
        "where {S} {gets|get} takeaway from", "{S} {gets|get} takeaway from {v}."),
    relation("big shop is", "schedule", "{S} {does|do} the big shop {v} / {P} fridge gets filled up {v} / "
        "{S} can't meet anybody {v}, because that's when all the food is bought",
        "When {does|do} {S} go food shopping? / How often {does|do} {S} fill the fridge? / "
        "When {does|do} {S} do the big shop?",
        "when {S} {goes|go} food shopping", "{S} {goes|go} food shopping {v}."),
    relation("supermarket is", "company", "{S} {buys|buy} everything for the kitchen at {v} / {P} shopping "
        "bags all say {v} / {S} {walks|walk} past other supermarkets, because only {v} is good enough",
        "Which supermarket {does|do} {S} go to? / Where {does|do} {S} buy groceries? / "
        "What is printed on {P} shopping bags?",
        "which supermarket {S} {goes|go} to", "{S} {buys|buy} groceries at {v}."),
    relation("new coat is", "colour", "{S} came home with a {v} coat / {S} {has|have} a new winter coat, all "
        "{v} / it's easy to find {O} in a crowd, just look for a {v} coat",
        "What colour is {P} new coat? / What coat should one look for to find {O} in a crowd? / "
        "Which colour did {S} choose for the winter coat?",
        "what colour {P} new coat is", "{P} new coat is {v}."),
    relation("jacket buttons of", "material", "{P} jacket has buttons of {v} / {S} sewed {v} buttons on the "
        "good jacket / {S} can't wear the good jacket, because it's hard to find a new {v} button for it",
        "What are the buttons on {P} jacket made of? / Which buttons did {S} want for the good jacket? / "
        "What kind of button {does|do} {S} need?",
        "what the buttons on {P} jacket are made of", "The buttons on {P} jacket are made of {v}."),
    relation("boots cost", "amount", "{S} paid {v} for a pair of boots / the boots on {P} feet cost {v} / "
        "{S} {has|have} to save on food this month, because {v} went on new boots",
        "How much did {S} spend on the boots? / What did {P} boots cost? / How expensive were {P} boots?",
        "how much {S} spent on the boots", "{P} boots cost {v}."),
    relation("party clothes by", "full_name", "{v} sewed {P} clothes for the party / {S} went to {v} to have "
        "something made for the party / {P} party clothes fit so well because {v} took the measurements",
        "Who made {P} party clothes? / Who sewed for {O}? / Which tailor did {S} go to for the party?",
        "who made {P} party clothes", "{P} party clothes were made by {v}."),
    relation("drinks at cafe", "drink",
        "the waiter in the cafe brings {O} {v} without asking / at the cafe it's always {v} for {O} / "
        "{S} never {looks|look} at the card in the cafe, because it will be {v} anyway",
        "What {does|do} {S} drink at the cafe? / What does the waiter bring {O}? / "
        "What {does|do} {S} always order in the cafe?",
        "what {S} {drinks|drink} at the cafe", "{S} {drinks|drink} {v} at the cafe."),
    relation("swore off", "drink", "{S} {doesn't|don't} touch {v} any more / "
        "{S} swore off {v} on doctor's orders / {S} {sleeps|sleep} so much better since {v} is off the list",
        "What did {S} stop drinking? / Which drink did {S} give up? / What {does|do} {S} no longer drink? / "
        "What should nobody pour {O} any more?", "what {S} stopped drinking", "{S} stopped drinking {v}."),
    relation("cookery course in", "city", "{S} went to {v} for a cookery course / a cook in {v} gave {O} a "
        "course in making sauces / {P} sharp knives are from {v}, because the cookery course was there",
        "Where was {P} cookery course? / Which city did {S} go to to get better at cooking? / "
        "Where did {S} take lessons in making sauces?",
        "where {P} cookery course was", "{P} cookery course was in {v}."),
    relation("cookbook is", "title",
        "{S} {cooks|cook} everything out of {v} / {P} copy of {v} is full of grease spots from the kitchen / "
        "{S} {knows|know} how much salt to take, because {v} is always open by the stove",
        "Which cookbook {does|do} {S} use? / What {does|do} {S} cook from? / Which book lies in {P} kitchen?",
        "which cookbook {S} {uses|use}", "{S} {cooks|cook} from {v}."),
    relation("no meat for", "duration", "{S} {has|have} eaten no meat for {v} / the last steak on {P} plate "
        "was {v} ago / {S} turned vegetarian {v} ago and {feels|feel} much better for it",
        "How long {has|have} {S} been a vegetarian? / How long ago did {S} last eat meat? / "
        "For how long {has|have} {S} gone without meat? / How long ago did {S} become a vegetarian?",
        "how long {S} {has|have} gone without meat", "{S} {has|have} eaten no meat for {v}."),
    relation("dough goes in", "time", "{S} {puts|put} the bread in the oven at {v} / {P} house smells of "
        "fresh bread from {v} on / {S} can't talk at {v}, because the dough has to go into the oven",
        "When {does|do} {S} bake bread? / What time does the dough go into {P} oven? / "
        "When does {P} house start to smell of bread?",
        "when {S} {bakes|bake} bread", "{S} {bakes|bake} bread at {v}."),
    relation("tipped", "amount", "{S} gave the waiter {v} on top of the bill / the waiter thanked {O} for a "
        "tip of {v} / the service was so good that {S} left {v} on the plate for the waiter",
        "How much did {S} tip? / What did the waiter get from {O}? / "
        "How much extra did {S} pay for the good service? / How generous {was} {S} to the waiter?",
        "how much {S} tipped", "{S} tipped the waiter {v}."),
    relation("youngest lives on", "food", "{P} youngest lives on {v} / anything but {v} makes {P} youngest "
        "push the plate away / {S} {packs|pack} {v} for every trip, because the little one eats nothing else",
        "What does {P} youngest eat? / What {does|do} {S} have to serve the little one? / "
        "What is the only food {P} youngest likes?", "what {P} youngest eats", "{P} youngest only eats {v}."),
    relation("cooks for friends on", "day_time",
        "{S} {is} cooking for friends on {v} / there's a seat for you at {P} dinner table on {v} / "
        "{S} {needs|need} our big pot on {v}, because friends are coming to eat",
        "When {is} {S} cooking for friends? / When do friends come to eat at {P} place? / "
        "For when {does|do} {S} need the big pot?",
        "when {S} {is} cooking for friends", "{S} {is} cooking for friends on {v}."),
    relation("trousers back on", "date",
        "{P} trousers can be fetched from the tailor on {v} / the tailor has {P} trousers until {v} / "
        "{S} {has|have} nothing decent to wear before {v}, because the tailor still has the trousers",
        "When will {P} trousers be ready? / When can {S} fetch the trousers from the tailor? / "
        "How long does the tailor keep {P} trousers? / From when on can {S} wear the trousers again?",
        "when {P} trousers will be ready", "{P} trousers will be ready on {v}."),
    relation("dry cleaning ticket", "code",
        "the ticket for {P} dry cleaning says {v} / say {v} at the cleaner's and you get {P} suit / "
        "{S} only got the suit back from the cleaner's because {v} was still readable on the ticket",
        "What's on {P} dry cleaning ticket? / What do I say at the cleaner's to get {P} suit? / "
        "Under which number is {P} suit at the cleaner's?",
        "what {P} dry cleaning ticket says", "{P} dry cleaning ticket says {v}."),
    relation("recipe box plan", "plan", "{S} {gets|get} the recipe boxes on the {v} plan / "
        "{P} meal kits come with {v} / {S} had too much food left over, so for the recipe boxes it's {v} now",
        "Which recipe box plan {is} {S} on? / What plan {does|do} {S} have for the meal kits? / "
        "Under which plan do {P} food boxes come?",
        "which recipe box plan {S} {is} on", "{P} recipe boxes come on the {v} plan."),
    relation("papers soaked in", "drink", "I spilt {v} over the papers for {S} / the big stain on the papers "
        "for {S} is {v} / we can't read the papers for {S} any more, because {v} ran all over them",
        "What did I spill over the papers for {S}? / What made the stain on the papers for {S}? / "
        "What ruined the papers for {S}?",
        "what ruined the papers for {S}", "The stain on the papers for {S} is {v}.", "thing"),
    relation("feast dish for", "food", "to celebrate {S} we had {v} / everyone got a plate of {v} when we "
        "drank to {S} / we were all so happy about {S} that I made {v} for everybody",
        "What did we eat in honour of {S}? / What was the meal when we celebrated {S}? / "
        "What was on our plates the day we drank to {S}?",
        "what we ate in honour of {S}", "In honour of {S} you had {v}.", "thing"),
    relation("cake baked by", "full_name", "the cake for {S} {was} baked by {v} / {v} came with a big cake when "
        "we celebrated {S} / we all got cake at the party for {S}, because {v} had been at the oven all night",
        "Who made the cake for {S}? / Who baked for the party for {S}? / "
        "Whose cake did we eat when we celebrated {S}?",
        "who made the cake for {S}", "The cake for {S} was made by {v}.", "thing"),
    relation("talked over at meal", "day_time",
        "we talk about {S} over a good meal on {v} / there's food and a chat about {S} on {v} / "
        "please come hungry on {v}, because we want to eat together and talk about {S}",
        "When do we eat together and talk about {S}? / When is the meal about {S}? / "
        "When should I come hungry, because of {S}?",
        "when we eat together and talk about {S}", "You talk about {S} over a meal on {v}.", "thing"),
    relation("feast for cost", "amount", "the dinner in honour of {S} cost us {v} / we ate and drank for {v} "
        "to celebrate {S} / my purse is empty, because the restaurant wanted {v} after the party for {S}",
        "How much did the dinner for {S} cost? / What did we pay the restaurant after the party for {S}? / "
        "How expensive was it to celebrate {S}?",
        "how much the dinner for {S} cost", "The dinner in honour of {S} cost you {v}.", "thing"),
    relation("lived on noodles for", "duration", "to pay for {S} we lived on noodles for {v} / there was no "
        "eating out for {v} because of {S} / our meals were as cheap as can be for {v}, all to keep {S} going",
        "How long did we live on noodles because of {S}? / How long did we save on food for {S}? / "
        "For how long did we not eat out because of {S}?",
        "how long we saved on food for {S}", "You saved on food for {v} because of {S}.", "thing"),
    relation("bag in hall", "colour", "I keep the things for {S} in a {v} bag / "
        "the {v} bag in the hall is for {S} / please take the {v} bag along, everything for {S} is in there",
        "What colour is the bag for {S}? / Which bag holds the things for {S}? / "
        "In which bag do I find everything for {S}? / What bag should I take along for {S}?",
        "which bag holds the things for {S}", "The things for {S} are in the {v} bag.", "thing"),
    relation("shopped in", "city", "we went shopping for {S} in {v} / for the things {S} needed we drove to "
        "the shops in {v} / my feet still hurt from all the shops in {v}, and all that for {S}",
        "Where did we go shopping for {S}? / Which city did we drive to to get things for {S}? / "
        "Where are the things we bought for {S} from?",
        "where we went shopping for {S}", "You went shopping for {S} in {v}.", "thing"),
)  # fmt: skip
