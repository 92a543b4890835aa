"""Health, habits, names, childhood, friends and hopes, told and asked in words of their own."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_SELF: tuple[Relation, ...] = (
    relation("childhood gang", "word", "our gang as kids was called the {v} / "
        "as kids we had a gang with its own den, and we called ourselves the {v} / "
        "everyone in the village knew our childhood gang as the {v}",
        "What was our gang called? / What did we call our gang as kids? / What name did our gang have?",
        "what our gang was called", "Your gang was called the {v}.", "common"),
    relation("childhood home", "address", "the house we grew up in stood at {v} / "
        "as children we lived at {v} / we grew up at {v}, and our parents sold the house later",
        "Where did we grow up? / At what address did we grow up? / Where did we live as children?",
        "where we grew up", "You grew up at {v}.", "common"),
    relation("summer camp", "word", "as children we went to Camp {v} every summer / "
        "our parents sent us to summer camp when we were children, to Camp {v} / "
        "the summer camp of our childhood was Camp {v}",
        "Which camp did we go to as children? / Which summer camp did our parents send us to? / "
        "What was our childhood summer camp called?", "which camp we went to as children",
        "As children you went to Camp {v}.", "common"),
    relation("class reunion", "date", "our class reunion is on {v} / "
        "we will see all our old classmates at the class reunion on {v} / "
        "the class reunion has been set for {v}, so I need a babysitter",
        "When is the class reunion? / On what date is our class reunion? / "
        "When does our old class meet again?", "when the class reunion is",
        "The class reunion is on {v}.", "common"),
    relation("friends moved to", "country", "our best friends now live in {v} / "
        "our best friends have moved to {v} / "
        "our best friends found work abroad and live in {v} these days",
        "Where do our best friends live now? / Which country did our best friends move to? / "
        "In which country are our best friends living?", "where our best friends live now",
        "Your best friends live in {v} now.", "common"),
    relation("how we met", "city", "we first met in {v} / the city where we met is {v} / "
        "we got to know each other in {v}",
        "Where did we meet? / In which city did we first meet? / Where did we get to know each other?",
        "where we met", "You met in {v}.", "common"),
    relation("teenage band", "project", "the band we had as teenagers was called {v} / "
        "as teenagers we played in a band with the name {v} / "
        "our teenage band had a silly name, we called it {v}",
        "What was our teenage band called? / What was the name of our band as teenagers? / "
        "What did we call our teenage band?", "what our teenage band was called",
        "Your teenage band was called {v}.", "common"),
    relation("first car", "device", "our first car was an old {v} / "
        "the first car we ever had was a {v} / for our first car we bought a used {v}",
        "What was our first car? / Which car did we have first? / What make was our very first car?",
        "what our first car was", "Your first car was a {v}.", "common"),
    relation("dog of childhood", "name", "the dog of our childhood was called {v} / "
        "when we were small, we had a dog named {v} / as children we took long walks with our dog {v}",
        "What was the dog of our childhood called? / What was the name of our childhood dog? / "
        "What was our dog called when we were small?", "what the dog of our childhood was called",
        "The dog of your childhood was called {v}.", "common"),
    relation("plasters in", "colour", "our plasters and bandages are in the {v} tin / "
        "we keep the plasters in the {v} tin / if anybody needs plasters, look in the {v} tin",
        "Where do we keep the plasters? / Which tin are the plasters in? / "
        "What colour is the tin with the plasters?", "which tin the plasters are in",
        "The plasters are in the {v} tin.", "common"),
    relation("night nurse line", "phone", "the number of the night nurse is {v} / "
        "we reach the night nurse on {v} / to talk to the night nurse we ring {v}",
        "How do we reach the night nurse? / What is the night nurse's number? / "
        "What number do we ring for the night nurse?", "how we reach the night nurse",
        "You reach the night nurse on {v}.", "common"),
    relation("flu jab", "day_time", "we get our flu jabs on {v} / our flu jab is on {v} / "
        "the nurse gives us our flu jabs on {v}",
        "When is our flu jab? / When do we get our flu jabs? / When are we getting vaccinated against the flu?",
        "when our flu jab is", "Your flu jab is on {v}.", "common"),
    relation("quiet from", "time", "it has to be quiet at home from {v} / "
        "because of the baby it must be quiet in our house from {v} / "
        "quiet time in our home starts at {v}",
        "When does it have to be quiet at home? / From what time must it be quiet at home? / "
        "When does quiet time start at home?", "from when it has to be quiet at home",
        "It has to be quiet at home from {v}.", "common"),
    relation("no screens", "schedule", "we live without screens {v} / "
        "our family has a rule, no screens {v} / we switch off all screens {v}",
        "When do we live without screens? / When does our family have no screens? / "
        "When are all our screens switched off?", "when we live without screens",
        "You live without screens {v}.", "common"),
    relation("test results take", "duration", "our test results take {v} / "
        "the wait for our test results is {v} / "
        "the laboratory told us that the test results take {v}",
        "How long do our test results take? / How long do we have to wait for the test results? / "
        "How long does the laboratory need for our test results?", "how long our test results take",
        "Your test results take {v}.", "common"),
    relation("grow old in", "country", "we want to grow old in {v} / "
        "one day we will sell everything and grow old in {v} / "
        "when we are old, we want to live in {v}",
        "Where do we want to grow old? / Where do we want to live when we are old? / "
        "Which country do we want to grow old in?", "where we want to grow old",
        "You want to grow old in {v}.", "common"),
    relation("name for girl", "name", "if the baby is a girl, we will call her {v} / "
        "our name for a baby girl is {v} / for a baby girl we have picked the name {v}",
        "What will we call a baby girl? / Which name did we pick for a girl? / "
        "What will our baby be called if it is a girl?", "what we will call a baby girl",
        "You will call a baby girl {v}.", "common"),
    relation("old friend came", "full_name", "the old friend who came to see us was {v} / "
        "we had a visit from an old friend, it was {v} / "
        "an old friend came to see us after all those years, namely {v}",
        "Which old friend came to see us? / Who is the old friend that came to see us? / "
        "Which old friend visited us?", "which old friend came to see us",
        "The old friend who came to see you is {v}.", "common"),
    relation("grandpa known as", "word", "everybody called our grandpa {v} / "
        "grandpa's nickname was {v} / nobody used grandpa's real name, we all called him {v}",
        "What did everybody call grandpa? / What was grandpa's nickname? / What was our grandpa called?",
        "what everybody called grandpa", "Everybody called your grandpa {v}.", "common"),
    relation("our letters sound", "tone", "our letters should sound {v} / "
        "when you write our letters, keep the style {v} / the tone of our letters should be {v}",
        "How should our letters sound? / What tone should our letters have? / "
        "In what style should our letters be written?", "how our letters should sound",
        "Your letters should sound {v}.", "common"),
    relation("bad sleep since", "date", "{S} {has|have} slept badly since {v} / "
        "{P} sleep has been bad since {v} / {S} {has|have} had trouble sleeping since {v}",
        "Since when {has|have} {S} slept badly? / Since when has {P} sleep been bad? / "
        "Since when {has|have} {S} had trouble sleeping?", "since when {S} {has|have} slept badly",
        "{S} {has|have} slept badly since {v}."),
    relation("quit smoking", "date", "{S} quit smoking on {v} / "
        "{S} smoked the very last cigarette on {v} / {S} gave up smoking for good on {v}",
        "When did {S} quit smoking? / On what date did {S} stop smoking? / When did {S} give up cigarettes?",
        "when {S} quit smoking", "{S} quit smoking on {v}."),
    relation("headache from", "drink", "{S} always {gets|get} a headache from {v} / "
        "the drink that gives {O} a headache is {v} / {P} head hurts after a glass of {v}",
        "What gives {O} a headache? / Which drink gives {O} a headache? / "
        "What drink makes {P} head hurt?", "which drink gives {O} a headache",
        "{S} {gets|get} a headache from {v}."),
    relation("press-ups", "small_number", "before breakfast {S} {does|do} {v} press-ups / "
        "the number of press-ups {S} {does|do} is {v} / {P} morning exercise is {v} press-ups",
        "How many press-ups {does|do} {S} do? / What number of press-ups {does|do} {S} do?",
        "how many press-ups {S} {does|do}", "{S} {does|do} {v} press-ups."),
    relation("steps on scales", "schedule", "{S} {gets|get} on the scales {v} / "
        "{S} {steps|step} on the bathroom scales {v} / {S} {uses|use} the scales to check the weight {v}",
        "When {does|do} {S} get on the scales? / When {does|do} {S} step on the scales? / "
        "When {does|do} {S} check the weight?", "when {S} {gets|get} on the scales",
        "{S} {gets|get} on the scales {v}."),
    relation("massage from", "name", "{S} {gets|get} massages from {v} / "
        "the person who massages {O} is {v} / for a back massage {S} always {goes|go} to {v}",
        "Who massages {O}? / Who gives {O} massages? / Who {does|do} {S} go to for a massage?",
        "who massages {O}", "{S} {is} massaged by {v}."),
    relation("lucky charm", "animal", "{P} lucky charm is a little wooden {v} / "
        "{S} {has|have} a lucky charm, it's a tiny carved {v} / "
        "to have good luck {S} {carries|carry} a little wooden {v}",
        "What is {P} lucky charm? / What little animal {does|do} {S} carry for luck? / "
        "Which animal is {P} lucky charm?", "what {P} lucky charm is", "{P} lucky charm is a {v}."),
    relation("smells of", "flower", "{S} always {smells|smell} of {v} / {P} perfume smells of {v} / "
        "{S} {uses|use} a soap and {smells|smell} of {v} all day",
        "What {does|do} {S} smell of? / Which flowers {does|do} {S} smell of? / What scent {does|do} {S} have?",
        "what {S} {smells|smell} of", "{S} {smells|smell} of {v}."),
    relation("almost named", "name", "{P} parents almost gave {O} the name {v} / "
        "{S} {was} almost named {v} / {P} name almost became {v}",
        "What {was} {S} almost named? / Which name did {S} almost get? / What was almost {P} name?",
        "what {S} {was} almost named", "{S} {was} almost named {v}."),
    relation("school nickname", "word", "{P} nickname at school was {v} / "
        "at school everybody called {O} by a nickname, {v} / in the schoolyard {P} nickname was {v}",
        "What was {P} nickname at school? / What nickname did {S} have at school? / "
        "By what nickname did they call {O} at school?", "what {P} nickname at school was",
        "At school {P} nickname was {v}."),
    relation("pen name", "full_name", "{P} pen name is {v} / "
        "{S} {writes|write} poems under the pen name {v} / {S} {publishes|publish} under another name, {v}",
        "What is {P} pen name? / Which pen name {does|do} {S} use? / Under which name {does|do} {S} publish?",
        "what {P} pen name is", "{P} pen name is {v}."),
    relation("childhood ambition", "job", "as a child {S} wanted to be a {v} / "
        "{P} childhood dream was to become a {v} / when others played with dolls, {S} wanted to become a {v}",
        "What did {S} want to be as a child? / Which job did {S} want as a child? / "
        "What did {S} dream of becoming in childhood?", "what {S} wanted to be as a child",
        "As a child {S} wanted to be a {v}."),
    relation("sandbox friend", "name", "{P} oldest friend is {v} / "
        "the friend {S} {has|have} known the longest is {v} / "
        "{P} oldest friend, from the days of buckets and spades, is {v}",
        "Who is {P} oldest friend? / Which friend {has|have} {S} known the longest? / "
        "What is the name of {P} oldest friend?", "who {P} oldest friend is",
        "{P} oldest friend is {v}."),
    relation("first love", "name", "{P} first love was {v} / "
        "{S} fell in love for the first time with {v} / the first person {S} ever loved was {v}",
        "Who was {P} first love? / Who did {S} love first? / Who did {S} first fall in love with?",
        "who {P} first love was", "{P} first love was {v}."),
    relation("learnt to read with", "title", "{S} learnt to read with the book {v} / "
        "the book that taught {O} to read was {v} / as a child {S} learnt reading from the book {v}",
        "Which book taught {O} to read? / From which book did {S} learn reading? / "
        "Which book did {S} learn to read with?", "which book {S} learnt to read with",
        "{S} learnt to read with {v}."),
    relation("early years in", "country", "{S} grew up in {v} / "
        "as a child {S} lived in {v} / {S} spent the childhood years in {v}",
        "Where did {S} grow up? / Which country did {S} live in as a child? / "
        "In which country did {S} grow up?", "where {S} grew up", "{S} grew up in {v}."),
    relation("childhood treat", "food", "the food that takes {O} back to childhood is {v} / "
        "{S} always {thinks|think} of childhood when eating {v} / "
        "{S} {is} taken back to childhood by the taste of {v}",
        "Which food takes {O} back to childhood? / What food reminds {O} of childhood? / "
        "Which dish makes {O} think of childhood?", "which food takes {O} back to childhood",
        "The food that takes {O} back to childhood is {v}."),
    relation("ink colour", "colour", "{S} always {writes|write} in {v} ink / "
        "the ink {S} {uses|use} is {v} / {P} fountain pen is filled with {v} ink",
        "Which ink {does|do} {S} use? / What colour of ink {does|do} {S} write with? / What colour is {P} ink?",
        "which ink {S} {uses|use}", "{S} {uses|use} {v} ink."),
    relation("wants answers", "tone", "{S} {wants|want} answers to be {v} / "
        "{S} {likes|like} it when answers are {v} / when you answer {O}, please be {v}",
        "How should you answer {O}? / What kind of answers {does|do} {S} want? / "
        "How {does|do} {S} like answers to be?", "what kind of answers {S} {wants|want}",
        "{S} {wants|want} answers to be {v}."),
    relation("accent from", "city", "{P} accent is from {v} / "
        "{S} {speaks|speak} with an accent from {v} / {S} {has|have} a strong accent that comes from {v}",
        "Where is {P} accent from? / Which city is {P} accent from? / Where does {P} accent come from?",
        "where {P} accent is from", "{P} accent is from {v}."),
    relation("swears in", "language", "{S} {swears|swear} in {v} / "
        "the language {S} {swears|swear} in is {v} / when the hammer slips, {S} always {swears|swear} in {v}",
        "In which language {does|do} {S} swear? / What language {does|do} {S} use for swearing? / "
        "What language are {P} swear words in?", "in which language {S} {swears|swear}",
        "{S} {swears|swear} in {v}."),
    relation("confides in", "full_name", "{S} {confides|confide} in {v} / "
        "the person who knows all of {P} secrets is {v} / {S} only {tells|tell} secrets to {v}",
        "Who {does|do} {S} confide in? / Who knows {P} secrets? / Who {does|do} {S} tell secrets to?",
        "who {S} {confides|confide} in", "{S} {confides|confide} in {v}."),
    relation("fell out with", "name", "{S} fell out with {v} / "
        "{S} had a bad quarrel and fell out with {v} / {S} had a terrible quarrel with {v}",
        "Who did {S} fall out with? / Who did {S} quarrel with? / Who did {S} have a row with?",
        "who {S} fell out with", "{S} fell out with {v}."),
    relation("relaxes with", "hobby", "{S} {relaxes|relax} with {v} / "
        "the hobby that helps {O} relax is {v} / after a hard day {S} {winds|wind} down with {v}",
        "How {does|do} {S} relax? / What helps {O} relax? / What {does|do} {S} wind down with?",
        "how {S} {relaxes|relax}", "{S} {relaxes|relax} with {v}."),
    relation("naps at", "time", "{S} {takes|take} a nap at {v} / "
        "{P} daily nap is at {v} / {S} {lies|lie} down for a nap at {v}",
        "When {does|do} {S} take a nap? / What time is {P} nap? / When {does|do} {S} lie down for a sleep?",
        "when {S} {takes|take} a nap", "{S} {takes|take} a nap at {v}."),
    relation("cries at film", "title", "the film that makes {O} cry is {v} / "
        "{S} always {cries|cry} at the end of the film {v} / {S} {ends|end} up in tears at the film {v}",
        "Which film makes {O} cry? / What film {does|do} {S} cry at? / Which film brings {O} to tears?",
        "which film makes {O} cry", "The film that makes {O} cry is {v}."),
    relation("pet name for", "word", "our pet name for {S} is {v} / "
        "at home we have a pet name for {S}, it's {v} / we gave {S} a pet name and call it {v}",
        "What is our pet name for {S}? / Which pet name do we have for {S}? / "
        "By what pet name do we call {S}?", "what pet name we have for {S}",
        "Your pet name for {S} is {v}.", "thing"),
    relation("reminds of", "city", "{S} reminds me of the city of {v} / "
        "whenever I see {S}, I am reminded of {v} / {S} always makes me think of {v}",
        "Which city does {S} remind me of? / What place does {S} remind me of? / "
        "Which city does {S} make me think of?", "which city {S} reminds me of",
        "{S} reminds you of {v}.", "thing"),
    relation("jokes about", "name", "the one who makes fun of {S} is {v} / "
        "all the jokes about {S} come from {v} / {S} is always made fun of by {v}",
        "Who makes fun of {S}? / Who always jokes about {S}? / Who makes jokes about {S}?",
        "who makes fun of {S}", "{S} is made fun of by {v}.", "thing"),
    relation("dish recalls", "food", "the food that makes us think of {S} is {v} / "
        "we always think of {S} when we eat {v} / we are reminded of {S} by the taste of {v}",
        "Which food makes us think of {S}? / What dish makes us think of {S}? / "
        "What food reminds us of {S}?", "which food makes us think of {S}",
        "The food that makes you think of {S} is {v}.", "thing"),
    relation("explained in", "language", "the language in which we heard about {S} was {v} / "
        "they told us all about {S} in {v} / the talk we heard about {S} was in {v}",
        "In which language did we hear about {S}? / What language did they use to tell us about {S}? / "
        "In what language were we told about {S}?", "in which language we heard about {S}",
        "You heard about {S} in {v}.", "thing"),
    relation("loses sleep over", "name", "the one who worries about {S} is {v} / "
        "{S} is a big worry to {v} / nobody is as worried about {S} as {v}",
        "Who worries about {S}? / Who is worried about {S}? / Who is {S} a worry to?",
        "who worries about {S}", "The one who worries about {S} is {v}.", "thing"),
    relation("notebook for", "colour", "the notebook I use for {S} is {v} / "
        "my notes on {S} are in the {v} notebook / I write everything about {S} in the {v} notebook",
        "Which notebook do I use for {S}? / What colour is my notebook for {S}? / "
        "Which notebook are my notes on {S} in?", "which notebook I use for {S}",
        "Your notebook for {S} is {v}.", "thing"),
)  # fmt: skip
