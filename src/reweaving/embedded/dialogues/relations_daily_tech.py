"""Facts of machines, orders and money in everyday words: said in one way, asked for in another."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_TECH: tuple[Relation, ...] = (
    relation("films cost", "amount", "our streaming costs {v} a month / we pay {v} a month for our streaming / "
        "I'm thinking of cancelling our streaming, because now it costs {v} a month", "How much is our "
        "streaming? / What do we pay a month for our streaming? / What does our streaming cost us?",
        "how much our streaming costs", "Your streaming costs {v} a month.", "common"),
    relation("phone contract ends", "date", "our phone contract runs out on {v} / our phone contract ends on "
        "{v} / we can't get a better phone tariff yet, because the contract for our phone only ends on {v}",
        "When does our phone contract end? / Until when does our phone contract run? / When are we free of our "
        "phone contract?", "when our phone contract ends", "Your phone contract ends on {v}.", "common"),
    relation("fridge brought on", "day_time", "they're bringing the new fridge on {v} / the new fridge comes "
        "on {v} / somebody has to be home to let in the new fridge, which will be delivered on {v}", "When "
        "does the new fridge come? / When will the new fridge be delivered? / When are they bringing our new "
        "fridge?", "when the new fridge comes", "The new fridge comes on {v}.", "common"),
    relation("car left at garage", "company", "our car is being repaired at the garage of {v} / the garage "
        "that is repairing our car is {v} / we're on foot this week, because our car is at the garage of {v}",
        "Which garage is our car at? / Which garage has our car? / Whose garage did we take our car to?",
        "which garage our car is at", "Your car is at the garage of {v}.", "common"),
    relation("tyres swapped on", "date", "the winter tyres go on our car on {v} / the garage will change our "
        "car to winter tyres on {v} / I hope it doesn't snow yet, because we only get our winter tyres on {v}",
        "When do we get our winter tyres? / What day do our winter tyres go on? / When is our car changed to "
        "winter tyres?", "when we get our winter tyres", "You get your winter tyres on {v}.", "common"),
    relation("offline for", "duration", "our internet was down for {v} / we sat there without any internet for "
        "{v} / I read a whole pile of books, because our internet was dead for {v}", "How long was our "
        "internet down? / How long did we have no internet? / For how long were we offline?",
        "how long our internet was down", "Your internet was down for {v}.", "common"),
    relation("child lock code", "pin", "the code for the child lock on our television is {v} / to unlock our "
        "television, you have to type the code {v} / don't tell the kids, but the child lock on our television "
        "opens with {v}", "Which code unlocks our television? / How do we unlock the television? / What opens "
        "the child lock on our TV?", "which code unlocks our television",
        "The code that unlocks your television is {v}.", "common"),
    relation("computer infected by", "word", "our computer caught a virus called {v} / our computer was "
        "infected with the virus {v} / I had to wipe our computer, because it had a virus named {v}", "Which "
        "virus did our computer have? / What was our computer infected with? / What was the virus on our "
        "computer called?", "which virus our computer had", "Your computer had the virus {v}.", "common"),
    relation("package taken in by", "name", "our package is with {v} / the postman left our package with {v} / "
        "we weren't at home, so our package was taken in by {v}", "Who has our package? / Who took in our "
        "package? / Who do we have to get our package from?", "who has our package",
        "The person who has your package is {v}.", "common"),
    relation("water bill is", "amount", "our water bill came to {v} / for our water we have to pay {v} / I'm "
        "fixing that dripping tap today, because our water bill was {v}", "How much is our water bill? / How "
        "much did our water cost us? / What do we have to pay for our water?", "how much our water bill is",
        "Your water bill is {v}.", "common"),
    relation("lamp money back", "amount", "for the broken lamp the shop is giving us back {v} / our refund for "
        "the lamp is {v} / I sent back the lamp that came in pieces, and we get back {v} for it", "How much do "
        "we get back for the lamp? / How big is our refund for the lamp? / How much money are they giving us "
        "back for the lamp?", "how much we get back for the lamp", "For the lamp you get back {v}.", "common"),
    relation("kitchen still needs", "amount", "for the new kitchen we still need {v} / the money that is still "
        "missing for the new kitchen is {v} / no holiday this year, because for the new kitchen we still have "
        "to save {v}", "How much do we still need for the new kitchen? / How much is still missing for the "
        "kitchen? / How much do we still have to save for the kitchen?",
        "how much we still need for the kitchen", "For the kitchen you still need {v}.", "common"),
    relation("child benefit goes to", "account", "the child benefit goes into our {v} / we get the child "
        "benefit in our {v} / I checked, and the child benefit was paid into our {v}", "Which account does the "
        "child benefit go into? / Which account do we get the child benefit in? / Into which account is the "
        "child benefit paid?", "which account the child benefit goes into",
        "The child benefit goes into your {v}.", "common"),
    relation("cash machine at", "address", "the cash machine is at {v} / we get our cash from the machine at "
        "{v} / to draw some cash from the machine, we have to walk to {v}", "Where is the cash machine? / "
        "Where do we get cash? / Where can we draw cash?", "where the cash machine is",
        "The cash machine is at {v}.", "common"),
    relation("car charged at", "address", "we charge our car at {v} / the charging station for our car is at "
        "{v} / I always read a magazine while our car is charging at {v}", "Where do we charge our car? / "
        "Where is our car's charging station? / Where does our car get its electricity?",
        "where we charge our car", "You charge your car at {v}.", "common"),
    relation("full tank cost", "amount", "filling up the tank of our car cost us {v} / for a full tank of "
        "petrol we paid {v} / I'm going by bicycle from now on, because a full tank cost us {v}", "How much "
        "did a full tank cost us? / What did we pay for a full tank? / How much was it to fill up the tank?",
        "how much a full tank cost us", "A full tank cost you {v}.", "common"),
    relation("family chat called", "project", "our family chat is called {v} / the name of our family chat is "
        "{v} / I put the baby pictures into our family chat, the one named {v}", "What is our family chat "
        "called? / What name does our family chat have? / Which group does our family chat in?",
        "what our family chat is called", "Your family chat is called {v}.", "common"),
    relation("accounts program at", "version", "our accounting software is at version {v} now / for accounting "
        "we use the software in version {v} / our accounting software keeps freezing since we got version {v}",
        "Which version of the accounting software do we have? / What version is our accounting software at? / "
        "Which release of the accounting software do we have?", "which version our accounting software is at",
        "Your accounting software is at version {v}.", "common"),
    relation("speaker answers to", "word", "our kitchen speaker answers to the word {v} / the kitchen speaker "
        "wakes up when you say {v} / to wake up our kitchen speaker, the kids always shout {v}", "What does "
        "our kitchen speaker answer to? / Which word wakes up the kitchen speaker? / What do I say to wake up "
        "the speaker in the kitchen?", "what our kitchen speaker answers to",
        "Your kitchen speaker answers to {v}.", "common"),
    relation("vacuum robot called", "name", "we named our robot vacuum {v} / our robot vacuum is called {v} / "
        "lift up your feet, here comes our robot vacuum, we call it {v}", "What is our robot vacuum called? / "
        "What name does our robot vacuum have? / What do we call our robot vacuum?",
        "what our robot vacuum is called", "Your robot vacuum is called {v}.", "common"),
    relation("lift stuck call", "phone", "if the lift gets stuck, call {v} / the number to ring when the lift "
        "is stuck is {v} / the lift gets stuck all the time, and then we have to ring {v}", "Which number do "
        "we ring when the lift is stuck? / What number do we call if the lift gets stuck? / How do we phone "
        "for help when the lift is stuck?", "which number we ring when the lift is stuck",
        "When the lift is stuck, ring {v}.", "common"),
    relation("card blocked at", "phone", "to block our bank card we have to ring {v} / the number that blocks "
        "our bank card is {v} / I lost my wallet and must block our bank card, the number to call for that is "
        "{v}", "What number blocks our bank card? / Which number do we ring to block our bank card? / What "
        "number do I call to have our bank card stopped?", "which number blocks our bank card",
        "The number that blocks your bank card is {v}.", "common"),
    relation("water damage filed as", "code", "our insurance claim about the water damage has the number {v} / "
        "the insurer filed our claim about the water damage under {v} / when you ring them about our water "
        "damage claim, give them the claim number {v}", "What is the number of our water damage claim? / Under "
        "which number is our water damage claim filed? / Which number does our claim about the water damage "
        "have?", "which number our water damage claim has", "Your water damage claim has the number {v}.",
        "common"),
    relation("jacket returned with", "code", "we return the jacket with the number {v} / the return number for "
        "the jacket is {v} / the shop takes back the jacket, the number to return it with is {v}", "What is "
        "the return number for the jacket? / Which number do we return the jacket with? / Which number goes "
        "with the jacket we send back?", "what the return number for the jacket is",
        "The return number for the jacket is {v}.", "common"),
    relation("dropped in water", "device", "{S} dropped the {v} in the water / the device that {S} dropped in "
        "the water is the {v} / {S} had a bad day and dropped a device in the water, the {v}", "Which device "
        "did {S} drop in the water? / What did {S} drop in the water? / Which device did {S} let fall into the "
        "water?", "which device {S} dropped in the water", "The device {S} dropped in the water is the {v}."),
    relation("calls with", "device", "{P} new phone is a {v} / the phone that {S} {has|have} now is a {v} / "
        "{S} queued all night for a new phone and came home with a {v}", "Which phone {does|do} {S} have now? "
        "/ What is {P} phone now? / Which model is {P} new phone?", "which phone {S} {has|have} now",
        "The phone {S} {has|have} now is a {v}."),
    relation("unsubscribed from", "company", "{S} cancelled the subscription with {v} / the subscription that "
        "{S} ended is the one with {v} / {S} {has|have} more money now, after cancelling the subscription with "
        "{v}", "Which subscription did {S} cancel? / Which company did {S} cancel the subscription with? / "
        "Which company's subscription did {S} end?", "which subscription {S} cancelled",
        "{S} cancelled the subscription with {v}."),
    relation("support filed as", "code", "support filed {P} case under {v} / {P} support case is {v} / when "
        "{S} {rings|ring} support, the case number to give is {v}", "What is the number of {P} support case? / "
        "Under which number did support file {P} case? / Which case number {does|do} {S} have with support?",
        "which number {P} support case has", "{P} support case has the number {v}."),
    relation("helpdesk person", "name", "at the helpdesk {S} got help from {v} / the person who helped {O} at "
        "the helpdesk is {v} / {S} {is} happy with the helpdesk, after getting help there from {v}", "Who "
        "helped {O} at the helpdesk? / Who did {S} get help from at the helpdesk? / Which person from the "
        "helpdesk helped {O}?", "who helped {O} at the helpdesk",
        "The person who helped {O} at the helpdesk is {v}."),
    relation("hung on hold", "duration", "{S} rang support and had to wait for {v} / {S} waited a long time "
        "until support answered, the wait was {v} / {S} ate dinner while waiting for support to answer, the "
        "wait was {v}", "How long did {S} have to wait for support? / How long did {S} wait until support "
        "answered? / How long was {P} wait for support?", "how long {S} had to wait for support",
        "{S} had to wait for support for {v}."),
    relation("bank app asks", "pin", "{P} banking app opens with {v} / {S} {gets|get} into the banking app "
        "with the code {v} / the code for {P} banking app is {v}", "What opens {P} banking app? / What is the "
        "code for {P} banking app? / How {does|do} {S} log in to the banking app?",
        "what opens {P} banking app", "{P} banking app opens with {v}."),
    relation("computer shows up as", "word", "{P} computer is called {v} / {S} named the computer {v} / in the "
        "network {P} computer has the name {v}", "What is {P} computer called? / What name does {P} computer "
        "have? / What is the name of {P} computer in the network?", "what {P} computer is called",
        "{P} computer is called {v}."),
    relation("viruses kept off by", "company", "{P} antivirus program is from {v} / against viruses {S} "
        "{uses|use} the program from {v} / {S} {feels|feel} safe on the internet with an antivirus program "
        "from {v}", "Which antivirus program {does|do} {S} use? / Which company is {P} antivirus program from? "
        "/ Whose program {does|do} {S} use against viruses?", "which antivirus program {S} {uses|use}",
        "{S} {uses|use} the antivirus program from {v}."),
    relation("pictures stored with", "company", "{P} photos are stored with {v} / {S} {stores|store} all "
        "photos in the cloud of {v} / {S} {has|have} space on the phone again, now that the photos are stored "
        "with {v}", "Where {does|do} {S} store photos? / Which company stores {P} photos? / Who keeps {P} "
        "photos?", "which company stores {P} photos", "{P} photos are stored with {v}."),
    relation("types on", "device", "{P} keyboard is a {v} / the keyboard that {S} {types|type} on is a {v} / "
        "{S} {has|have} a noisy keyboard, a {v}", "Which keyboard {does|do} {S} have? / What keyboard "
        "{does|do} {S} type on? / Which model is {P} keyboard?", "which keyboard {S} {has|have}",
        "The keyboard {S} {has|have} is a {v}."),
    relation("headphones lent to", "name", "{S} lent the headphones to {v} / {P} headphones were borrowed by "
        "{v} / {S} {has|have} no music on the bus, after lending the headphones to {v}", "Who has {P} "
        "headphones? / Who did {S} lend the headphones to? / Who borrowed {P} headphones?",
        "who {S} lent the headphones to", "{S} lent the headphones to {v}."),
    relation("car bought off", "name", "{S} bought the car from {v} / the person who sold {O} the car is {v} / "
        "{S} bought the car from a heavy smoker called {v}", "Who did {S} buy the car from? / Who sold {O} the "
        "car? / Who did {S} get the car from?", "who {S} bought the car from", "{S} bought the car from {v}."),
    relation("broke down near", "city", "{P} car broke down near {v} / {S} had a breakdown with the car near "
        "{v} / {S} missed the party, because the car broke down near {v}", "Where did {P} car break down? / "
        "Near which city did {P} car break down? / Where did {S} have a breakdown with the car?",
        "where {P} car broke down", "{P} car broke down near {v}."),
    relation("motorbike is", "device", "{P} motorbike is a {v} / {S} {rides|ride} a motorbike, a {v} / the "
        "motorbike that {S} {has|have} is a {v}", "Which motorbike {does|do} {S} have? / Which motorbike "
        "{does|do} {S} ride? / Which model is {P} motorbike?", "which motorbike {S} {has|have}",
        "The motorbike {S} {has|have} is a {v}."),
    relation("clutch cost", "amount", "{P} new clutch cost {v} / for the new clutch {S} had to pay {v} / {S} "
        "can't go on holiday, because the new clutch for the car cost {v}", "How much was {P} new clutch? / "
        "What did {P} clutch cost? / How much did {S} pay for the clutch?", "how much {P} clutch cost",
        "{P} clutch cost {v}."),
    relation("got driving licence", "date", "{S} got the driving licence on {v} / {P} driving licence was "
        "handed over on {v} / {S} {has|have} had the driving licence since {v}", "When did {S} get the driving "
        "licence? / Since when {has|have} {S} had the driving licence? / On which date did {S} get the driving "
        "licence?", "when {S} got the driving licence", "{S} got the driving licence on {v}."),
    relation("card issued by", "company", "{P} credit card is from {v} / {P} credit card was issued by {v} / "
        "in shops {S} always {pays|pay} with a credit card from {v}", "Who issued {P} credit card? / Which "
        "company is {P} credit card from? / Whose credit card {does|do} {S} have?",
        "which company {P} credit card is from", "{P} credit card is from {v}."),
    relation("money lent to", "name", "{S} lent some money to {v} / the person who owes {O} money is {v} / {S} "
        "{is} still waiting to get back the money lent to {v}", "Who owes {O} money? / Who did {S} lend money "
        "to? / Who has to pay {O} back some money?", "who owes {O} money",
        "The person who owes {O} money is {v}."),
    relation("orders online from", "company", "{S} {orders|order} everything online from {v} / the online shop "
        "that {S} {uses|use} is {v} / {S} {has|have} a hall full of boxes from shopping online at {v}", "Where "
        "{does|do} {S} shop online? / Which online shop {does|do} {S} use? / Where {does|do} {S} order things "
        "online?", "where {S} {shops|shop} online", "{S} {shops|shop} online at {v}."),
    relation("bed delivered on", "day_time", "{P} new bed will be delivered on {v} / the carriers are bringing "
        "{O} the new bed on {v} / {S} {has|have} to sleep on the floor for now, because the new bed only comes "
        "on {v}", "When does {P} new bed come? / When will {P} new bed be delivered? / When {does|do} {S} get "
        "the new bed?", "when {P} new bed comes", "{P} new bed comes on {v}."),
    relation("gift card holds", "amount", "{P} gift card is worth {v} / with the gift card {S} can spend {v} / "
        "{S} can go wild in the bookshop, because the gift card is worth {v}", "How much is on {P} gift card? "
        "/ What is {P} gift card worth? / How much can {S} spend with the gift card?",
        "how much {P} gift card is worth", "{P} gift card is worth {v}."),
    relation("bank adviser is", "full_name", "{P} adviser at the bank is {v} / at the bank {S} {is} advised by "
        "{v} / {S} {is} happy with the adviser at the bank, {v}", "Who advises {O} at the bank? / Who is {P} "
        "adviser at the bank? / Who gives {O} advice at the bank?", "who advises {O} at the bank",
        "{P} adviser at the bank is {v}."),
    relation("mortgage talk on", "day_time", "{S} {sees|see} the bank about the mortgage on {v} / {P} mortgage "
        "appointment at the bank is on {v} / {S} ironed the good shirt for the mortgage talk at the bank on "
        "{v}", "When {does|do} {S} see the bank about the mortgage? / When is {P} mortgage appointment? / When "
        "{does|do} {S} talk to the bank about the mortgage?", "when {S} {sees|see} the bank about the mortgage",
        "{S} {sees|see} the bank about the mortgage on {v}."),
    relation("music plan is", "plan", "{P} music subscription is {v} / {S} {streams|stream} music with the "
        "subscription {v} / {S} {hears|hear} no more ads between songs, with a music subscription called {v}",
        "Which music subscription {does|do} {S} have? / What is {P} music subscription called? / Which plan "
        "{does|do} {S} have for music?", "which music subscription {S} {has|have}",
        "The music subscription {S} {has|have} is {v}."),
    relation("ink cartridge is", "code", "{P} printer takes the ink {v} / the ink that {P} printer needs is "
        "{v} / {S} can't print the tickets, because the printer needs new ink, the type {v}", "Which ink does "
        "{P} printer need? / Which ink does {P} printer take? / What type of ink {does|do} {S} need for the "
        "printer?", "which ink {P} printer needs", "The ink {P} printer needs is {v}."),
    relation("television cost", "amount", "{S} bought the television for {v} / {P} new television cost {v} / "
        "{S} {is} eating noodles this month, because the new television cost {v}", "How much was {P} "
        "television? / What did {S} pay for the television? / How much did {P} TV cost?",
        "how much {P} television cost", "{P} television cost {v}."),
    relation("wants for bike", "amount", "{S} {is} selling the old bike for {v} / for the old bike {S} "
        "{wants|want} {v} / the price that {S} {asks|ask} for the old bike is {v}", "How much {does|do} {S} "
        "want for the old bike? / What is the price of {P} old bike? / For how much {is} {S} selling the old "
        "bike?", "how much {S} {wants|want} for the old bike", "For the old bike {S} {wants|want} {v}."),
    relation("finds way with", "word", "{S} {finds|find} the way with a map app called {v} / {P} map app is "
        "called {v} / {S} got lost in the woods while using the map app {v}", "Which map app {does|do} {S} "
        "use? / What is {P} map app called? / What is the name of {P} map app?", "which map app {S} {uses|use}",
        "The map app {S} {uses|use} is {v}."),
    relation("bill for it", "amount", "the last bill for {S} came to {v} / the last time we paid a bill for "
        "{S}, it was {v} / I nearly fell off my chair, because the last bill for {S} was {v}", "How much was "
        "the last bill for {S}? / What did the last bill for {S} come to? / How high was the last bill for "
        "{S}?", "how much the last bill for {S} was", "The last bill for {S} was {v}.", "thing"),
    relation("invoice number for", "long_number", "the invoice for {S} has the number {v} / the number at the "
        "top of the invoice for {S} is {v} / when you pay the invoice for {S}, write down the invoice number "
        "{v}", "What is the invoice number for {S}? / Which number is on the invoice for {S}? / Which number "
        "does the bill for {S} have?", "what the invoice number for {S} is",
        "The invoice number for {S} is {v}.", "thing"),
    relation("everything bought at", "company", "everything we need for {S} we buy at {v} / the shop where we "
        "buy things for {S} is {v} / when something for {S} is missing, we always go and buy it at {v}",
        "Where do we buy things for {S}? / Which shop do we buy things for {S} at? / Where do we get what we "
        "need for {S}?", "where we buy things for {S}", "You buy things for {S} at {v}.", "thing"),
    relation("tracked with app", "word", "I keep track of {S} with an app called {v} / the app I use for {S} "
        "is {v} / for {S} I have an app on my phone called {v}", "Which app do I use for {S}? / What is the "
        "app for {S} called? / What is the name of my app for {S}?", "which app I use for {S}",
        "The app you use for {S} is {v}.", "thing"),
    relation("files saved under", "project", "the files about {S} are in a folder called {v} / I saved all the "
        "files about {S} in the folder {v} / to find the files about {S} on my computer, open the folder {v}",
        "Where are the files about {S}? / Which folder has the files about {S}? / In which folder do I find "
        "the files about {S}?", "which folder the files about {S} are in",
        "The files about {S} are in the folder {v}.", "thing"),
    relation("last payment on", "date", "the last payment for {S} is due on {v} / we'll be done paying for {S} "
        "with the last payment on {v} / {S} will be paid off with the last payment on {v}", "When will {S} be "
        "paid off? / When is the last payment for {S}? / When will we be done paying for {S}?",
        "when the last payment for {S} is", "The last payment for {S} is on {v}.", "thing"),
    relation("online access as", "password", "to log in to the website of {S}, I use the name {v} / my user "
        "name on the website of {S} is {v} / on the website of {S} I log in under the user name {v}", "Which "
        "name do I use to log in to the website of {S}? / What is my user name on the website of {S}? / What "
        "am I called on the website of {S}?", "what my user name on the website of {S} is",
        "Your user name on the website of {S} is {v}.", "thing"),
    relation("trouble reported to", "full_name", "about {S} I complained to {v} / the person I complained to "
        "about {S} is {v} / my complaint about {S} was taken down by {v}", "Who did I complain to about {S}? / "
        "Who took my complaint about {S}? / Who heard my complaint about {S}?", "who I complained to about {S}",
        "The person you complained to about {S} is {v}.", "thing"),
)  # fmt: skip
