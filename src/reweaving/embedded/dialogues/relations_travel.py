"""Journeys: tickets, trains, hotels, luggage, papers."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

TRAVEL: tuple[Relation, ...] = (
    relation("passport says", "long_number",
        "{P} passport says {v} / {S} {travels|travel} on passport {v} / the number in {P} passport is {v} / "
        "{P} travel document is number {v}",
        "What number is in {P} passport? / Which passport {does|do} {S} travel on? / What is the number of "
        "{P} travel document? / What does {P} passport say?",
        "what number is in {P} passport", "{P} passport number is {v}."),
    relation("passport runs out", "date",
        "{P} passport runs out on {v} / {P} passport is valid until {v} / {S} {needs|need} a new passport "
        "by {v} / {P} travel papers expire on {v}",
        "When does {P} passport run out? / Until when is {P} passport valid? / By when {does|do} {S} need a "
        "new passport? / On what date do {P} travel papers expire?",
        "when {P} passport runs out", "{P} passport runs out on {v}."),
    relation("honeymoon in", "city",
        "{S} spent the honeymoon in {v} / {P} honeymoon was in {v} / right after the wedding {S} flew to "
        "{v} / {S} walked around {v} as a newlywed",
        "Where did {S} spend the honeymoon? / Which city was {P} honeymoon in? / Where did {S} fly right "
        "after the wedding? / Where did {S} go as a newlywed?",
        "where {S} spent the honeymoon", "{P} honeymoon was in {v}."),
    relation("changes trains in", "city",
        "{S} {changes|change} trains in {v} / {P} connection leaves from {v} / {S} {has|have} a stopover in "
        "{v} / on the way {S} {has|have} to switch trains in {v}",
        "Where {does|do} {S} change trains? / Which city does {P} connection leave from? / Where is {P} "
        "stopover? / Where {does|do} {S} have to get off and change?",
        "where {S} {changes|change} trains", "{S} {changes|change} trains in {v}."),
    relation("hotel gave", "room",
        "at the hotel {S} got {v} / {P} key card is for {v} / the hotel put {O} in {v} / at the hotel, call "
        "{O} in {v}",
        "Which room did {S} get at the hotel? / Where did the hotel put {O}? / Where in the hotel {is} {S} "
        "sleeping? / Which room does {P} key card open?",
        "which room {S} got at the hotel", "{P} hotel room is {v}."),
    relation("booked seat", "small_number",
        "{S} {has|have} seat {v} on the train / the place reserved for {O} is number {v} / {P} ticket is "
        "for seat {v} / {S} booked seat {v}",
        "Which seat {does|do} {S} have? / Where on the train will {S} sit? / What seat is {P} ticket for? / "
        "Which place is reserved for {O}?",
        "which seat {S} {has|have}", "{P} seat is number {v}."),
    relation("takes bus", "small_number",
        "{S} {takes|take} the number {v} bus / {S} {gets|get} home on bus {v} / {P} bus is the {v} / bus "
        "{v} stops at {P} door",
        "Which bus {does|do} {S} take? / What is the number of {P} bus? / Which line brings {O} home? / "
        "What bus stops at {P} door?",
        "which bus {S} {takes|take}", "{S} {takes|take} bus {v}."),
    relation("commute takes", "duration",
        "{P} way to work takes {v} / {S} {spends|spend} {v} on the way to work / {S} {needs|need} {v} to "
        "get to the office / it takes {O} {v} to reach the office",
        "How long is {P} way to work? / How long {does|do} {S} need to get to the office? / How much time "
        "{does|do} {S} spend on the way to work? / How long does {P} commute take?",
        "how long {P} way to work is", "{P} way to work takes {v}."),
    relation("travel cover", "plan",
        "{S} took out {v} as travel insurance / {P} trip is covered by {v} / for the trip {S} bought the "
        "{v} cover / {P} travel policy is {v}",
        "Which travel insurance {does|do} {S} have? / What cover did {S} buy for the trip? / Which policy "
        "covers {P} trip? / How {is} {S} insured when travelling?",
        "which travel insurance {S} {has|have}", "{P} travel insurance is {v}."),
    relation("rented car", "device",
        "{S} rented a {v} at the airport / {P} hire car is a {v} / the car rental gave {O} a {v} / on "
        "holiday {S} {is} driving a {v}",
        "Which car did {S} rent? / What is {P} hire car? / What did the car rental give {O}? / What {is} "
        "{S} driving on holiday?",
        "which car {S} rented", "{S} rented a {v}."),
    relation("spent summer in", "country",
        "{S} spent last summer in {v} / {S} just came back from {v} / {P} last trip was to {v} / the tan "
        "{S} {has|have} is from {v}",
        "Where did {S} spend last summer? / Which country did {S} come back from? / Where did {P} last trip "
        "go? / Where did {S} get the tan?",
        "where {S} spent last summer", "{S} spent last summer in {v}."),
    relation("emigrating to", "country",
        "{S} {is} emigrating to {v} / {S} {wants|want} to settle in {v} for good / {S} applied for a visa "
        "to live in {v} / {P} future home will be in {v}",
        "Where {is} {S} emigrating to? / In which country {does|do} {S} want to settle? / For which country "
        "did {S} apply for a visa? / Where will {P} future home be?",
        "where {S} {is} emigrating to", "{S} {is} emigrating to {v}."),
    relation("plane lands", "time",
        "{P} plane lands at {v} / {P} plane touches down at {v} / {S} will be on the ground at {v} / "
        "somebody must fetch {O} from the airport at {v}",
        "When does {P} plane land? / What time {does|do} {S} touch down? / When should somebody be at the "
        "airport for {O}? / At what time is {P} landing?",
        "when {P} plane lands", "{P} plane lands at {v}."),
    relation("luggage tag", "code",
        "{P} suitcase has the tag {v} / the tag on {P} luggage reads {v} / {S} checked in a bag with the "
        "tag {v} / {P} lost bag is filed under {v}",
        "What does the tag on {P} suitcase say? / Which tag is on {P} luggage? / What is {P} baggage code? "
        "/ Under what is {P} lost bag filed?",
        "what the tag on {P} suitcase says", "{P} luggage tag is {v}."),
    relation("suitcase opens with", "pin",
        "{P} suitcase opens with {v} / {S} locked the suitcase with {v} / the lock on {P} bag is set to {v} "
        "/ turn the dials of {P} suitcase to {v}",
        "How does {P} suitcase open? / Which digits open {P} suitcase? / What did {S} set the lock of the "
        "bag to? / What is the combination of {P} suitcase?",
        "which digits open {P} suitcase", "{P} suitcase opens with {v}."),
    relation("flies with", "company",
        "{S} always {flies|fly} with {v} / {P} airline is {v} / {S} {collects|collect} miles with {v} / {S} "
        "bought the plane ticket from {v}",
        "Which airline {does|do} {S} fly with? / Whose planes {does|do} {S} take? / Where {does|do} {S} "
        "collect miles? / Who sold {O} the plane ticket?",
        "which airline {S} {flies|fly} with", "{S} {flies|fly} with {v}."),
    relation("away for", "duration",
        "{S} will be away for {v} / {P} journey takes {v} / {S} {is} travelling for {v} / the trip keeps "
        "{O} from home for {v}",
        "How long will {S} be away? / How long is {P} journey? / For how long {is} {S} travelling? / How "
        "much time does {P} trip take?",
        "how long {S} will be away", "{S} will be away for {v}."),
    relation("cruise on", "word",
        "{S} booked a cruise on the {v} / {P} ship is the {v} / {S} {is} going to sea on the {v} / {S} "
        "{has|have} a cabin on the {v}",
        "Which ship {is} {S} going to sea on? / What is {P} cruise ship called? / On which ship {does|do} "
        "{S} have a cabin? / What ship did {S} book?",
        "which ship {S} booked", "{P} ship is the {v}."),
    relation("booking made under", "code",
        "{S} booked the trip under {v} / {P} reservation is filed as {v} / at check-in {S} {has|have} to "
        "show {v} / the travel agency gave {O} the reference {v}",
        "Under which reference did {S} book? / What is {P} reservation filed as? / What {does|do} {S} have "
        "to show at check-in? / Which reference did the travel agency give {O}?",
        "under which reference {S} booked", "{P} booking reference is {v}."),
    relation("leaves on trip", "date",
        "{S} {sets|set} off on {v} / {P} trip begins on {v} / {S} {leaves|leave} for the journey on {v} / "
        "{P} bags must be packed by {v}",
        "When {does|do} {S} set off? / When does {P} trip begin? / On what date {does|do} {S} leave? / By "
        "when must {P} bags be packed?",
        "when {P} trip begins", "{P} trip begins on {v}."),
)  # fmt: skip
