"""What is said at home: rooms and repairs, chores, pets, neighbours, relatives and children."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_HOME: tuple[Relation, ...] = (
    relation("heating saved by", "company", "our heating was repaired by {v} / the people who got our "
        "heating going again were from {v} / we were freezing until our heating was fixed by {v}",
        "Who repaired our heating? / Which firm fixed our heating? / Who got our heating going again? / Who "
        "got the heating at home to work again?", "who repaired our heating",
        "Your heating was repaired by {v}.", "common"),
    relation("tap drips since", "date", "the kitchen tap has been dripping since {v} / there's a bucket "
        "under the kitchen tap, which has been leaking since {v} / the tap in the kitchen has dripped day "
        "and night since {v}",
        "Since when has the kitchen tap been dripping? / Since when has our kitchen tap been leaking? / "
        "Since when have we had a dripping tap in the kitchen?",
        "since when the kitchen tap has been dripping",
        "The kitchen tap has been dripping since {v}.", "common"),
    relation("family film night", "schedule", "our family film night is {v} / we all watch a film together "
        "{v} / the whole family sits down on the sofa for a film {v}",
        "When is our film night? / When do we all watch a film together? / When does the whole family sit "
        "down to a film?", "when our film night is", "Your film night is {v}.", "common"),
    relation("bins turn of", "name", "this week the bins are taken out by {v} / the turn to take out the "
        "bins this week falls to {v} / the one on bin duty this week is {v}",
        "Whose turn is it with the bins this week? / Who takes the bins out this week? / Who is on bin duty "
        "this week? / Who sees to the rubbish this week?", "whose turn it is with the bins this week",
        "The bins are taken out this week by {v}.", "common"),
    relation("new neighbours from", "city", "our new neighbours are from {v} / the new neighbours next door "
        "come from {v} / the new family that moved in next door comes from {v}",
        "Where are our new neighbours from? / Which city do the new people next door come from? / Where "
        "does the new family next door come from?", "where our new neighbours are from",
        "Your new neighbours are from {v}.", "common"),
    relation("dog next door called", "name", "the dog next door is called {v} / our neighbours named their "
        "dog {v} / the dog next door answers to the name {v}",
        "What is the name of the dog next door? / What is our neighbours' dog called? / What do the people "
        "next door call their dog?", "what the dog next door is called",
        "The dog next door is called {v}.", "common"),
    relation("tree house called", "project", "the children call their tree house {v} / the kids named their "
        "tree house {v} / the children's tree house goes by the name of {v}",
        "What is the children's tree house called? / Which name did the kids give their tree house? / What "
        "do the children call their tree house?", "what the children's tree house is called",
        "The children's tree house is called {v}.", "common"),
    relation("bathroom torn up for", "duration", "we will be without a bathroom for {v} / the builders say "
        "we can't use our bathroom for {v} / our bathroom is being redone and will be out of use for {v}",
        "How long will we be without a bathroom? / For how long can't we use our bathroom? / How long will "
        "our bathroom be out of use?", "how long we will be without a bathroom",
        "You will be without a bathroom for {v}.", "common"),
    relation("attic floor laid in", "material", "the floor in the attic is made of {v} / in the attic we "
        "laid a floor of {v} / the floor you walk on up in the attic is made of {v}",
        "What is the floor in the attic made of? / What is our attic floor made of? / What kind of floor "
        "did we lay in the attic? / What do you walk on up in the attic?", "what the attic floor is made of",
        "Your attic floor is made of {v}.", "common"),
    relation("grandparents stay until", "date", "Granny and Grandad are staying with us until {v} / the "
        "grandparents will stay in our spare room until {v} / our grandparents are visiting and want to "
        "stay until {v}",
        "Until when are the grandparents staying? / Until when are Granny and Grandad staying with us? / "
        "How long are the grandparents staying? / Until what date do Granny and Grandad stay here?",
        "until when the grandparents are staying", "Granny and Grandad are staying until {v}.", "common"),
    relation("bath time", "time", "the children have their bath at {v} / bath time for our little ones is "
        "{v} / we put the kids in the bath at {v}",
        "When do the kids have their bath? / What time is bath time for the children? / When do our little "
        "ones have a bath? / When are the children in the tub?", "when the children have their bath",
        "The children have their bath at {v}.", "common"),
    relation("gives each child", "amount", "the weekly pocket money for each of our kids is {v} / the "
        "pocket money we give each child a week is {v} / every week each of our children gets pocket money "
        "of {v}",
        "How much pocket money does each of our kids get a week? / How much pocket money do we give each "
        "child a week? / How much is the weekly pocket money for each child? / What weekly allowance does "
        "each of our children get?", "how much pocket money each of our kids gets a week",
        "The pocket money each of your kids gets a week is {v}.", "common"),
    relation("living room curtains", "colour", "the curtains we hung in the living room are {v} / the "
        "colour of our living room curtains is {v} / for the living room we got curtains in {v}",
        "What colour are the curtains in the living room? / Which colour are our living room curtains? / "
        "What colour did we get for the curtains in the living room?",
        "what colour the curtains in the living room are",
        "The curtains in your living room are {v}.", "common"),
    relation("cellar space is", "room", "our cellar room is {v} / down in the cellar, the room that belongs "
        "to us is {v} / the cellar room that is ours is {v}",
        "Which cellar room is ours? / Which room in the cellar belongs to us? / What is our cellar room?",
        "which cellar room is ours", "Your cellar room is {v}.", "common"),
    relation("school bus driven by", "name", "our children's school bus is driven by {v} / the driver of "
        "the school bus our kids take is {v} / the one who drives our kids' school bus is {v}",
        "Who drives our children's school bus? / What's the name of our kids' bus driver? / Who is the "
        "driver of the school bus our kids take? / Who takes our kids to school by bus?",
        "who drives our children's school bus", "Your children's school bus is driven by {v}.", "common"),
    relation("sings baby to sleep with", "title", "the song that puts the baby to sleep is {v} / we sing "
        "the baby to sleep with {v} / the lullaby we sing to get our baby to sleep is {v}",
        "Which song puts the baby to sleep? / What do we sing to get the baby to sleep? / Which lullaby "
        "puts our baby to sleep? / With which song do we sing the baby to sleep?",
        "which song puts the baby to sleep", "The song that puts your baby to sleep is {v}.", "common"),
    relation("cat operation cost", "amount", "the cat's operation cost us {v} / for the cat's operation we "
        "paid the vet {v} / the vet's bill for operating on our cat was {v}",
        "How much was the cat's operation? / What did we pay the vet for the cat's operation? / How much "
        "did the cat's operation cost us? / How big was the vet's bill for the cat?",
        "how much the cat's operation cost", "The cat's operation cost you {v}.", "common"),
    relation("walks our dog", "name", "our dog is walked by {v} / the person who walks our dog is {v} / the "
        "one who takes our dog for walks is {v}",
        "Who walks our dog? / Who takes our dog for walks? / Who goes for walks with our dog? / Who takes "
        "the dog round the block?", "who walks our dog", "Your dog is walked by {v}.", "common"),
    relation("chimney sweep reached at", "phone", "the chimney sweep's number is {v} / you can reach the "
        "chimney sweep on {v} / to get hold of the chimney sweep, ring {v}",
        "What's the chimney sweep's number? / Which number do we ring for the chimney sweep? / On which "
        "number can we reach the chimney sweep?", "what the chimney sweep's number is",
        "The chimney sweep's number is {v}.", "common"),
    relation("baby monitor opens with", "password", "the password for the baby monitor is {v} / to log in "
        "to the baby monitor you type {v} / the baby monitor wants a password, and that is {v}",
        "What's the password for the baby monitor? / Which password does the baby monitor want? / What do I "
        "type to log in to the baby monitor?", "what the password for the baby monitor is",
        "The password for the baby monitor is {v}.", "common"),
    relation("dog boards at", "company", "while we're away our dog stays at {v} / when we go on holiday our "
        "dog stays at {v} / the place where our dog stays when we travel is {v}",
        "Where does our dog stay when we're away? / Where does the dog stay while we're on holiday? / At "
        "which place does our dog stay when we travel? / Who takes in our dog while we're away?",
        "where our dog stays when we're away", "Your dog stays at {v} when you are away.", "common"),
    relation("oldest relative is", "full_name", "the oldest in our family is {v} / of all our relatives the "
        "oldest is {v} / the oldest person in the whole family is {v}",
        "Who is the oldest in our family? / Which of our relatives is the oldest? / Who is older than "
        "everyone else in our family?", "who the oldest in our family is",
        "The oldest in your family is {v}.", "common"),
    relation("family reunion in", "city", "our family reunion is in {v} / we are holding the family reunion "
        "in {v} / for the reunion the whole family meets in {v}",
        "Where is our family reunion? / Where does the whole family meet for the reunion? / In which city "
        "are we holding our family reunion? / Which city is our reunion in?", "where our family reunion is",
        "Your family reunion is in {v}.", "common"),
    relation("shed painted", "colour", "{S} painted the garden shed {v} / {P} garden shed is painted {v} / "
        "the colour of {P} garden shed is {v}",
        "What colour is {P} shed? / What colour is {P} shed painted? / Which colour is {P} garden shed?",
        "what colour {P} shed is", "{P} shed is {v}."),
    relation("woken by", "animal", "every morning {S} {is} woken by a {v} / {S} {wakes|wake} up every "
        "morning from the noise of a {v} / the animal that wakes {O} in the morning is a {v}",
        "What wakes {O} in the morning? / Which animal wakes {O} up in the morning? / What {is} {S} woken "
        "by every morning? / Which animal gets {O} out of bed?", "what wakes {O} in the morning",
        "{S} {is} woken in the morning by a {v}."),
    relation("lodger is", "full_name", "{P} lodger is {v} / {S} {has|have} a lodger called {v} / the lodger "
        "who rents a room from {O} is {v}",
        "Who is {P} lodger? / What is {P} lodger's name? / Which lodger {does|do} {S} have? / Who rents a "
        "room from {O}?", "who {P} lodger is", "{P} lodger is {v}."),
    relation("boxes carried by", "name", "{S} moved into the new flat with the help of {v} / the one who "
        "helped {O} move was {v} / on moving day {S} got help from {v}",
        "Who helped {O} move? / Who helped {O} on moving day? / Whose help did {S} have on moving day? / "
        "Who gave {O} a hand with the move?", "who helped {O} move", "{S} moved with the help of {v}."),
    relation("ladder lent to", "full_name", "{S} lent the ladder to {v} / {P} ladder was borrowed by {v} / "
        "the person who has {P} ladder on loan is {v}",
        "Who has {P} ladder? / Who borrowed the ladder from {O}? / Who did {S} lend the ladder to?",
        "who has {P} ladder", "The person who has {P} ladder is {v}."),
    relation("cat chip number", "long_number", "the number on {P} cat's chip is {v} / the chip in {P} cat "
        "carries the number {v} / the vet read the chip of {P} cat, and the number is {v}",
        "What number is on {P} cat's chip? / Which chip number does {P} cat have? / What is the number of "
        "the chip in {P} cat?", "what number is on {P} cat's chip", "The number on {P} cat's chip is {v}."),
    relation("dog begs for", "food", "{P} dog can't resist {v} / the one food {P} dog can't resist is {v} / "
        "{P} dog goes crazy for {v}",
        "What can {P} dog not resist? / Which food can {P} dog not resist? / What does {P} dog go crazy "
        "for? / What food is {P} dog crazy about?", "what {P} dog can't resist", "{P} dog can't resist {v}."),
    relation("class teacher of kids", "full_name", "{P} children are taught by {v} / the class teacher of "
        "{P} kids is {v} / the teacher {P} children have this year is {v}",
        "Who teaches {P} children? / Who is the teacher of {P} kids? / What's the name of the teacher {P} "
        "children have?", "who teaches {P} children", "{P} children are taught by {v}."),
    relation("is twin of", "name", "{P} twin is {v} / {S} {has|have} a twin called {v} / {S} {is} the twin "
        "of {v}",
        "Who is {P} twin? / Who {is} {S} the twin of? / What is {P} twin called?", "who {P} twin is",
        "{P} twin is {v}."),
    relation("cousin is a", "job", "{P} cousin is a {v} / {S} {has|have} a cousin who is a {v} / by "
        "profession {P} cousin is a {v}",
        "What does {P} cousin do for a living? / What is {P} cousin's job? / What is {P} cousin by "
        "profession?", "what {P} cousin is by profession", "By profession {P} cousin is a {v}."),
    relation("daughter practises", "instrument", "{P} daughter plays the {v} / the instrument {P} daughter "
        "plays is the {v} / every afternoon {P} daughter practises the {v}",
        "Which instrument does {P} daughter play? / What does {P} daughter play on? / Which instrument does "
        "{P} daughter practise?", "which instrument {P} daughter plays", "{P} daughter plays the {v}."),
    relation("son trains in", "sport", "{P} son's sport is {v} / the sport {P} son does is {v} / {P} son "
        "does sport after school, and that is {v}",
        "Which sport does {P} son do? / What is {P} son's sport? / What sport does {P} son do after school?",
        "which sport {P} son does", "The sport {P} son does is {v}."),
    relation("reads to little ones", "title", "at night {S} {reads|read} the children {v} / the book {S} "
        "{reads|read} to the children is {v} / the kids hear {O} read aloud from the book {v}",
        "What {does|do} {S} read to the children? / Which book {does|do} {S} read aloud to the kids? / What "
        "book {does|do} {S} read to the little ones?", "which book {S} {reads|read} to the children",
        "The book {S} {reads|read} to the children is {v}."),
    relation("irons to", "genre", "while ironing {S} {listens|listen} to {v} / the music {S} {puts|put} on "
        "for the ironing is {v} / the music {S} {listens|listen} to at the ironing board is {v}",
        "What {does|do} {S} listen to while ironing? / What music {does|do} {S} put on for the ironing? / "
        "Which music {does|do} {S} iron to?", "what {S} {listens|listen} to while ironing",
        "While ironing {S} {listens|listen} to {v}."),
    relation("hoovers", "schedule", "{S} {vacuums|vacuum} the floors {v} / {S} {gets|get} the vacuum "
        "cleaner out {v} / the floors at {P} place are vacuumed {v}",
        "When {does|do} {S} vacuum? / When {does|do} {S} vacuum the floors? / When does the vacuum cleaner "
        "come out at {P} place? / When {does|do} {S} hoover?", "when {S} {vacuums|vacuum}",
        "{S} {vacuums|vacuum} {v}."),
    relation("mows lawn at", "time", "{S} {mows|mow} the lawn at {v} / {S} {starts|start} the lawn mower at "
        "{v} / the time when {S} {mows|mow} the lawn is {v}",
        "What time {does|do} {S} mow the lawn? / When {does|do} {S} start to mow the lawn? / At what hour "
        "{does|do} {S} cut the grass?", "what time {S} {mows|mow} the lawn",
        "{S} {mows|mow} the lawn at {v}."),
    relation("in this house for", "duration", "{S} {has|have} lived in this house for {v} / {S} {has|have} "
        "been living here in this house for {v} / {S} moved into this house and {has|have} lived here for "
        "{v} now",
        "How long {has|have} {S} lived in this house? / How long {has|have} {S} been living here? / For how "
        "long has this house been {P} home?", "how long {S} {has|have} lived in this house",
        "{S} {has|have} lived in this house for {v}."),
    relation("chair from Grandad", "material", "the chair {S} got from Grandad is made of {v} / {P} old "
        "chair from Grandad is made of {v} / Grandad left {O} a chair made of {v}",
        "What is {P} chair from Grandad made of? / What is the chair {S} got from Grandad made of? / What "
        "material is the chair that Grandad left {O}?", "what {P} chair from Grandad is made of",
        "{P} chair from Grandad is made of {v}."),
    relation("window sill full of", "flower", "{P} window sill is full of {v} / on the window sill {S} "
        "{grows|grow} {v} / {P} window sill is covered in {v}",
        "What grows on {P} window sill? / Which flowers {does|do} {S} have on the window sill? / Which "
        "flowers grow on {P} window sill?", "what grows on {P} window sill",
        "{P} window sill is full of {v}."),
    relation("Granny calls", "word", "Granny's pet name for {O} is {v} / Granny calls {O} by the pet name "
        "{v} / the name Granny calls {O} is {v}",
        "What does Granny call {O}? / Which pet name does Granny have for {O}? / By which name does Granny "
        "call {O}?", "what Granny calls {O}", "Granny calls {O} by the name {v}."),
    relation("plumber charged", "amount", "the plumber charged {O} {v} / {S} paid the plumber {v} / {P} "
        "bill from the plumber was {v}",
        "How much did the plumber charge {O}? / What did {S} pay the plumber? / How big was {P} bill from "
        "the plumber? / What did the plumber cost {O}?", "how much the plumber charged {O}",
        "The plumber charged {O} {v}."),
    relation("carpet stained by", "drink", "the stain on {P} carpet comes from {v} / {P} carpet was stained "
        "by {v} / {P} new carpet got a stain from {v}",
        "What made the stain on {P} carpet? / What stained {P} carpet? / What does the stain on {P} carpet "
        "come from? / Which drink was spilt on {P} carpet?", "what stained {P} carpet",
        "{P} carpet was stained by {v}."),
    relation("doorbell says", "word", "{P} doorbell says {v} / the name on {P} doorbell is {v} / {P} "
        "doorbell is marked {v}",
        "What does {P} doorbell say? / Which name is on {P} doorbell? / What is written on {P} doorbell? / "
        "What does it say on the bell at {P} door?", "what {P} doorbell says", "{P} doorbell says {v}."),
    relation("in hands of", "name", "while we're away {S} is looked after by {v} / the person who looks "
        "after {S} during our holiday is {v} / when we travel we leave {S} in the care of {v}",
        "Who looks after {S} while we're away? / Who takes care of {S} when we travel? / In whose care do "
        "we leave {S} during our holiday?", "who looks after {S} while we're away",
        "While you are away {S} is looked after by {v}.", "thing"),
    relation("neighbour against", "full_name", "the neighbour who is against {S} is {v} / the neighbour who "
        "has something against {S} is {v} / of all our neighbours the one against {S} is {v}",
        "Which neighbour is against {S}? / Who among our neighbours is against {S}? / Which of our "
        "neighbours has something against {S}?", "which neighbour is against {S}",
        "The neighbour against {S} is {v}.", "thing"),
    relation("family row lasted", "duration", "the family row over {S} lasted {v} / our family quarrelled "
        "about {S} for {v} / the row we had at home about {S} went on for {v}",
        "How long did the family row over {S} last? / How long did we quarrel about {S} at home? / For how "
        "long did the row about {S} go on?", "how long the family row over {S} lasted",
        "The family row over {S} lasted {v}.", "thing"),
    relation("aunt lent for", "amount", "the sum our aunt lent us for {S} is {v} / for {S} we got a loan "
        "from our aunt of {v} / to help us with {S}, our aunt lent us {v}",
        "How much did our aunt lend us for {S}? / How big is the loan from our aunt for {S}? / What sum did "
        "our aunt lend us to help with {S}?", "how much our aunt lent us for {S}",
        "For {S} your aunt lent you {v}.", "thing"),
    relation("kept us up until", "time", "{S} kept us awake until {v} / because of {S} we were kept up "
        "until {v} / because of {S} we stayed awake until {v}",
        "Until when did {S} keep us awake? / How late did {S} keep us up? / Until what time were we awake "
        "because of {S}?", "until when {S} kept us awake", "{S} kept you awake until {v}.", "thing"),
    relation("filed at home under", "code", "the papers for {S} are filed under {v} / {S} is filed at home "
        "under {v} / the file on {S} is kept at home under {v}",
        "Under what is {S} filed at home? / Under which code are the papers for {S} filed? / Under what "
        "code is the file on {S} kept?", "under what {S} is filed", "{S} is filed under {v}.", "thing"),
)  # fmt: skip
