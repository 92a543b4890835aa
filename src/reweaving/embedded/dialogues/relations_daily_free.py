"""What people do with their free time, told and asked in words of their own."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_FREE: tuple[Relation, ...] = (
    relation("winter sports near", "city", "for the snow we always drive to {v} / "
        "the skis are packed, tomorrow we leave for {v} / "
        "our winter week is in {v} again, and that's why I need new boots",
        "Where do we go skiing? / Where is our winter week? / Which place do we pick for skiing?",
        "where we go skiing", "You go skiing in {v}.", "common"),
    relation("quiz night at", "word", "we won a crate of beer at the {v} by knowing all the answers / "
        "the pub quiz we never miss is at the {v} / our quiz team has a table at the {v}",
        "Which pub do we quiz at? / Where does our quiz team play? / "
        "Where do we go to answer questions over a beer?", "which pub we quiz at",
        "Your quiz team plays at the {v}.", "common"),
    relation("picnic lake", "word", "we spread our blanket by Lake {v} / "
        "sandwiches taste best on the shore of Lake {v}, so that's where we take ours / "
        "Lake {v} is our picnic spot",
        "Where do we have our picnics? / Which lake do we eat outdoors at? / "
        "Where do we go with our basket and blanket?", "where we have our picnics",
        "You have your picnics by Lake {v}.", "common"),
    relation("board game night", "schedule", "the neighbours come over for board games {v} / "
        "{v} we clear the table and get the dice out / "
        "don't plan anything {v}, that's when we play board games",
        "When is our game night? / When do we play board games with the neighbours? / "
        "When do the dice come out at our place?", "when we play board games",
        "You play board games {v}.", "common"),
    relation("film club shows", "title", "the film club is putting on {v} this time / "
        "I bought crisps for {v} at the film club / {v} is what they picked for our film club",
        "What is on at the film club? / Which film will we see at the club? / "
        "What are we watching with the film club?", "what is on at the film club",
        "The film club shows {v}.", "common"),
    relation("headliner is", "word", "{v} are the headliners, and that's why the festival sold out / "
        "the festival closes with a set by {v} / our whole crowd is going to the festival because of {v}",
        "Which band is the main act of the festival? / Who plays last at the festival? / "
        "Which band do we want to hear at the festival?", "who the main act of the festival is",
        "The main act of the festival is {v}.", "common"),
    relation("carnival costumes", "animal", "I am sewing {v} costumes for all of us, carnival is near / "
        "at carnival everybody in our family is a {v} / "
        "for the parade we all dress up, each of us goes as a {v}",
        "What does our family dress up as for carnival? / Which animal are we at carnival? / "
        "What are our costumes this year?", "what our family goes as at carnival",
        "At carnival each of you is a {v}.", "common"),
    relation("hike starts", "time", "the walk up the hill begins at {v}, so breakfast will be short / "
        "be at the trailhead by {v}, or we go without you / we lace up our boots at {v} and off we go",
        "When do we set off on the hike? / What time does our walk start? / "
        "By when must people be at the trailhead?", "when our hike starts",
        "Your hike starts at {v}.", "common"),
    relation("tent colour", "colour", "look for the {v} tent, that's us / "
        "we sleep in the {v} tent at the campsite / "
        "our new tent is {v}, and that's why the children find it at once",
        "What colour is our tent? / How can people spot us at the campsite? / "
        "Which tent should friends look for?", "what colour our tent is", "Your tent is {v}.", "common"),
    relation("campsite is", "word", "we pitch our tent at Camp {v} / "
        "Camp {v} has hot showers, and that's why we always go back / "
        "every summer we wake up to birdsong at Camp {v}",
        "Which campsite do we use? / Where do we camp? / Where do we put up our tent?", "where we camp",
        "You camp at Camp {v}.", "common"),
    relation("surprise party for", "name", "the party has to stay a surprise, so not a word to {v} / "
        "{v} must not find out about the party we are planning / "
        "we hide the cake from {v}, it's a surprise party after all",
        "Who is the surprise party for? / Who must not hear about the party? / "
        "Who are we planning to surprise?", "who the surprise party is for",
        "The surprise party is for {v}.", "common"),
    relation("swims in river", "word", "in the heat we jump into the river {v} / "
        "the {v} is clean enough now, so we swim in it / "
        "nothing beats a dip in the river {v} after work, we are there all summer",
        "Which river do we swim in? / Where do we cool off in summer? / Where do we go for a dip?",
        "which river we swim in", "You swim in the river {v}.", "common"),
    relation("road trip music", "genre", "on long drives we can only agree on {v} / "
        "as soon as we are on the motorway we put on some {v} / "
        "the kids in the back want {v}, so that's what plays in our car",
        "What do we listen to in the car? / What music do we play on long drives? / "
        "Which music keeps the back seat happy?", "what we listen to in the car",
        "You listen to {v} in the car.", "common"),
    relation("museum free on", "schedule", "nobody pays at the museum {v} / "
        "{v} you get into the museum for nothing, so we go then / "
        "we always visit the museum {v}, because there is no charge then",
        "When is the museum free? / When does it cost nothing to get into the museum? / "
        "When do we go to the museum without paying?", "when the museum is free",
        "The museum is free {v}.", "common"),
    relation("opera tickets", "amount", "our evening at the opera set us back {v} / "
        "we paid {v} to hear the opera / "
        "{v} went on our opera tickets, and that's why we eat at home this month",
        "How much were the opera tickets? / What did we pay for our seats at the opera? / "
        "What did our night at the opera cost?", "how much our opera tickets were",
        "Your opera tickets cost {v}.", "common"),
    relation("raffle prize", "device", "we won a {v} in the raffle / our raffle ticket got us a {v} / "
        "the raffle was worth it, we carried a {v} home",
        "What did we win in the raffle? / Which prize did our ticket bring? / What did we get from the raffle?",
        "what we won in the raffle", "You won a {v} in the raffle.", "common"),
    relation("bonfire on", "date", "we light the bonfire on {v} / "
        "bring wood, on {v} there will be a big fire on the beach / "
        "the fire brigade has allowed our bonfire for {v}",
        "When is the bonfire? / On what date do we light the big fire? / For what day do we need the wood?",
        "when the bonfire is", "The bonfire is on {v}.", "common"),
    relation("zoo stop", "animal", "at the zoo our kids run straight to the {v} / "
        "we go to the zoo only because of the {v}, the kids can watch it for hours / "
        "the kids want a photo with the {v} each time we visit the zoo",
        "Which animal do our kids want to see at the zoo? / What do our children like best at the zoo? / "
        "Where do we always end up at the zoo?", "which animal our kids like at the zoo",
        "At the zoo your kids run to the {v}.", "common"),
    relation("sledging hill", "word", "when it snows we take the sledge to {v} Hill / "
        "{v} Hill is steep, and that's why our children love sledging there / "
        "our children race each other down {v} Hill as soon as there is snow",
        "Where do we go sledging? / Which hill do the children slide down? / "
        "Where do we take the children when there is snow?", "where we go sledging",
        "You go sledging on {v} Hill.", "common"),
    relation("island ferry", "time", "the boat to the island goes at {v} / "
        "if we are not on the pier at {v}, the ferry leaves without us / "
        "our ferry pulls out at {v}, so let's not dawdle",
        "When does the ferry leave? / What time must we be on the pier? / When do we sail to the island?",
        "when our ferry leaves", "Your ferry leaves at {v}.", "common"),
    relation("rehearses with", "word", "{S} {sings|sing} with the {v} Singers / "
        "the audition went well, so {S} {is} one of the {v} Singers now / "
        "{S} can't come out tonight, the {v} Singers are rehearsing",
        "Which choir {does|do} {S} sing in? / What is the name of {P} choir? / "
        "Who {does|do} {S} rehearse with?", "which choir {S} {sings|sing} in",
        "{S} {sings|sing} with the {v} Singers."),
    relation("coaches kids in", "sport", "{S} {coaches|coach} the youngsters in {v} / "
        "the children at the club learn {v} from {O} / "
        "{S} {is} busy after school, because {S} {teaches|teach} the little ones {v}",
        "Which sport {does|do} {S} teach? / What do the kids learn from {O}? / What {is} {S} a coach for?",
        "which sport {S} {teaches|teach}", "{S} {coaches|coach} the youngsters in {v}."),
    relation("heard live", "word", "{S} stood in the front row when {v} played / "
        "the ticket stub on {P} fridge is from a {v} concert / "
        "{P} ears are still ringing, {v} were so loud on stage",
        "Which band did {S} see live? / Whose concert did {S} go to? / Which group did {S} hear on stage?",
        "which band {S} saw live", "{S} saw {v} live."),
    relation("longs to see", "city", "{S} {dreams|dream} of walking through {v} some day / "
        "the money in {P} jar is for a trip to {v} / {v} is at the very top of {P} travel list",
        "Which city {does|do} {S} want to see one day? / What trip {is} {S} putting money away for? / "
        "Where would {S} love to go?", "which city {S} {wants|want} to see one day",
        "{S} {wants|want} to see {v} one day."),
    relation("never again to", "country",
        "everything went wrong for {O} in {v}, from the luggage to the food / "
        "{S} will never travel to {v} again / {P} worst holiday ever was in {v}",
        "Where did {S} have a terrible holiday? / Which country will {S} never go back to? / "
        "Where did {P} holiday go wrong?", "where {S} had a terrible holiday",
        "{S} will never go back to {v}."),
    relation("pedalled to", "city", "{S} went all the way to {v} on a bicycle / "
        "{P} legs hurt for weeks after cycling to {v} / {P} bike computer still shows the tour to {v}",
        "Where did {S} ride to by bike? / Which city did {S} pedal to? / Where did {P} bike tour end?",
        "where {S} cycled to", "{S} cycled all the way to {v}."),
    relation("cards with", "name", "{P} partner at cards is {v} / at the card table {v} sits opposite {O} / "
        "{S} {wins|win} at cards only together with {v}",
        "Who is {P} partner at cards? / Who {does|do} {S} play cards with? / "
        "Who sits opposite {O} at the card table?", "who {S} {plays|play} cards with",
        "{S} {plays|play} cards with {v}."),
    relation("climbs with", "full_name", "{v} holds the rope when {S} {climbs|climb} / "
        "up on the rock {S} {trusts|trust} {v} with the rope / "
        "{S} {needs|need} {v} at the other end of the rope, or there is no climbing",
        "Who is {P} climbing partner? / Who keeps {O} safe on the rock? / Who {does|do} {S} climb with?",
        "who {S} {climbs|climb} with", "{S} {climbs|climb} with {v}."),
    relation("took up", "hobby", "since last winter {S} {talks|talk} of nothing but {v} / "
        "{S} took up {v} this year / friends hardly see {O} any more, all the free time goes into {v} now",
        "What did {S} take up this year? / What {is} {S} suddenly so keen on? / "
        "What {does|do} {S} spend all that free time on now?", "what {S} took up", "{S} took up {v}."),
    relation("refuses game", "title",
        "{S} {leaves|leave} the table when somebody gets the board game {v} out of the box / "
        "{S} can't stand the board game {v} / no {v} tonight, please, that game bores {O} to tears",
        "Which board game {does|do} {S} refuse to play? / Which game should stay in the box for {P} sake? / "
        "What game bores {O}?", "which board game {S} {refuses|refuse} to play",
        "{S} {refuses|refuse} to play {v}."),
    relation("acts as", "full_name", "{S} {plays|play} {v} in the village theatre / "
        "on stage {S} {turns|turn} into {v} / {P} costume for the village play is ready, the part is {v}",
        "What part {does|do} {S} have in the play? / Who {is} {S} on stage? / "
        "Which role did {S} get at the village theatre?", "which part {S} {plays|play} on stage",
        "{S} {plays|play} {v} on stage."),
    relation("hiking group", "schedule", "the hiking group takes {O} along {v} / "
        "{S} {goes|go} up into the hills with the hiking group {v} / "
        "{v} {P} phone has no signal, because the hiking group is out in the hills",
        "When {does|do} {S} go hiking with the group? / When does the hiking group take {O} along? / "
        "When {is} {S} out in the hills?", "when {S} {goes|go} hiking with the group",
        "{S} {goes|go} hiking with the group {v}."),
    relation("diving licence", "code", "{P} diving licence has the number {v} / "
        "the dive centre noted {v} from {P} diving card / to rent a tank {S} had to show diving card {v}",
        "What does {P} diving card say? / What is the number on {P} diving licence? / "
        "Which number did the dive centre note for {O}?", "what number {P} diving licence has",
        "{P} diving licence is {v}."),
    relation("medal in", "sport", "{S} brought home a medal in {v} / the medal in {P} hall is for {v} / "
        "{S} once stood on the podium in {v}, and that's where the silver cup comes from",
        "What did {S} get a medal for? / In which sport did {S} win something? / What is {P} medal for?",
        "what {S} got a medal for", "{S} got a medal in {v}."),
    relation("first record", "title", "the first record {S} ever bought was {v} / "
        "all of {P} pocket money went on {v}, and that's how the record collection began / "
        "{P} first album was {v}",
        "Which record did {S} buy first? / What was the first album {S} owned? / "
        "How did {P} record collection begin?", "which record {S} bought first", "{P} first record was {v}."),
    relation("party instrument", "instrument", "at parties {S} always {plays|play} something on the {v} / "
        "after midnight {S} {sits|sit} down with the {v} and the guests sing along / "
        "every party ends with {P} solo on the {v}",
        "What {does|do} {S} play at parties? / Which instrument {is} {S} asked for at parties? / "
        "What do the guests sing along to when {S} {plays|play}?", "what {S} {plays|play} at parties",
        "{S} {plays|play} the {v} at parties."),
    relation("picnic dish", "food", "for picnics {S} {makes|make} {v} / "
        "when we eat in the park, count on {O} for {v} / {P} basket had {v} in it, as at every picnic",
        "What {does|do} {S} bring to a picnic? / What {does|do} {S} make when we eat in the park? / "
        "What was in {P} basket?", "what {S} {brings|bring} to picnics", "{S} {brings|bring} {v} to picnics."),
    relation("regular bar", "word", "the barman at the {v} pours {P} drink without asking / "
        "{S} {meets|meet} friends at the {v} for a beer / "
        "{S} {has|have} a stool at the {v}, kept free for the hours after work",
        "Which bar {does|do} {S} go to? / Where {does|do} {S} drink with friends? / "
        "Where does the barman know {O}?", "which bar {S} {goes|go} to", "{S} {goes|go} to the {v}."),
    relation("phrases for trip", "language",
        "before the journey {S} {practises|practise} {v} in front of the mirror / "
        "{S} {is} learning some {v} for the trip / "
        "{S} {wants|want} to order dinner in {v} on holiday, and that's why there are notes all over the "
        "fridge",
        "Which language {does|do} {S} practise for the trip? / What {is} {S} learning before the journey? / "
        "In which language {does|do} {S} want to order on holiday?",
        "which language {S} {practises|practise} for the trip", "{S} {is} learning {v} for the trip."),
    relation("rail pass", "plan", "{S} {travels|travel} on a {v} rail pass / "
        "with the {v} pass {S} can take any train / "
        "{S} got the {v} rail pass, and that's why the car stays at home",
        "Which rail pass {does|do} {S} have? / Which pass lets {O} take any train? / "
        "What ticket {does|do} {S} travel on?", "which rail pass {S} {has|have}",
        "{S} {has|have} the {v} rail pass."),
    relation("balloon ride", "date", "{P} balloon ride is booked for {v} / "
        "on {v} a balloon will carry {O} over the valley / "
        "the basket is paid for, {S} will see the valley from above on {v}",
        "When is {P} balloon ride? / When {does|do} {S} go up in the balloon? / "
        "On which date will {S} float over the valley?", "when {P} balloon ride is",
        "{P} balloon ride is on {v}."),
    relation("gaming from", "time", "{S} {logs|log} on at {v} to play with friends online / "
        "from {v} on {S} {has|have} the headset on and hears nothing but the game / "
        "don't call {O} after {v}, that's when the online game starts",
        "When {does|do} {S} play online? / From what time {is} {S} busy gaming? / "
        "When {does|do} {S} put the headset on?", "when {S} {plays|play} online",
        "{S} {plays|play} online from {v}."),
    relation("show ticket from", "name", "{v} got {O} into the sold-out show / "
        "{S} {has|have} {v} to thank for the ticket to the show / "
        "there were no tickets left for the show, but {v} found a seat for {O}",
        "Who got {O} the ticket? / Who {does|do} {S} owe the ticket to? / "
        "How did {S} get into the sold-out show?", "who got {O} the ticket", "{S} got the ticket from {v}."),
    relation("kite colour", "colour", "{P} kite is the {v} one high up there / "
        "you can tell {P} kite by the {v} tail / "
        "{S} sewed the kite from {v} cloth, so it's easy to see from the beach",
        "What colour is {P} kite? / How does one tell {P} kite from the others? / "
        "What does {P} kite look like?", "what colour {P} kite is", "{P} kite is {v}."),
    relation("keeps goal for", "word", "{S} {keeps|keep} goal for {v} Rovers / "
        "{S} {stands|stand} between the posts for {v} Rovers / "
        "{v} Rovers lost again, although {S} saved a penalty",
        "Which team {does|do} {S} play for? / Whose goal {does|do} {S} guard? / "
        "Who {does|do} {S} save penalties for?", "which team {S} {keeps|keep} goal for",
        "{S} {keeps|keep} goal for {v} Rovers."),
    relation("staked on", "amount", "we bet {v} on {S} / with {v} riding on {S}, we keep our fingers crossed / "
        "if {S} lets us down, our bet of {v} is gone",
        "How much did we bet on {S}? / What did we stake on {S}? / How much money is riding on {S}?",
        "how much we bet on {S}", "You bet {v} on {S}.", "thing"),
    relation("snapshot by", "full_name", "{v} took the picture of {S} that hangs in the hall / "
        "the photo of {S} is so good because {v} was behind the camera / "
        "everybody asks for a print of {S}, and we send them to {v}, who took the shot",
        "Who photographed {S}? / Who took the picture of {S}? / Whose work is the photo of {S}?",
        "who photographed {S}", "{S} {was} photographed by {v}.", "thing"),
    relation("song about", "title", "somebody wrote a song about {S} and called it {v} / "
        "we all sang {v}, the song about {S} / {v} is a silly little song about {S}",
        "What is the song about {S} called? / Which song was written about {S}? / "
        "What do people sing about {S}?", "what the song about {S} is called",
        "The song about {S} is called {v}.", "thing"),
    relation("holiday care by", "name", "{v} keeps an eye on {S} while we are on holiday / "
        "we can travel with an easy mind, {v} looks after {S} / before we leave we hand {S} over to {v}",
        "Who takes care of {S} when we travel? / Who looks after {S} during our holiday? / "
        "Who has {S} while we are gone?", "who looks after {S} when we travel",
        "{S} is looked after by {v} when you travel.", "thing"),
    relation("raffle for", "amount", "the raffle brought in {v} for {S} / "
        "we sold raffle tickets for {S} and counted {v} in the end / thanks to the raffle {S} is richer by {v}",
        "How much did the raffle raise for {S}? / What came in for {S} at the raffle? / "
        "What did we make for {S} by selling tickets?", "how much the raffle raised for {S}",
        "The raffle raised {v} for {S}.", "thing"),
    relation("drawn in", "colour", "the children drew {S} in {v} / on the children's picture {S} is {v} / "
        "the kids used up the {v} crayon on their picture of {S}",
        "What colour did the kids make {S}? / Which crayon did the children use for {S}? / "
        "In which colour did they draw {S}?", "which colour the children drew {S} in",
        "The children drew {S} in {v}.", "thing"),
    relation("on the radio", "time", "they talk about {S} on the radio at {v} / "
        "switch the radio on at {v} to hear about {S} / the radio has a feature on {S}, it begins at {v}",
        "When is {S} on the radio? / When should we switch on the radio for {S}? / "
        "What time does the feature on {S} begin?", "when {S} is on the radio",
        "{S} is on the radio at {v}.", "thing"),
    relation("first laid eyes on", "date", "we first laid eyes on {S} on {v} / "
        "our first look at {S} {was} on {v} / nobody had shown us {S} before {v}",
        "When did we see {S} for the first time? / On what day did we get our first look at {S}? / "
        "Since when do we know what {S} looks like?", "when we first saw {S}",
        "You first saw {S} on {v}.", "thing"),
)  # fmt: skip
