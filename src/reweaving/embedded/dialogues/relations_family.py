"""Family and friends: children, weddings, parties, gifts."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

FAMILY: tuple[Relation, ...] = (
    relation("godchild is", "name",
        "{P} godchild is {v} / {S} {is} the godparent of {v} / {S} held {v} at the christening / {S} "
        "{has|have} a godchild called {v}",
        "Who is {P} godchild? / Whose godparent {is} {S}? / Who did {S} hold at the christening? / What is "
        "the name of {P} godchild?",
        "who {P} godchild is", "{P} godchild is {v}."),
    relation("baby expected", "date",
        "{P} baby is due on {v} / {S} will become a parent on {v} / the doctors expect {P} baby on {v} / "
        "the stork visits {O} on {v}",
        "When is {P} baby due? / When will {S} become a parent? / On what date do the doctors expect {P} "
        "baby? / When is the stork coming to {O}?",
        "when {P} baby is due", "{P} baby is due on {v}."),
    relation("newborn called", "name",
        "{S} named the baby {v} / {P} newborn is called {v} / {S} just had a baby, little {v} / on {P} "
        "cradle it says {v}",
        "What is {P} newborn called? / What did {S} name the baby? / What is the name of {P} little one? / "
        "What does it say on {P} cradle?",
        "what {P} newborn is called", "{P} baby is called {v}."),
    relation("siblings are", "names",
        "{P} siblings are {v} / {S} {has|have} a brother and a sister, {v} / {P} brother and sister are {v} "
        "/ {S} grew up with two siblings, {v}",
        "What are {P} siblings called? / Who are {P} brother and sister? / What are the names of {P} "
        "siblings? / With whom did {S} grow up?",
        "what {P} siblings are called", "{P} siblings are {v}."),
    relation("named after", "full_name",
        "{S} {is} named after {v} / {P} parents chose the name in honour of {v} / {P} first name comes from "
        "{v} / {S} got the first name from {v}",
        "Who {is} {S} named after? / Where does {P} first name come from? / In whose honour did {S} get the "
        "name? / Whose name did {P} parents choose?",
        "who {S} {is} named after", "{S} {is} named after {v}."),
    relation("engaged to", "name",
        "{S} {is} engaged to {v} / {S} proposed to {v} / {S} {is} going to marry {v} / {S} gave {v} a ring",
        "Who {is} {S} engaged to? / Who {is} {S} going to marry? / Who did {S} propose to? / Who did {S} "
        "give the ring to?",
        "who {S} {is} engaged to", "{S} {is} engaged to {v}."),
    relation("wedding held in", "city",
        "{S} got married in {v} / {P} wedding took place in {v} / {S} exchanged vows in {v} / the guests "
        "flew to {v} for {P} wedding",
        "Where did {S} get married? / Which city did {P} wedding take place in? / Where did {S} exchange "
        "vows? / Where did the guests fly for {P} wedding?",
        "where {S} got married", "{S} got married in {v}."),
    relation("grew up with pet", "pet",
        "{S} grew up with {v} / as a child {S} had {v} / {P} first pet was {v} / in {P} childhood home "
        "lived {v}",
        "Which pet did {S} grow up with? / What animal did {S} have as a child? / What was {P} first pet? / "
        "Which animal lived in {P} childhood home?",
        "which pet {S} grew up with", "{S} grew up with {v}."),
    relation("babysits", "names",
        "{S} {babysits|babysit} {v} / {S} {looks|look} after {v} in the evening / the children {S} "
        "{minds|mind} are {v} / {S} {reads|read} stories to {v}, the kids from next door",
        "Who {does|do} {S} babysit? / Who {does|do} {S} look after in the evening? / Which children "
        "{does|do} {S} mind? / Who {does|do} {S} read stories to?",
        "who {S} {babysits|babysit}", "{S} {babysits|babysit} {v}."),
    relation("family calls", "name",
        "the family calls {O} {v} / at home {P} pet name is {v} / old friends call {O} {v} / to the family "
        "{S} {is} just {v}",
        "What does the family call {O}? / What is {P} pet name at home? / How do old friends address {O}? / "
        "By which nickname does the family know {O}?",
        "what the family calls {O}", "The family calls {O} {v}."),
    relation("party at", "address",
        "{P} party is at {v} / {S} {is} throwing the party at {v} / guests should come to {v} for {P} party "
        "/ for the celebration {S} rented a hall at {v}",
        "Where is {P} party? / Where should {P} guests come to? / Where did {S} rent a hall? / At which "
        "address {is} {S} throwing the party?",
        "where {P} party is", "{P} party is at {v}."),
    relation("celebrates on", "day_time",
        "{P} party is on {v} / {S} {is} celebrating on {v} / {S} invited everyone for {v} / {P} guests come "
        "on {v}",
        "When is {P} party? / When {is} {S} celebrating? / For when did {S} invite everyone? / On what day "
        "do {P} guests come?",
        "when {P} party is", "{P} party is on {v}."),
    relation("kids' school", "word",
        "{S} {sends|send} the kids to {v} School / {P} kids go to {v} School / {P} children are pupils at "
        "{v} School / the school {S} picked for the kids is {v}",
        "Which school do {P} kids go to? / Where {does|do} {S} send the kids to school? / Where are {P} "
        "children pupils? / What school did {S} pick for the kids?",
        "which school {P} kids go to", "{P} kids go to {v} School."),
    relation("fetches kids", "time",
        "{S} {picks|pick} the kids up at {v} / {P} kids come out of school at {v} / at {v} {S} {has|have} "
        "to be at the school gate / school is over at {v} for {P} children",
        "When {does|do} {S} pick the kids up? / What time do {P} kids come out of school? / When must {S} "
        "be at the school gate? / At what time is school over for {P} children?",
        "when {S} {picks|pick} the kids up", "{S} {picks|pick} the kids up at {v}."),
    relation("inherited house from", "full_name",
        "{S} inherited the house from {v} / {P} house once belonged to {v} / {S} got the house in the will "
        "of {v} / {P} house is a legacy from {v}",
        "Who left {O} the house? / From whom did {S} inherit the house? / In whose will did {S} get the "
        "house? / Who did {P} house once belong to?",
        "who {S} inherited the house from", "{S} inherited the house from {v}."),
    relation("valentine flowers", "flower",
        "{S} got {v} on Valentine's Day / the Valentine's bouquet for {O} was all {v} / a courier brought "
        "{O} {v} on Valentine's Day / on Valentine's Day there were {v} on {P} doorstep",
        "Which flowers did {S} get on Valentine's Day? / What was in the Valentine's bouquet for {O}? / "
        "What did the courier bring {O} on Valentine's Day? / What lay on {P} doorstep on Valentine's Day?",
        "which flowers {S} got on Valentine's Day", "{S} got {v}."),
    relation("spoken at home", "language",
        "at home {S} {talks|talk} in {v} / the family around {P} kitchen table speaks {v} / {P} kids grow "
        "up with {v} / {S} {scolds|scold} the children in {v}",
        "What language is spoken at {P} home? / In which language {does|do} {S} talk at home? / Which "
        "language do {P} kids grow up with? / In what language {does|do} {S} scold the children?",
        "which language is spoken at {P} home", "At {P} home they speak {v}."),
    relation("visits parents", "schedule",
        "{S} {visits|visit} the grandparents {v} / {P} grandparents get a visit {v} / {S} {drives|drive} "
        "over to the grandparents {v} / {P} visits to the grandparents: {v}",
        "When {does|do} {S} visit the grandparents? / How often do {P} grandparents get a visit? / On which "
        "days {does|do} {S} drive over to the grandparents? / When {is} {S} at the grandparents' house?",
        "when {S} {visits|visit} the grandparents", "{S} {visits|visit} the grandparents {v}."),
    relation("ring made of", "material",
        "{P} ring is made of {v} / {S} {wears|wear} a ring of {v} / the jeweller made {P} ring from {v} / "
        "{S} chose {v} for the wedding band",
        "What is {P} ring made of? / Which material did the jeweller use for {P} ring? / What kind of ring "
        "{does|do} {S} wear? / What did {S} choose for the wedding band?",
        "what {P} ring is made of", "{P} ring is made of {v}."),
)  # fmt: skip
