"""Tastes and pastimes: music, animals, colours, media, idols."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

TASTES: tuple[Relation, ...] = (
    relation("dances to", "genre",
        "{S} {dances|dance} to {v} all night / only {v} gets {O} on the dance floor / at parties {S} "
        "{moves|move} to {v} / for dancing {S} {puts|put} on {v}",
        "What {does|do} {S} dance to? / Which music gets {O} on the dance floor? / What kind of music "
        "{does|do} {S} move to at parties? / What {does|do} {S} put on for dancing?",
        "what music {S} {dances|dance} to", "{S} {dances|dance} to {v}."),
    relation("dislikes music", "genre",
        "{S} can't bear {v} / the sound of {v} drives {O} mad / {S} {turns|turn} the radio off when {v} "
        "comes on / {P} least favourite music is {v}",
        "Which music can't {S} bear? / What kind of music drives {O} mad? / What music makes {O} turn the "
        "radio off? / What music {does|do} {S} like least?",
        "which music {S} can't bear", "{S} can't bear {v}."),
    relation("rescued", "animal",
        "{S} rescued a stray {v} / a runaway {v} turned up at {P} door / {S} found a lost {v} on the road / "
        "{S} pulled a frightened {v} out of a ditch",
        "Which animal did {S} rescue? / What turned up at {P} door? / What kind of animal did {S} find on "
        "the road? / What did {S} pull out of a ditch?",
        "which animal {S} rescued", "{S} rescued the {v}."),
    relation("dressed up as", "animal",
        "{S} dressed up as a giant {v} / {P} carnival costume is a fluffy {v} / at the costume party {S} "
        "was the {v} / {S} will wear the suit of a giant {v} for carnival",
        "What did {S} dress up as? / What is {P} carnival costume? / Which animal was {S} at the costume "
        "party? / What will {S} be for carnival?",
        "what {S} dressed up as", "{P} costume is the {v}."),
    relation("dyed hair", "colour",
        "{P} hair is {v} now / {S} came out of the salon with hair in {v} / the hairdresser dyed {P} hair "
        "{v} / for the summer {S} went {v} on top",
        "What colour is {P} hair? / Which colour did the hairdresser give {O}? / What colour did {S} have "
        "the hair dyed? / How does {P} hair look now?",
        "what colour {P} hair is", "{P} hair is {v}."),
    relation("bike sprayed", "colour",
        "{P} bicycle is {v} / {S} {rides|ride} a bike in {v} / {S} sprayed the bike {v} / the frame of {P} "
        "bike is {v}",
        "What colour is {P} bicycle? / Which colour did {S} spray the bike? / What does the frame of {P} "
        "bike look like? / In which colour is the bike {S} {rides|ride}?",
        "what colour {P} bike is", "{P} bike is {v}."),
    relation("team shirts", "colour",
        "{P} team plays in {v} / the shirts of {P} team are {v} / on match days {S} {puts|put} on {v} / the "
        "jersey {S} {wears|wear} on the pitch is {v}",
        "What colour are the shirts of {P} team? / In which colour does {P} team play? / What colour "
        "{does|do} {S} put on for a match? / What colour is {P} jersey?",
        "what colour {P} team plays in", "{P} team plays in {v}."),
    relation("hosts podcast", "project",
        "{S} {hosts|host} a podcast called {v} / {P} podcast is called {v} / every week {S} "
        "{records|record} an episode of {v} / the show {S} {makes|make} for listeners is {v}",
        "What is {P} podcast called? / Which podcast {does|do} {S} host? / What {does|do} {S} record every "
        "week? / What is the name of the show {S} {makes|make} for listeners?",
        "what {P} podcast is called", "{P} podcast is called {v}."),
    relation("writes blog", "project",
        "{S} {writes|write} a blog called {v} / {P} blog is {v} / {S} {posts|post} on a blog with the name "
        "{v} / online {S} {publishes|publish} articles on the blog {v}",
        "What is {P} blog called? / Which blog {does|do} {S} write? / Where {does|do} {S} publish articles "
        "online? / On what page {does|do} {S} post?",
        "what {P} blog is called", "{P} blog is called {v}."),
    relation("takes pictures with", "device",
        "{S} {takes|take} pictures with a {v} / {P} camera is a {v} / {S} {shoots|shoot} all the photos on "
        "the {v} / around {P} neck hangs a {v}, the camera",
        "What {does|do} {S} take pictures with? / Which camera {does|do} {S} have? / On what {does|do} {S} "
        "shoot the photos? / What is hanging around {P} neck?",
        "what {S} {takes|take} pictures with", "{P} camera is a {v}."),
    relation("reads paper", "word",
        "{S} {reads|read} the {v} Times / {P} newspaper is the {v} Times / every morning the {v} Times lies "
        "on {P} doormat / over coffee {S} {leafs|leaf} through the {v} Times",
        "Which newspaper {does|do} {S} read? / What paper lies on {P} doormat? / What {does|do} {S} leaf "
        "through over coffee? / Where {does|do} {S} get the news?",
        "which newspaper {S} {reads|read}", "{S} {reads|read} the {v} Times."),
    relation("goes jogging", "time",
        "{S} {goes|go} jogging at {v} / {P} daily jog starts at {v} / {S} {puts|put} on the running shoes "
        "at {v} / at {v} {S} {is} out for a run",
        "When {does|do} {S} go jogging? / What time does {P} daily jog start? / When {does|do} {S} put on "
        "the running shoes? / At what time {is} {S} out for a run?",
        "when {S} {goes|go} jogging", "{S} {goes|go} jogging at {v}."),
    relation("idol is", "full_name",
        "{S} {admires|admire} {v} / {P} idol is {v} / {S} {has|have} a poster of {v} / {S} {looks|look} up "
        "to {v}",
        "Who is {P} idol? / Who {does|do} {S} look up to? / Whose poster {does|do} {S} have? / Who "
        "{does|do} {S} admire most?",
        "who {P} idol is", "{P} idol is {v}."),
    relation("plays chess with", "name",
        "{S} {plays|play} chess with {v} / {P} chess partner is {v} / at the chess board {S} {faces|face} "
        "{v} / {S} always {loses|lose} to {v} at chess",
        "Who {does|do} {S} play chess with? / Who is {P} chess partner? / Who {does|do} {S} face at the "
        "chess board? / Who beats {O} at chess?",
        "who {S} {plays|play} chess with", "{S} {plays|play} chess with {v}."),
)  # fmt: skip
