"""What people do with their free time, told and asked in words of their own."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_FREE: tuple[Relation, ...] = (
    relation("winter sports near", "city", "the skis are packed, we go skiing in {v} again / every winter we "
        "go to {v} to ski / the place where we go skiing is {v}",
        "Where do we go skiing? / Where do we go to ski? / Which place do we pick for skiing?",
        "where we go skiing", "You go skiing in {v}.", "common"),
    relation("quiz night at", "word", "the pub we quiz at is the {v} / we never miss the quiz at our pub, "
        "the {v} / our quiz team plays at a pub called the {v}",
        "Which pub do we quiz at? / Where does our quiz team play? / Where do we go for the pub quiz?",
        "which pub we quiz at", "You quiz at the {v}.", "common"),
    relation("picnic lake", "word", "we spread our picnic blanket by Lake {v} / we have our picnics on the "
        "shore of Lake {v} / whenever we go for a picnic, we go to Lake {v}",
        "Where do we have our picnics? / Which lake do we go to for a picnic? / Where do we go with our "
        "picnic basket?", "where we have our picnics", "You have your picnics by Lake {v}.", "common"),
    relation("board game night", "schedule", "the neighbours come over to play board games with us {v} / we "
        "play board games {v} / we have our board game night {v}",
        "When is our game night? / When do we play board games? / When do we get the board games out?",
        "when we play board games", "You play board games {v}.", "common"),
    relation("film club shows", "title", "the film club is showing {v} this time / I bought crisps, our film "
        "club is watching {v} / the film they picked for our film club is {v}",
        "What is on at the film club? / Which film is the film club showing? / What are we watching with the "
        "film club?", "what the film club is showing", "The film club is showing {v}.", "common"),
    relation("headliner is", "word", "the main act of the festival is {v} / the band that headlines the "
        "festival is {v} / the festival sold out at once, because the headliner is {v}",
        "Which band is the main act of the festival? / Who headlines the festival? / Who is the headliner of "
        "the festival?",
        "who the main act of the festival is", "The main act of the festival is {v}.", "common"),
    relation("carnival costumes", "animal", "for carnival we all dress up, each of us as a {v} / at carnival "
        "everybody in our family goes as a {v} / I am sewing our carnival costumes, every one of us will be "
        "a {v}",
        "What does our family dress up as for carnival? / Which animal are we at carnival? / What do we all "
        "go as at carnival?",
        "what our family goes as at carnival", "At carnival your family goes as a {v}.", "common"),
    relation("hike starts", "time", "our hike starts at {v} / we set off on our hike at {v} / the hike "
        "begins at {v}, so breakfast will be short",
        "When do we set off on the hike? / What time does our hike start? / When does our walk begin?",
        "when our hike starts", "Your hike starts at {v}.", "common"),
    relation("tent colour", "colour", "our tent is the {v} one / at the campsite we sleep in a {v} tent / "
        "the children find our tent at once, because it is {v}",
        "What colour is our tent? / Which colour does our tent have? / What colour is the tent we sleep in?",
        "what colour our tent is", "Your tent is {v}.", "common"),
    relation("campsite is", "word", "we pitch our tent at Camp {v} / the campsite where we stay is Camp {v} "
        "/ every summer we go camping at Camp {v}",
        "Which campsite do we stay at? / Where do we camp? / Where do we put up our tent?",
        "where we camp", "You camp at Camp {v}.", "common"),
    relation("surprise party for", "name", "not a word, please, we are planning a surprise party for {v} / "
        "the surprise party is for {v} / we are throwing a party to surprise {v}",
        "Who is the surprise party for? / Who do we want to surprise with a party? / Who are we planning to "
        "surprise?", "who the surprise party is for", "The surprise party is for {v}.", "common"),
    relation("swims in river", "word", "in the heat we swim in the river {v} / the river we swim in is the "
        "{v} / we always go for a dip in the river {v}",
        "Which river do we swim in? / What is the river called that we swim in? / Where do we go for a dip?",
        "which river we swim in", "You swim in the river {v}.", "common"),
    relation("road trip music", "genre", "in the car we always listen to {v} / the music we play in the car "
        "is {v} / when we are in the car, we put on some {v}",
        "What do we listen to in the car? / What music do we play in the car? / Which music is on when we "
        "drive?", "what we listen to in the car", "In the car you listen to {v}.", "common"),
    relation("museum free on", "schedule", "the museum is free {v} / the museum costs nothing {v} / visitors "
        "get into the museum for free {v}",
        "When is the museum free? / When does it cost nothing to get into the museum? / When can we get into "
        "the museum without paying?", "when the museum is free", "The museum is free {v}.", "common"),
    relation("opera tickets", "amount", "our opera tickets cost {v} / for our opera tickets we paid {v} / "
        "the tickets for the opera set us back {v}",
        "How much were the opera tickets? / What did we pay for our opera tickets? / What did our tickets "
        "for the opera cost?", "how much our opera tickets cost", "Your opera tickets cost {v}.", "common"),
    relation("raffle prize", "device", "in the raffle we won a {v} / our raffle ticket won us a {v} / the "
        "prize we got in the raffle is a {v}",
        "What did we win in the raffle? / Which prize did our raffle ticket win? / What did we get in the "
        "raffle?", "what we won in the raffle", "In the raffle you won a {v}.", "common"),
    relation("bonfire on", "date", "we light the bonfire on {v} / the big bonfire on the beach is on {v} / "
        "bring wood for the bonfire, it will be on {v}",
        "When is the bonfire? / On what date do we light the bonfire? / What day is the big fire?",
        "when the bonfire is", "The bonfire is on {v}.", "common"),
    relation("zoo stop", "animal", "at the zoo the animal our kids like best is the {v} / our kids like "
        "nothing at the zoo as much as the {v} / when we go to the zoo, our kids love the {v} most",
        "Which animal do our kids like best at the zoo? / What do our children like best at the zoo? / Which "
        "animal at the zoo do our kids love most?", "which animal our kids like best at the zoo",
        "The animal your kids like best at the zoo is the {v}.", "common"),
    relation("sledging hill", "word", "when it snows we go sledging on {v} Hill / we take our sledge to {v} "
        "Hill / our family goes sledging on a slope called {v} Hill",
        "Where do we go sledging? / Which hill do we go sledging on? / Where do we go with our sledge?",
        "where we go sledging", "You go sledging on {v} Hill.", "common"),
    relation("island ferry", "time", "our ferry leaves at {v} / the ferry we take to the island goes at {v} "
        "/ let's not dawdle, our ferry leaves the pier at {v}",
        "When does our ferry leave? / What time does the ferry go? / When does our boat leave?",
        "when our ferry leaves", "Your ferry leaves at {v}.", "common"),
    relation("rehearses with", "word", "{S} {sings|sing} with the {v} Singers / the choir {S} {sings|sing} "
        "with is called the {v} Singers / the audition went well, so {S} {sings|sing} in the choir of the "
        "{v} Singers now",
        "Which choir {does|do} {S} sing with? / What is the name of {P} choir? / Who {does|do} {S} sing with?",
        "which choir {S} {sings|sing} with", "{S} {sings|sing} with the {v} Singers."),
    relation("coaches kids in", "sport", "{S} {coaches|coach} the kids in {v} / at the club {S} "
        "{teaches|teach} the kids {v} / the sport {S} {teaches|teach} the kids is {v}",
        "Which sport {does|do} {S} teach? / What {does|do} {S} teach the kids? / Which sport {does|do} {S} "
        "coach the kids in?", "which sport {S} {teaches|teach} the kids", "{S} {teaches|teach} the kids {v}."),
    relation("heard live", "word", "{S} saw the band {v} live / {S} went to a concert by the band {v} / {S} "
        "{was} in the front row at a concert of the band {v}",
        "Which band did {S} see live? / Which band did {S} go and see? / Whose concert did {S} go to?",
        "which band {S} saw live", "{S} saw the band {v} live."),
    relation("longs to see", "city", "{S} {wants|want} to see the city of {v} one day / {S} {dreams|dream} "
        "of going to {v} one day / the city {S} most {wants|want} to see is {v}",
        "Which city {does|do} {S} want to see one day? / Which city {does|do} {S} dream of? / Where would "
        "{S} love to go?",
        "which city {S} {wants|want} to see one day", "The city {S} {wants|want} to see one day is {v}."),
    relation("never again to", "country", "{S} had a terrible holiday in {v} / {P} worst holiday ever was in "
        "{v} / everything went wrong when {S} {was} on holiday in {v}",
        "Where did {S} have a terrible holiday? / Which country did {S} have an awful holiday in? / Where "
        "did {P} holiday go wrong?", "where {S} had a terrible holiday", "{S} had a terrible holiday in {v}."),
    relation("pedalled to", "city", "{S} cycled all the way to {v} / {S} went on a bicycle to {v} / by bike "
        "{S} rode all the way to {v}",
        "Where did {S} cycle to? / Which city did {S} cycle to? / Where did {S} ride to by bike?",
        "where {S} cycled to", "{S} cycled to {v}."),
    relation("cards with", "name", "{P} partner at cards is {v} / {S} always {plays|play} cards with {v} / "
        "when {S} {plays|play} cards, it is with {v}",
        "Who is {P} partner at cards? / Who {does|do} {S} play cards with? / Who plays cards with {O}?",
        "who {S} {plays|play} cards with", "{S} {plays|play} cards with {v}."),
    relation("climbs with", "full_name", "{S} always {climbs|climb} with {v} / {P} climbing partner is {v} / "
        "{S} {goes|go} climbing together with {v}",
        "Who is {P} climbing partner? / Who {does|do} {S} climb with? / Who {does|do} {S} go climbing with?",
        "who {S} {climbs|climb} with", "{S} {climbs|climb} with {v}."),
    relation("took up", "hobby", "{P} new hobby is {v} / {S} took up a new hobby this year, and that is {v} "
        "/ the new hobby {S} took up is {v}",
        "Which hobby did {S} take up? / What is {P} new hobby? / What {has|have} {S} started to do as a "
        "hobby?", "which new hobby {S} took up", "{P} new hobby is {v}."),
    relation("refuses game", "title", "{S} {refuses|refuse} to play the board game {v} / the board game {S} "
        "{refuses|refuse} to play is {v} / {S} will never play the board game {v}",
        "Which board game {does|do} {S} refuse to play? / Which game {does|do} {S} not want to play? / Which "
        "board game will {S} never play?",
        "which board game {S} {refuses|refuse} to play", "{S} {refuses|refuse} to play the board game {v}."),
    relation("acts as", "full_name", "on the stage of the village theatre {S} {plays|play} {v} / {P} part in "
        "the village play is {v} / {S} got a part in the play and will be on stage as {v}",
        "Which part {does|do} {S} have in the play? / Who {does|do} {S} play on stage? / What role did {S} "
        "get in the theatre?", "which part {S} {plays|play} on stage", "On stage {S} {plays|play} {v}."),
    relation("hiking group", "schedule", "{S} {goes|go} hiking with the group {v} / {S} {is} out in the "
        "hills with the hiking group {v} / the hiking group takes {O} along {v}",
        "When {does|do} {S} go hiking with the group? / When does the hiking group take {O} along? / When "
        "{is} {S} out with the hiking group?",
        "when {S} {goes|go} hiking with the group", "{S} {goes|go} hiking with the group {v}."),
    relation("diving licence", "code", "{P} diving licence has the number {v} / the number on {P} diving "
        "licence is {v} / to rent a tank {S} showed a diving licence with the number {v}",
        "What number does {P} diving licence have? / What is the number on {P} diving licence? / What is {P} "
        "diving licence number?",
        "what number {P} diving licence has", "{P} diving licence has the number {v}."),
    relation("medal in", "sport", "{S} brought home a medal in {v} / {S} won a medal in {v} / the sport {S} "
        "won a medal in is {v}",
        "What did {S} get a medal for? / In which sport did {S} win a medal? / What is {P} medal for?",
        "which sport {S} won a medal in", "{S} won a medal in {v}."),
    relation("first record", "title", "the first record {S} ever bought was {v} / {P} first record was {v} / "
        "{P} record collection began when {S} bought {v}",
        "Which record did {S} buy first? / What was {P} first record? / Which record started {P} collection?",
        "which record {S} bought first", "The record {S} bought first was {v}."),
    relation("party instrument", "instrument", "at parties {S} always {plays|play} the {v} / the instrument "
        "{S} {plays|play} at parties is the {v} / at every party {S} {plays|play} a solo on the {v}",
        "What {does|do} {S} play at parties? / Which instrument {does|do} {S} play at parties? / What "
        "{does|do} {S} play for the guests at a party?",
        "what {S} {plays|play} at parties", "At parties {S} {plays|play} the {v}."),
    relation("picnic dish", "food", "to every picnic {S} {brings|bring} {v} / for a picnic {S} always "
        "{brings|bring} along some {v} / what {S} {brings|bring} to picnics is {v}",
        "What {does|do} {S} bring to picnics? / Which food {does|do} {S} bring to a picnic? / What {does|do} "
        "{S} take along to picnics?",
        "what {S} {brings|bring} to picnics", "What {S} {brings|bring} to picnics is {v}."),
    relation("regular bar", "word", "{S} {goes|go} to a bar called the {v} / the bar {S} always {goes|go} to "
        "is the {v} / {S} {drinks|drink} with friends at a bar called the {v}",
        "Which bar {does|do} {S} go to? / What is the bar called where {S} {drinks|drink}? / At which bar "
        "{does|do} {S} drink?", "which bar {S} {goes|go} to", "{S} {goes|go} to a bar called the {v}."),
    relation("phrases for trip", "language", "{S} {is} learning some {v} for the trip / the language {S} "
        "{is} learning for the trip is {v} / for the trip abroad {S} {practises|practise} speaking {v}",
        "Which language {is} {S} learning for the trip? / What {is} {S} learning for the trip? / Which "
        "language {does|do} {S} practise before the journey?",
        "which language {S} {is} learning for the trip", "For the trip {S} {is} learning {v}."),
    relation("rail pass", "plan", "the rail pass {S} {has|have} is the {v} / {S} {has|have} a rail pass "
        "called {v} / {S} {travels|travel} by train with the rail pass {v}",
        "Which rail pass {does|do} {S} have? / What is {P} rail pass called? / Which pass {does|do} {S} "
        "travel with on trains?", "which rail pass {S} {has|have}", "{S} {has|have} the rail pass {v}."),
    relation("balloon ride", "date", "{P} balloon ride is booked for {v} / {S} will go up in a balloon on "
        "{v} / {S} {has|have} a balloon ride on {v}",
        "When is {P} balloon ride? / When will {S} go up in a balloon? / On which date will {S} ride in a "
        "balloon?", "when {P} balloon ride is", "{P} balloon ride is on {v}."),
    relation("gaming from", "time", "{S} {plays|play} online with friends from {v} / {S} {logs|log} on to "
        "play online at {v} / {S} {starts|start} playing online games at {v}",
        "When {does|do} {S} start playing online? / What time {does|do} {S} log on to play? / From what time "
        "{is} {S} busy gaming?", "from when {S} {plays|play} online", "{S} {plays|play} online from {v}."),
    relation("show ticket from", "name", "{S} got the ticket for the show from {v} / {P} ticket for the show "
        "came from {v} / the show was sold out, but {S} was given a ticket by {v}",
        "Who got {O} the ticket? / Who did {S} get the ticket from? / Who gave {O} the ticket for the show?",
        "who {S} got the ticket from", "{S} got the ticket from {v}."),
    relation("kite colour", "colour", "{P} kite is {v} / {P} kite is easy to see, because it is {v} / the "
        "kite {S} {flies|fly} on the beach is {v}",
        "What colour is {P} kite? / Which colour does {P} kite have? / What colour is the kite {S} "
        "{flies|fly}?", "what colour {P} kite is", "{P} kite is {v}."),
    relation("keeps goal for", "word", "{S} {keeps|keep} goal for {v} Rovers / the team {S} {keeps|keep} "
        "goal for is {v} Rovers / {S} {is} the goalkeeper of {v} Rovers",
        "Which team {does|do} {S} keep goal for? / Which team {is} {S} the goalkeeper of? / Which team "
        "{does|do} {S} play for?",
        "which team {S} {keeps|keep} goal for", "{S} {keeps|keep} goal for {v} Rovers."),
    relation("staked on", "amount", "we bet on {S}, and the sum was {v} / our bet on {S} is {v} / the money "
        "we bet on {S} comes to {v}",
        "How much did we bet on {S}? / How big is our bet on {S}? / What did we stake on {S}?",
        "how much we bet on {S}", "Your bet on {S} is {v}.", "thing"),
    relation("snapshot by", "full_name", "{S} was photographed by {v} / the photo of {S} was taken by {v} / "
        "the picture of {S} in the hall is a photo by {v}",
        "Who photographed {S}? / Who took the picture of {S}? / Who took the photo of {S}?",
        "who photographed {S}", "{S} was photographed by {v}.", "thing"),
    relation("song about", "title", "somebody wrote a song about {S} and called it {v} / the song about {S} "
        "is called {v} / we all sang the song about {S}, the title is {v}",
        "What is the song about {S} called? / Which song was written about {S}? / What is the title of the "
        "song about {S}?", "what the song about {S} is called", "The song about {S} is called {v}.", "thing"),
    relation("holiday care by", "name", "when we travel, {S} is looked after by {v} / while we are on "
        "holiday, the one who looks after {S} is {v} / when we travel, the person who takes care of {S} is "
        "{v}",
        "Who takes care of {S} when we travel? / Who looks after {S} during our holiday? / Who looks after "
        "{S} while we are away?",
        "who looks after {S} when we travel", "When you travel, {S} is looked after by {v}.", "thing"),
    relation("raffle for", "amount", "the raffle for {S} brought in {v} / the raffle raised money for {S}, "
        "in all {v} / by selling raffle tickets for {S} we raised {v}",
        "How much did the raffle raise for {S}? / How much did the raffle for {S} bring in? / What did we "
        "raise for {S} by selling tickets?",
        "how much the raffle raised for {S}", "The raffle for {S} raised {v}.", "thing"),
    relation("drawn in", "colour", "the children drew {S} in {v} / on the picture the children drew, {S} is "
        "{v} / the colour in which the children drew {S} is {v}",
        "Which colour did the children draw {S} in? / What colour is {S} on the children's picture? / In "
        "which colour did the kids draw {S}?",
        "which colour the children drew {S} in", "The children drew {S} in {v}.", "thing"),
    relation("on the radio", "time", "they talk about {S} on the radio at {v} / {S} will be on the radio at "
        "{v} / the radio programme about {S} begins at {v}",
        "When is {S} on the radio? / When do they talk about {S} on the radio? / What time is the programme "
        "about {S}?", "when {S} is on the radio", "{S} is on the radio at {v}.", "thing"),
    relation("first laid eyes on", "date", "we first laid eyes on {S} on {v} / we saw {S} for the first time "
        "on {v} / the day we first saw {S} was {v}",
        "When did we see {S} for the first time? / On what day did we first see {S}? / When did we get our "
        "first look at {S}?", "when we first saw {S}", "You first saw {S} on {v}.", "thing"),
)  # fmt: skip
