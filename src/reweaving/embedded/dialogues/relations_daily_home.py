"""What is said at home: rooms and repairs, chores, pets, neighbours, relatives and children."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_HOME: tuple[Relation, ...] = (
    relation("heating saved by", "company", "the boiler is humming again since {v} came round / {v} got our "
        "heating going again / we were freezing until somebody from {v} turned up and saw to the boiler",
        "Who repaired our heating? / Which firm did we call for the boiler? / Who got the house warm again? / "
        "Thanks to whom are we warm again?",
        "who repaired our heating", "Your heating was repaired by {v}.", "common"),
    relation("tap drips since", "date", "the kitchen tap has been dripping since {v} / since {v} there's been "
        "a bucket in our sink because the tap leaks / it was on {v} that the tap in the kitchen began to leak",
        "When did the kitchen tap start to drip? / Since when has our tap been leaking? / "
        "How long have we had trouble with the kitchen tap?", "since when the kitchen tap has been dripping",
        "The kitchen tap has been dripping since {v}.", "common"),
    relation("family film night", "schedule", "we all squeeze onto the sofa for a film {v} / "
        "our film night is {v} / the kids may stay up late {v}, because the whole family watches a film then",
        "When is our film night? / How often do we watch a film together? / "
        "When do we all sit down to a film? / When may the kids stay up late?",
        "when our film night is", "Your film night is {v}.", "common"),
    relation("bins turn of", "name", "this week {v} takes the bins down / it's {v} who has to see to the "
        "rubbish this week / nobody else needs to think of the bins this week, {v} is on it",
        "Whose turn is it with the rubbish? / Who takes the bins out this week? / Who is on bin duty?",
        "whose turn it is with the bins", "The bins are taken out this week by {v}.", "common"),
    relation("new neighbours from", "city",
        "the people who moved in next door come from {v} / our new neighbours left {v} to live here / "
        "the new family next door grew up in {v}, so they're still getting used to our weather",
        "Where are our new neighbours from? / Which city did the people next door live in before? / "
        "Where does the new family next door come from?",
        "where our new neighbours are from", "Your new neighbours are from {v}.", "common"),
    relation("dog next door called", "name", "the dog next door answers to {v} / our neighbours named their "
        "dog {v} / all day we hear the neighbours shout {v}, because their dog never listens",
        "What is the name of the dog next door? / What is our neighbours' dog called? / "
        "What do the people next door call their dog?",
        "what the dog next door is called", "The dog next door is called {v}.", "common"),
    relation("tree house called", "project",
        "the kids painted {v} on the door of their tree house / the children's tree house goes by the name of "
        "{v} / nobody can find the kids, so they must be up in {v}, their tree house",
        "What is the children's tree house called? / Which name did the kids give their tree house? / "
        "What does it say on the tree house?",
        "what the children's tree house is called", "The children's tree house is called {v}.", "common"),
    relation("bathroom torn up for", "duration",
        "no showers at home for {v}, the bathroom is being done / the builders say our bathroom will be out "
        "of use for {v} / we wash at the neighbours' place for {v}, because our bathroom is torn up",
        "How long will we be without a bathroom? / For how long can't we shower at home? / "
        "How long do the builders need for the bathroom? / How long must we wash at the neighbours' place?",
        "how long we will be without a bathroom", "You will be without a bathroom for {v}.", "common"),
    relation("attic floor laid in", "material", "we laid {v} in the attic / "
        "up in the attic you walk on {v} now / the attic looks lovely since there's {v} on the floor",
        "What is the floor in the attic made of? / What did we lay in the attic? / "
        "What do you walk on up in the attic?",
        "what the attic floor is made of", "Your attic floor is made of {v}.", "common"),
    relation("grandparents stay until", "date",
        "Granny and Grandad stay with us until {v} / we have the grandparents in the spare room until {v} / "
        "nobody else can sleep in the spare room before {v}, when Granny and Grandad go home",
        "How long are the grandparents staying? / When do Granny and Grandad go home? / "
        "Until when is the spare room taken? / From when on is the spare room free again?",
        "until when the grandparents are staying", "Granny and Grandad are staying until {v}.", "common"),
    relation("bath time", "time", "the children get into the tub at {v} / "
        "at {v} it's splash time for our little ones / please don't ring at {v}, that's when we bath the kids",
        "When do the kids have their bath? / What time do our little ones get washed? / "
        "When are the children in the tub?",
        "when the children have their bath", "The children have their bath at {v}.", "common"),
    relation("gives each child", "amount", "each of our kids gets {v} a week to spend / we hand every child "
        "{v} a week, and sweets have to come out of that / {v} a week, that's all our children get from us",
        "How much pocket money do our kids get? / What do we give each child a week? / "
        "How much may every child spend a week? / What allowance do our children have?",
        "how much pocket money our kids get", "Each of your kids gets {v} a week.", "common"),
    relation("living room curtains", "colour",
        "the curtains we hung in the living room are {v} / in the living room we look at {v} curtains now / "
        "we were tired of the old curtains in the living room, so now there's {v} at the windows",
        "What colour are the curtains in the living room? / Which colour hangs at our living room windows? / "
        "What colour did we pick for the curtains?", "what colour the curtains in the living room are",
        "The curtains in your living room are {v}.", "common"),
    relation("cellar space is", "room", "our things are down in the cellar in {v} / down in the basement {v} "
        "belongs to us / the bikes had to go to the cellar, you find them behind the door marked {v}",
        "Which cellar room is ours? / Where in the cellar are our bikes? / "
        "What does it say on the door of our cellar?",
        "which cellar room is ours", "Your cellar room is {v}.", "common"),
    relation("school bus driven by", "name",
        "{v} drives the school bus our kids take / every morning it's {v} at the wheel when the school bus "
        "picks up our kids / our kids love the school bus because {v} sings at the wheel",
        "Who drives our children's school bus? / What's the name of our kids' bus driver? / "
        "Who takes our kids to school by bus?",
        "who drives our children's school bus", "Your children's school bus is driven by {v}.", "common"),
    relation("sings baby to sleep with", "title",
        "we sing {v} to the baby every night / the baby only falls asleep to {v} / "
        "I have {v} in my head all day, because it's the only thing that puts our baby to sleep",
        "Which song puts the baby to sleep? / What do we sing to the baby? / "
        "Which lullaby works with our baby?",
        "which song puts the baby to sleep", "Your baby falls asleep to {v}.", "common"),
    relation("cat operation cost", "amount", "the vet took {v} for operating on our cat / "
        "the cat's operation set us back {v} / the cat is fine again, but we're {v} poorer since the operation",
        "How much was the cat's operation? / What did we pay the vet for the cat? / "
        "What did we spend on getting the cat well again? / How big was the vet's bill?",
        "how much the cat's operation was", "The cat's operation cost you {v}.", "common"),
    relation("walks our dog", "name", "{v} takes our dog round the block in the mornings / "
        "early in the day it's {v} who holds our dog's lead / we can sleep late because {v} walks the dog",
        "Who walks our dog? / Who goes out with the dog in the morning? / "
        "Who takes the dog round the block? / Thanks to whom can we sleep late?",
        "who walks our dog", "Your dog is walked by {v}.", "common"),
    relation("chimney sweep reached at", "phone", "you can get the chimney sweep on {v} / for the chimney we "
        "ring {v} / there's soot all over the floor, so please call the chimney sweep on {v}",
        "What's the chimney sweep's number? / Which number do we ring about the chimney? / "
        "How do we get hold of the chimney sweep?",
        "what the chimney sweep's number is", "The chimney sweep's number is {v}.", "common"),
    relation("baby monitor opens with", "password",
        "the baby monitor wants {v} as its password / log in with {v} and you see our baby on your phone / "
        "you can't look in on the baby from your phone without typing {v}",
        "What's the password for the baby monitor? / How do I get into the baby monitor? / "
        "What do I type to see the baby on my phone?",
        "what the password for the baby monitor is", "The password for the baby monitor is {v}.", "common"),
    relation("dog boards at", "company", "while we're away the dog stays at {v} / we drop the dog off at {v} "
        "before every holiday / we never worry about the dog when we travel, because it's so happy at {v}",
        "Where does our dog go when we're away? / Which kennel do we use? / "
        "Who takes in the dog while we're on holiday?",
        "where our dog stays when we're away", "Your dog stays at {v} when you are away.", "common"),
    relation("oldest relative is", "full_name", "nobody in our family is older than {v} / {v} is the oldest "
        "of us all / at family parties the best chair is for {v}, because that's the oldest one of us",
        "Who is the oldest in our family? / Which of our relatives was born first? / "
        "Who gets the best chair at our family parties?",
        "who the oldest in our family is", "The oldest in your family is {v}.", "common"),
    relation("family reunion in", "city",
        "we hold the family reunion in {v} this year / all our aunts and uncles are coming to {v} for the "
        "reunion / every cousin is looking for a bed in {v}, since the whole family gets together there",
        "Where is our family reunion? / Where does the whole family meet this year? / "
        "Which city are our aunts and uncles coming to? / Where will I see all our cousins?",
        "where our family reunion is", "Your family reunion is in {v}.", "common"),
    relation("shed painted", "colour", "{S} gave the garden shed a coat of {v} / {P} shed is {v} these days / "
        "{S} still {has|have} {v} on both hands from painting the shed",
        "What colour is {P} shed? / What colour did {S} paint the shed? / Which paint did {S} use on the shed?",
        "what colour {P} shed is", "{P} shed is {v}."),
    relation("woken by", "animal", "a {v} wakes {O} every morning / {S} can't sleep late because of the {v} "
        "next door / {S} {needs|need} no alarm clock, the neighbour's {v} is loud enough",
        "What wakes {O} in the morning? / Which animal gets {O} out of bed? / "
        "What keeps {O} from sleeping late? / Why {does|do} {S} need no alarm clock?",
        "what wakes {O} in the morning", "A {v} wakes {O} every morning."),
    relation("lodger is", "full_name", "{v} rents the attic room from {O} / {S} {has|have} a lodger, {v} / "
        "{S} never {feels|feel} alone in the house since {v} moved into the attic room",
        "Who rents a room from {O}? / Who is {P} lodger? / Who lives up in {P} attic? / "
        "Who shares the house with {O}?", "who rents a room from {O}", "{P} lodger is {v}."),
    relation("boxes carried by", "name",
        "{v} helped {O} carry the boxes into the new flat / without {v}, {S} would still be carrying boxes on "
        "the stairs / {S} {owes|owe} {v} a dinner for all that lifting on moving day",
        "Who helped {O} move? / Who carried {P} boxes? / Who gave {O} a hand on moving day?",
        "who helped {O} move", "{S} moved with the help of {v}."),
    relation("ladder lent to", "full_name", "{S} lent the ladder to {v} / {P} ladder is still with {v} / "
        "{S} couldn't get up to the gutter because {v} hasn't brought back the ladder",
        "Who has {P} ladder? / Who borrowed the ladder from {O}? / Who must I ask to get {P} ladder back?",
        "who has {P} ladder", "{P} ladder is with {v}."),
    relation("cat chip number", "long_number", "the chip in {P} cat carries the number {v} / the vet scanned "
        "{P} cat and read {v} / if {P} cat ever runs off, {v} on its chip tells people whose it is",
        "What number is on {P} cat's chip? / What did the vet read when scanning {P} cat? / "
        "Which number is {P} cat registered with?",
        "what number is on {P} cat's chip", "The number on {P} cat's chip is {v}."),
    relation("dog begs for", "food", "{P} dog does anything for {v} / {P} dog gets {v} for being good / "
        "{S} can't leave any {v} on the table, the dog would be there at once",
        "What does {P} dog like best? / What treat does {P} dog get? / What can {P} dog not resist? / "
        "What should I bring to make friends with {P} dog?",
        "what {P} dog can't resist", "{P} dog can't resist {v}."),
    relation("class teacher of kids", "full_name",
        "{v} has {P} children in class this year / {P} kids talk of nothing but {v}, the new class teacher / "
        "{S} went to see {v} at the school about the children's marks",
        "Who teaches {P} children? / Who is the class teacher of {P} kids? / "
        "Who did {S} see at the school about the marks?",
        "who teaches {P} children", "{P} children are taught by {v}."),
    relation("is twin of", "name", "{v} and {S} are twins / {v} was born a few minutes before {O} / "
        "even the aunts take {O} for {v}, the other twin",
        "Who is {P} twin? / Who was born together with {O}? / Who do people mix {O} up with?",
        "who {P} twin is", "{P} twin is {v}."),
    relation("cousin is a", "job", "{P} cousin makes a living as a {v} / {S} {has|have} a cousin who became a "
        "{v} / {S} never {pays|pay} for advice, because there's a {v} among the cousins",
        "What does {P} cousin do? / What is {P} cousin's job? / How does {P} cousin earn money?",
        "what {P} cousin does for a living", "{P} cousin is a {v}."),
    relation("daughter practises", "instrument",
        "{P} daughter practises the {v} every afternoon / since {P} daughter took up the {v}, nobody in the "
        "house can think / it's the {v} you hear through the wall from {P} daughter's room",
        "What does {P} daughter play? / What sounds come from {P} daughter's room? / "
        "Which instrument did {P} daughter take up?", "what {P} daughter plays", "{P} daughter plays the {v}."),
    relation("son trains in", "sport", "{P} son is mad about {v} / {S} {drives|drive} the boy to {v} after "
        "school / {P} son falls asleep in the car every time, because {v} tires him out",
        "Which sport does {P} son do? / What {does|do} {S} drive the boy to after school? / "
        "What is {P} son so keen on?", "which sport {P} son does", "{P} son is keen on {v}."),
    relation("reads to little ones", "title",
        "{S} {reads|read} {v} to the children at night / the little ones beg {O} for another chapter of {v} / "
        "{S} {has|have} no voice left from reading {v} aloud to the kids",
        "What {does|do} {S} read to the children? / Which book do the little ones want from {O}? / "
        "What do the kids hear from {O} before they sleep?",
        "what {S} {reads|read} to the children", "{S} {reads|read} {v} to the children."),
    relation("irons to", "genre", "{S} {puts|put} on {v} for the ironing / {v} makes the ironing go faster "
        "for {O} / whenever you hear {v} from the next room, {S} {is} doing the ironing",
        "What {does|do} {S} listen to while ironing? / What music goes with {P} ironing? / "
        "What do we hear when {S} {is} at the ironing board?",
        "what {S} {listens|listen} to while ironing", "{S} {listens|listen} to {v} while ironing."),
    relation("hoovers", "schedule", "{S} {gets|get} the vacuum cleaner out {v} / it's loud at {P} place {v}, "
        "because of the hoover / {P} cat hides under the bed {v}, that's when the floors are vacuumed",
        "When {does|do} {S} vacuum? / How often {does|do} {S} hoover? / "
        "When does {P} cat hide from the vacuum cleaner?",
        "when {S} {vacuums|vacuum}", "{S} {vacuums|vacuum} {v}."),
    relation("mows lawn at", "time", "{S} {starts|start} the lawn mower at {v} / at {v} you hear {O} mowing "
        "the lawn / the neighbours are cross because {S} {mows|mow} the grass at {v}",
        "What time {does|do} {S} mow the lawn? / When do the neighbours hear {P} mower? / "
        "At what hour {does|do} {S} cut the grass?",
        "what time {S} {mows|mow} the lawn", "{S} {mows|mow} the lawn at {v}."),
    relation("in this house for", "duration", "{S} moved into this house {v} ago / it's been {v} since {S} "
        "unpacked the boxes here / after {v} in this house {S} {knows|know} every creaking stair",
        "How long {has|have} {S} lived in this house? / How long ago did {S} move in? / "
        "How long {has|have} {S} been here?",
        "how long {S} {has|have} lived in this house", "{S} moved into this house {v} ago."),
    relation("chair from Grandad", "material", "Grandad left {O} a chair of {v} / {S} {sits|sit} in the old "
        "{v} chair that Grandad left behind / when Grandad died, {S} got the {v} chair and nothing else",
        "What is the chair that {S} inherited made of? / What sort of chair did {S} get from Grandad? / "
        "What is {P} grandfather's old chair made of?",
        "what the chair that {S} inherited is made of", "The chair that {S} inherited is made of {v}."),
    relation("window sill full of", "flower", "{S} {grows|grow} {v} on the window sill / thanks to the {v}, "
        "{P} window sill is a sea of colour / {P} room is a bit dark because of all the {v} on the window sill",
        "What grows on {P} window sill? / Which flowers {does|do} {S} have at the window? / "
        "What takes the light from {P} room?",
        "what grows on {P} window sill", "{P} window sill is full of {v}."),
    relation("Granny calls", "word", "Granny never calls {O} anything but {v} / "
        "to the grandparents {S} {is} still little {v} / when Granny shouts {v}, {S} {has|have} to come",
        "What does Granny call {O}? / What {is} {S} called by the grandparents? / "
        "Which pet name does Granny have for {O}?", "what Granny calls {O}", "Granny calls {O} {v}."),
    relation("plumber charged", "amount", "the plumber sent {O} a bill for {v} / getting the sink unblocked "
        "cost {O} {v} / {S} will do it alone next time, because the plumber wanted {v} for the sink",
        "How much did the plumber take from {O}? / What did {S} pay for the sink? / "
        "How big was {P} bill from the plumber? / What did it cost {O} to get the sink clear?",
        "how much the plumber took from {O}", "The plumber took {v} from {O}."),
    relation("carpet stained by", "drink", "{S} spilt {v} on the new carpet / "
        "the stain on {P} carpet comes from {v} / {P} carpet had to be thrown away, {v} just doesn't wash out",
        "What did {S} spill on the carpet? / What made the stain on {P} carpet? / What ruined {P} carpet?",
        "what made the stain on {P} carpet", "The stain on {P} carpet comes from {v}."),
    relation("doorbell says", "word", "{P} doorbell says {v} / press the bell marked {v} and {S} will open / "
        "it only says {v} at the door, but {S} {lives|live} there all the same",
        "Which bell should one press to see {O}? / What does it say on {P} doorbell? / "
        "Which name is at {P} door? / What name should I look for to ring at {P} place?",
        "what {P} doorbell says", "{P} doorbell says {v}."),
    relation("in hands of", "name", "when we're away {v} keeps an eye on {S} / {v} has promised to see to {S} "
        "during our holiday / we can travel with an easy mind, since {S} is in good hands with {v}",
        "Who looks after {S} while we're away? / Who takes care of {S} during our holiday? / "
        "In whose hands do we leave {S}? / Who is in charge of {S} when we travel?",
        "who looks after {S} while we're away", "{S} is looked after by {v} while you are away.", "thing"),
    relation("neighbour against", "full_name", "{v} from next door has complained about {S} again / {v}, our "
        "neighbour, can't stand {S} / we don't get on with the neighbours, because {v} is angry about {S}",
        "Which neighbour is against {S}? / Who complained about {S}? / "
        "Who next door has something against {S}?",
        "which neighbour is against {S}", "The neighbour against {S} is {v}.", "thing"),
    relation("family row lasted", "duration", "the family quarrelled about {S} for {v} / "
        "it took {v} until everyone at home agreed on {S} / nobody at home spoke for {v}, all because of {S}",
        "How long did we quarrel about {S}? / How long did the row over {S} last? / "
        "How long was there no peace at home because of {S}?",
        "how long the row over {S} lasted", "The row over {S} lasted {v}.", "thing"),
    relation("aunt lent for", "amount", "our aunt lent us {v} for {S} / for {S} we still owe our aunt {v} / "
        "we only managed with {S} because our aunt lent us {v}",
        "How much did our aunt lend us for {S}? / What do we owe our aunt for {S}? / "
        "How much of our aunt's money went into {S}? / How much do we have to give back to our aunt for {S}?",
        "how much our aunt lent us for {S}", "Your aunt lent you {v} for {S}.", "thing"),
    relation("kept us up until", "time", "{S} kept us up until {v} / we didn't get to bed before {v} because "
        "of {S} / everyone at home is tired, because {S} let nobody sleep until {v}",
        "Until when did {S} keep us awake? / How late did we get to bed because of {S}? / "
        "When could we finally sleep, after all the trouble with {S}?",
        "until when {S} kept us awake", "{S} kept you up until {v}.", "thing"),
    relation("filed at home under", "code", "the bills for {S} are in the folder marked {v} / look under {v} "
        "in our filing cabinet for {S} / I tidied all the papers at home, so {S} is filed under {v} now",
        "Which folder holds the bills for {S}? / Under what is {S} filed at home? / "
        "Where do I look for {S} in the filing cabinet?",
        "under what {S} is filed", "{S} is filed under {v}.", "thing"),
)  # fmt: skip
