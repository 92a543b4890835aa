"""Facts of machines, orders and money in everyday words: said in one way, asked for in another."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_TECH: tuple[Relation, ...] = (
    relation("films cost", "amount", "our streaming went up to {v} a month / they charge us {v} a month for "
        "the film service / I'm thinking of cancelling the streaming, now that they want {v} a month",
        "How much is our streaming? / What do we pay every month to watch films at home? / What does it cost "
        "us to watch series?", "how much our streaming is", "Your streaming costs {v} a month.", "common"),
    relation("phone contract ends", "date", "our phone contract runs out on {v} / we're tied to the phone "
        "company until {v} / we can't get a better phone tariff yet, the old contract goes on until {v}",
        "When does our phone contract end? / Until when must we stay with our phone company? / When are we "
        "free to take another phone tariff?", "when our phone contract ends", "Your phone contract ends on "
        "{v}.", "common"),
    relation("fridge brought on", "day_time", "they're bringing the new fridge on {v} / the new fridge comes "
        "on {v} / somebody has to be home on {v} to let in the people with the fridge",
        "When does the new fridge come? / When will the fridge be delivered? / When do we have to be in for "
        "the fridge?", "when the new fridge comes", "The new fridge comes on {v}.", "common"),
    relation("car left at garage", "company", "our car is at {v} for repairs / {v} is fixing the brakes on "
        "our car / we're on foot this week, because {v} still has our car up on the ramp",
        "Which garage is our car at? / Who is repairing our car? / Where did we take the car to be fixed?",
        "which garage our car is at", "Your car is at {v}.", "common"),
    relation("tyres swapped on", "date", "the winter tyres go on our car on {v} / the garage will change our "
        "tyres on {v} / I hope it doesn't snow yet, as the garage only changes our tyres on {v}",
        "When do we get the tyres changed? / What day do our winter tyres go on? / When is the car made ready "
        "for winter?", "when we get the tyres changed", "Your tyres will be changed on {v}.", "common"),
    relation("offline for", "duration", "our internet was gone for {v} / we sat there without any internet "
        "for {v} / I read a whole pile of books, since our line was dead for {v}",
        "How long was our internet down? / For how long were we offline? / How long did the outage last?",
        "how long our internet was down", "Your internet was down for {v}.", "common"),
    relation("child lock code", "pin", "our television asks for {v} because of the child lock / {v} takes the "
        "child lock off our television / don't tell the kids, but the lock on our television opens with {v}",
        "How do we unlock the television? / What is the child lock on our TV? / What do I key in when the TV "
        "won't let me watch?", "how the television is unlocked", "Your television opens with {v}.", "common"),
    relation("computer infected by", "word", "our computer caught a virus called {v} / a virus named {v} got "
        "into the family computer / I had to wipe our computer because the {v} virus was on it",
        "Which virus did our computer have? / What infected our computer? / What nasty thing got into our "
        "machine?", "which virus our computer had", "The virus was called {v}.", "common"),
    relation("package taken in by", "name", "our package is with {v} from downstairs / the postman left our "
        "package with {v} across the street / we weren't at home, so {v} took in the package for us",
        "Who has our package? / Who accepted the delivery for us? / At whose door do I have to ring to get "
        "the package?", "who has our package", "Your package is with {v}.", "common"),
    relation("water bill is", "amount", "the water bill came to {v} / the waterworks want {v} from us / I'm "
        "fixing that dripping tap today, the bill for our water was {v}",
        "How much is our water bill? / What do the waterworks charge us? / What do we have to pay for water?",
        "how much the water bill is", "Your water bill is {v}.", "common"),
    relation("lamp money back", "amount", "the shop is giving us {v} back for the broken lamp / we get a "
        "refund of {v} for the lamp / I sent back the lamp that came in pieces, and {v} landed on our card "
        "again", "How much do we get back for the lamp? / How big is our refund? / What did the shop pay us "
        "back?", "how much we get back for the lamp", "You get {v} back for the lamp.", "common"),
    relation("kitchen still needs", "amount", "we still need {v} for the new kitchen / we're {v} short of the "
        "new kitchen / no holiday this year, because {v} are missing for the new kitchen",
        "How much is missing for the new kitchen? / How much do we still have to save for the kitchen? / What "
        "sum don't we have yet for the kitchen?", "how much is missing for the kitchen",
        "You still need {v} for the kitchen.", "common"),
    relation("child benefit goes to", "account", "the child benefit goes into our {v} / we get the child "
        "benefit on the {v} / I check the {v} every morning to see whether the child benefit has come",
        "Which account does the child benefit go into? / Where does the state pay the money for our children? "
        "/ Where do I look for the child benefit?", "which account the child benefit goes into",
        "The child benefit goes into your {v}.", "common"),
    relation("cash machine at", "address", "the nearest cash machine is at {v} / we always get our cash at "
        "{v}, from the machine in the wall / I walked all the way to {v} to draw some cash for us",
        "Where is the cash machine? / Where do we get cash? / Where can I draw money round here?",
        "where the cash machine is", "The cash machine is at {v}.", "common"),
    relation("car charged at", "address", "we charge the car at {v} / the charging station for our car is at "
        "{v} / I read a whole magazine at {v} while our car was charging",
        "Where do we charge the car? / Where is the charging station? / Where does our car get its "
        "electricity?", "where we charge the car", "You charge the car at {v}.", "common"),
    relation("full tank cost", "amount", "filling up the car cost us {v} / they took {v} from us for a full "
        "tank / I'm going by bicycle from now on, it took {v} to fill the tank this morning",
        "How much was the petrol? / What did we pay at the petrol station? / What does it cost us to fill up "
        "the car?", "how much the petrol was", "The petrol cost you {v}.", "common"),
    relation("family chat called", "project", "our family chat is called {v} / we write to each other in a "
        "group called {v}, the whole family / I put the baby pictures into {v}, so that everyone in our "
        "family group sees them", "What is the family chat called? / Which group do we write in as a family? "
        "/ What is the name of the group that our relatives are in?", "what our family chat is called",
        "Your family chat is called {v}.", "common"),
    relation("accounts program at", "version",
        "our accounting software is at version {v} now / after the update the accounts program says that it "
        "is {v} / ever since we went to {v}, the accounting software keeps freezing",
        "Which version of the accounting software do we have? / What version does our accounts program run? / "
        "Which release of the bookkeeping program are we on?", "which version of the accounting software we "
        "have", "Your accounting software is at version {v}.", "common"),
    relation("speaker answers to", "word", "our kitchen speaker answers to {v} / say {v} and the speaker in "
        "the kitchen wakes up / the kids shout {v} all day so that the kitchen speaker plays them a song",
        "What does our kitchen speaker answer to? / How do I wake up the speaker? / What do I say to make the "
        "speaker listen?", "what our kitchen speaker answers to", "Your kitchen speaker answers to {v}.",
        "common"),
    relation("vacuum robot called", "name", "we named our robot vacuum {v} / {v}, our little vacuum robot, "
        "got stuck under the sofa / lift up your feet, {v} the robot is vacuuming our living room",
        "What is our robot vacuum called? / What name did we give the vacuum robot? / Who vacuums our floors?",
        "what our robot vacuum is called", "Your robot vacuum is called {v}.", "common"),
    relation("lift stuck call", "phone", "if the lift gets stuck, call {v} / the emergency number for our "
        "lift is {v} / we sat in the lift between floors and got out by ringing {v}",
        "Which number do we ring when the lift is stuck? / Who do we phone about the lift? / How do we call "
        "for help from the lift?", "which number we ring when the lift is stuck", "Ring {v} when the lift is "
        "stuck.", "common"),
    relation("card blocked at", "phone", "to block our bank card we have to ring {v} / {v} is the number to "
        "call if somebody steals our bank card / I lost my wallet, so I dialled {v} and had our bank card "
        "blocked", "What number blocks our bank card? / Which number do we ring when the card is stolen? / "
        "Where do I call to stop anyone from using our card?", "which number blocks our bank card",
        "To block your bank card, ring {v}.", "common"),
    relation("water damage filed as", "code", "the insurer filed our water damage as {v} / our claim about "
        "the water damage has the number {v} / always mention {v} when you ring the insurance about our wet "
        "ceiling", "What is the number of our insurance claim? / Under which number did the insurer file our "
        "case? / Which number do I tell the insurance people?", "what the number of our insurance claim is",
        "Your insurance claim has the number {v}.", "common"),
    relation("jacket returned with", "code", "we return the jacket with the number {v} / the return label for "
        "the jacket says {v} / the shop only takes the jacket back if {v} is on the parcel",
        "What do I write on the parcel with the jacket? / Which number goes with the jacket we send back? / "
        "What does the shop need to see to take the jacket back?", "which number goes with the jacket",
        "The jacket goes back with the number {v}.", "common"),
    relation("dropped in water", "device",
        "{S} dropped the {v} in the bath / {P} {v} fell into the water and is lying in a bowl of rice / {S} "
        "had a bad day, the {v} slipped out of a pocket and went for a swim in the lake",
        "Which device did {S} drop in the water? / What did {S} get wet? / Which of {P} gadgets is ruined by "
        "water?", "which device {S} dropped in the water", "{S} dropped the {v} in the water."),
    relation("calls with", "device", "{P} new phone is a {v} / {S} gave up the old phone for a {v} / {S} "
        "queued all night for a {v}, and the old phone went into a drawer",
        "Which phone {does|do} {S} have now? / What phone did {S} get? / What {does|do} {S} make calls on "
        "these days?", "which phone {S} {has|have} now", "{P} phone is a {v}."),
    relation("unsubscribed from", "company",
        "{S} cancelled the subscription with {v} / {v} won't get any more money from {O}, the subscription is "
        "over / {S} {has|have} an evening free again, after ending the subscription with {v}",
        "Which subscription did {S} end? / What did {S} unsubscribe from? / Which company no longer has {O} "
        "as a subscriber?", "which subscription {S} ended", "{S} ended the subscription with {v}."),
    relation("support filed as", "code", "support filed {P} complaint as {v} / {P} case at the helpdesk is "
        "{v} / without saying {v} first, {S} {gets|get} no answer from support",
        "What is {P} support case? / Under which number is {P} complaint with support? / What should {S} tell "
        "the helpdesk to find the case?", "what {P} support case is", "{P} support case is {v}."),
    relation("helpdesk person", "name", "{S} talked to {v} at the helpdesk / {v} from support finally solved "
        "the problem for {O} / {S} {thinks|think} the helpdesk is great now, {v} was so patient on the line",
        "Who helped {O} at support? / Who did {S} talk to at the helpdesk? / Who was on the line when {S} "
        "rang support?", "who helped {O} at support", "{S} talked to {v} at support."),
    relation("hung on hold", "duration",
        "{S} hung on the line for {v} before anyone at support answered / it took support {v} to pick up when "
        "{S} called / {S} ate dinner on hold, since it was {v} before support came on the line",
        "How long {was} {S} on hold? / How long did {S} wait on the phone? / How long did it take until "
        "somebody answered {P} call?", "how long {S} had to wait on the phone", "{S} had to wait for {v}."),
    relation("bank app asks", "pin", "{P} banking app asks for {v} / {S} {gets|get} into the banking app with "
        "{v} / {S} quickly typed {v} at the till to see the balance on the phone",
        "What opens {P} banking app? / Which code {does|do} {S} use to see the balance? / How {does|do} {S} "
        "log in to the bank on the phone?", "what opens {P} banking app", "{P} banking app opens with {v}."),
    relation("computer shows up as", "word", "{P} computer shows up as {v} in the network / {S} named the "
        "computer {v} / if you see {v} in the list of devices, don't worry, that's {P} computer",
        "What is {P} computer called in the network? / What name did {S} give the computer? / Under what name "
        "do people see {P} computer in the list?", "what {P} computer is called", "{P} computer is called "
        "{v}."),
    relation("viruses kept off by", "company", "{P} antivirus program is from {v} / {v} keeps viruses off {P} "
        "computer / {S} always {gets|get} a fright when {v} reports that it has found a virus",
        "Which antivirus {does|do} {S} use? / Who protects {P} computer? / What {does|do} {S} have against "
        "viruses?", "which antivirus {S} {uses|use}", "{P} antivirus is from {v}."),
    relation("pictures stored with", "company", "{P} photos are stored with {v} / {S} {uploads|upload} all "
        "the pictures to {v} / {P} phone has space again, now that the pictures are with {v}",
        "Where {does|do} {S} store photos? / Which cloud {does|do} {S} use? / Who keeps {P} pictures safe?",
        "where {S} {stores|store} photos", "{P} photos are stored with {v}."),
    relation("types on", "device", "{P} keyboard is a {v} / {S} {types|type} everything on a {v} / that "
        "clacking next door is {O} at the keyboard, a noisy {v}",
        "Which keyboard {does|do} {S} have? / What {does|do} {S} write letters on at the computer? / What "
        "makes that noise when {S} {types|type}?", "which keyboard {S} {has|have}", "{P} keyboard is a {v}."),
    relation("headphones lent to", "name", "{S} lent {v} the headphones / {v} still has {P} headphones / no "
        "music for {O} on the bus, because {v} hasn't brought back the headphones",
        "Who has {P} headphones? / Who did {S} lend the headphones to? / Who borrowed the headphones from {O}?",
        "who has {P} headphones", "{P} headphones are with {v}."),
    relation("car bought off", "name", "{S} bought the car off {v} / {v} sold {O} the car / {P} car still "
        "smells of smoke, since {v} drove it before",
        "Who did {S} get the car from? / Who had {P} car before? / Whose car was it until {S} took it?",
        "who {S} got the car from", "{S} got the car from {v}."),
    relation("broke down near", "city", "{P} car broke down near {v} / {S} got stuck outside {v} when the "
        "engine gave up / {S} missed the party, because the car died just before {v}",
        "Where did {P} car break down? / Near which city did {S} get stuck? / Where did the engine let {O} "
        "down?", "where {P} car broke down", "{P} car broke down near {v}."),
    relation("motorbike is", "device", "{P} motorbike is a {v} / {S} {roars|roar} around on a {v} / {S} "
        "bought a leather jacket to go with the new motorbike, a {v}",
        "Which motorbike {does|do} {S} have? / What {does|do} {S} ride? / What {does|do} {S} go for a spin on?",
        "which motorbike {S} {has|have}", "{P} motorbike is a {v}."),
    relation("clutch cost", "amount", "{P} new clutch cost {v} / the garage wants {v} from {O} for the clutch "
        "/ {S} can't go on holiday, the new clutch for the car swallowed {v}",
        "How much was {P} clutch? / What did the garage charge {O}? / What did {S} pay for the car repair?",
        "how much {P} clutch cost", "{P} clutch cost {v}."),
    relation("got driving licence", "date", "{S} passed the driving test on {v} / {P} driving licence was "
        "handed over on {v} / we drank to {P} driving licence on {v}, right after the test",
        "When did {S} pass the driving test? / When did {S} get the driving licence? / Since when may {S} "
        "drive alone?", "when {S} got the driving licence", "{S} got the driving licence on {v}."),
    relation("card issued by", "company", "{P} credit card is from {v} / in shops {S} {pays|pay} with a card "
        "from {v} / {S} never {carries|carry} cash, the card that {v} sent works everywhere",
        "Which credit card {does|do} {S} have? / Who issued {P} card? / What {does|do} {S} pay with in shops?",
        "who issued {P} credit card", "{P} credit card is from {v}."),
    relation("money lent to", "name", "{S} lent {v} some money / {v} still hasn't paid {O} back / {S} can't "
        "buy the tickets until the borrowed money comes back from {v}", "Who owes {O} money? / Who did {S} "
        "lend money to? / Who should {S} ask for the money?", "who owes {O} money",
        "{S} {gets|get} money back from {v}."),
    relation("orders online from", "company", "{S} {orders|order} everything online from {v} / another parcel "
        "from {v} has come for {O} / {P} hall is full of cardboard, with all that shopping at {v} on the "
        "internet", "Where {does|do} {S} shop online? / Which online shop {does|do} {S} use? / Who sends {O} "
        "all those boxes?", "where {S} {shops|shop} online", "{S} {shops|shop} online at {v}."),
    relation("bed delivered on", "day_time", "{P} new bed will be delivered on {v} / the carriers bring {O} "
        "the new bed on {v} / {S} {has|have} to sleep on the floor, the new bed only comes on {v}",
        "When does {P} new bed come? / When do the carriers come to {O}? / When can {S} sleep in the new bed?",
        "when {P} new bed comes", "{P} new bed comes on {v}."),
    relation("gift card holds", "amount", "there are {v} left on {P} gift card / {S} can still spend {v} with "
        "the gift card / {S} can go wild in the bookshop, since the gift card is good for {v}",
        "How much is on {P} gift card? / What is {P} gift card still worth? / How much can {S} spend with the "
        "gift card?", "how much is on {P} gift card", "{P} gift card is good for {v}."),
    relation("bank adviser is", "full_name", "{v} looks after {P} money at the bank / {P} adviser at the bank "
        "is {v} / {S} talked it over with {v} at the bank and got the loan after all",
        "Who advises {O} at the bank? / Who is {P} contact at the bank? / Who did {S} see about money?",
        "who advises {O} at the bank", "{P} adviser at the bank is {v}."),
    relation("mortgage talk on", "day_time",
        "{S} {sees|see} the bank about a mortgage on {v} / the bank wants to talk to {O} about the mortgage "
        "on {v} / {S} ironed the good shirt, because the talk about the mortgage is on {v}",
        "When {does|do} {S} go to the bank? / When is {P} mortgage appointment? / When is the bank going to "
        "talk to {O} about the house loan?", "when {S} {sees|see} the bank", "{S} {sees|see} the bank on {v}."),
    relation("music plan is", "plan", "{S} {streams|stream} music on the {v} plan / {P} music subscription is "
        "{v} / there are no ads between {P} songs any more, thanks to {v}", "Which music subscription "
        "{does|do} {S} have? / Which plan {does|do} {S} use for music? / How {does|do} {S} get songs without "
        "ads?", "which music subscription {S} {has|have}", "{P} music subscription is {v}."),
    relation("ink cartridge is", "code", "{P} printer takes the cartridge {v} / {P} printer needs ink, the "
        "type is {v} / {S} can't print the tickets before the shop gets {v}, the ink is all gone",
        "Which ink {does|do} {S} need? / What cartridge goes into {P} printer? / What should I buy to make "
        "{P} printer work again?", "which ink {P} printer needs", "{P} printer takes {v}."),
    relation("television cost", "amount", "{S} got the television for {v} in the sale / {P} new television "
        "cost {v} / {S} {is} eating noodles this month, after spending {v} on a television",
        "How much was {P} television? / What did {S} pay for the TV? / How much money went on {P} new screen?",
        "how much {P} television was", "{P} television cost {v}."),
    relation("wants for bike", "amount", "{S} {is} selling the old bike for {v} / {S} {wants|want} {v} for "
        "the old bike / a student rang about {P} old bike but found {v} too much", "How much {does|do} {S} "
        "want for the old bike? / What is the price of {P} old bike? / What would a buyer have to pay {O} for "
        "the bike?", "how much {S} {wants|want} for the old bike", "{S} {wants|want} {v} for the old bike."),
    relation("finds way with", "word", "{S} {finds|find} the way with an app called {v} / {P} map app is "
        "called {v} / {S} got lost in the woods even though {v} was showing the map",
        "Which map app {does|do} {S} use? / What {does|do} {S} find the way with? / Which app tells {O} where "
        "to go?", "which map app {S} {uses|use}", "{S} {uses|use} {v}."),
    relation("bill for it", "amount", "the last bill for {S} came to {v} / they charged us {v} for {S} last "
        "time / I nearly fell off my chair when they wanted {v} for {S} this time",
        "How much was the last bill for {S}? / What did they charge us for {S}? / What did we have to pay for "
        "{S}?", "how much the last bill for {S} was", "The last bill for {S} {was} {v}.", "thing"),
    relation("invoice number for", "long_number", "the invoice for {S} has the number {v} / on the bill for "
        "{S} it says {v} at the top / they can't find our payment for {S} unless I write {v} on it",
        "What is the invoice number for {S}? / Which number is on the bill for {S}? / What do I write on the "
        "payment for {S}?", "what the invoice number for {S} is", "The invoice for {S} has the number {v}.",
        "thing"),
    relation("everything bought at", "company", "everything we need for {S} we buy at {v} / {v} sells us the "
        "things for {S} / when something for {S} is missing, I get on my bike and ride to {v}",
        "Where do we buy things for {S}? / Which shop has what we need for {S}? / Where do I go when "
        "something for {S} is missing?", "where we buy things for {S}", "You buy things for {S} at {v}.",
        "thing"),
    relation("tracked with app", "word", "I keep track of {S} with an app called {v} / the app for {S} is {v} "
        "/ my phone beeps all day, because {v} tells me the news about {S}",
        "Which app do I use for {S}? / What do I keep track of {S} with? / What shows me on my phone how "
        "things are with {S}?", "which app I use for {S}", "You use {v} for {S}.", "thing"),
    relation("files saved under", "project", "the files about {S} are in a folder called {v} / I saved "
        "everything about {S} under {v} / look in {v} on my computer to find what I have about {S}",
        "Where did I save the files about {S}? / Which folder has the files about {S}? / What must I open on "
        "my computer to read about {S}?", "where the files about {S} are", "The files about {S} are under {v}.",
        "thing"),
    relation("last payment on", "date", "the last payment for {S} is due on {v} / we'll be done paying for "
        "{S} on {v} / I'll open a bottle on {v}, because then {S} will finally be paid off",
        "When will {S} be paid off? / When is the last payment for {S}? / Until when do we have to pay for "
        "{S}?", "when {S} will be paid off", "{S} will be paid off on {v}.", "thing"),
    relation("online access as", "password", "to log in to the website of {S}, I use the name {v} / my user "
        "name on the website of {S} is {v} / the website of {S} didn't know me until I typed {v} as my name",
        "How do I log in to the website of {S}? / What is my user name on the website of {S}? / Under what "
        "name does the website of {S} know me?", "how I log in to the website of {S}",
        "You log in to the website of {S} as {v}.", "thing"),
    relation("trouble reported to", "full_name", "I told {v} about the trouble with {S} / {v} took down my "
        "complaint about {S} / I feel better about {S}, now that {v} has listened to all my complaints",
        "Who did I complain to about {S}? / Who knows about the trouble with {S}? / Who heard my complaints "
        "about {S}?", "who I complained to about {S}", "You complained to {v} about {S}.", "thing"),
)  # fmt: skip
