"""Health, habits, names, childhood, friends and hopes, told and asked in words of their own."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

DAILY_SELF: tuple[Relation, ...] = (
    relation("childhood gang", "word", "as kids we were the {v}, a gang with its own den / "
        "everyone in the village knew our gang as the {v} / "
        "our den had a sign that said {v}, because that was our gang",
        "What was our gang called? / What did we call ourselves as kids? / "
        "Under what name were we known in the village?", "what our gang was called",
        "Your gang was called the {v}.", "common"),
    relation("childhood home", "address", "the house we grew up in stood at {v} / "
        "as children we played in front of {v}, our home back then / our parents brought us up at {v}",
        "Where did we grow up? / At what address did we live as children? / "
        "Where was our home when we were small?", "where we grew up", "You grew up at {v}.", "common"),
    relation("summer camp", "word", "every summer our parents packed us off to Camp {v} / "
        "it was at Camp {v} that we learnt to swim as children / "
        "we still sing the songs from Camp {v}, where our childhood summers went by",
        "Which camp did we go to as children? / Where did our parents send us in summer? / "
        "Where did we learn to swim?", "which camp we went to as children",
        "As children you went to Camp {v}.", "common"),
    relation("class reunion", "date", "our old class gets together on {v} / "
        "on {v} I will see all my old classmates again / "
        "the class reunion has been set for {v}, so I need a babysitter",
        "When is the class reunion? / When do we see our old classmates again? / "
        "For what date is our old class invited?", "when the class reunion is",
        "The class reunion is on {v}.", "common"),
    relation("friends moved to", "country", "our best friends have left for {v} / "
        "since our best friends live in {v}, we only talk on the phone / "
        "our best friends found work in {v}, and that's why the flat next door is empty",
        "Where do our best friends live now? / Which country did our friends move to? / "
        "Where would we have to go to visit our best friends?", "where our best friends live now",
        "Your best friends live in {v} now.", "common"),
    relation("how we met", "city", "we got to know each other in {v} / "
        "it was in {v} that we first met, and that's why we go back every year / "
        "our story began on a bench in {v}",
        "Where did we meet? / In which city did we get to know each other? / Where did our story begin?",
        "where we met", "You met in {v}.", "common"),
    relation("teenage band", "project", "the band we had as teenagers was called {v} / "
        "as teenagers we made a lot of noise under the name {v} / "
        "our old drum still says {v}, like our band in those days",
        "What was our teenage band called? / Under what name did we make music as teenagers? / "
        "What does it say on our old drum?", "what our teenage band was called",
        "Your teenage band was called {v}.", "common"),
    relation("first car", "device", "our first car was an old {v} / "
        "in those days we drove everywhere in a {v}, until the engine died / "
        "the car we learnt to drive in was a {v}",
        "What was our first car? / What did we drive in those days? / In which car did we learn to drive?",
        "what our first car was", "Your first car was a {v}.", "common"),
    relation("dog of childhood", "name", "when we were small, {v} the dog slept at our feet / "
        "{v} was the best dog a child could have, and we still miss that bark / "
        "our childhood was long walks with a dog named {v}",
        "What was the dog of our childhood called? / Which dog did we have when we were small? / "
        "Who slept at our feet when we were small?", "what the dog of our childhood was called",
        "The dog of your childhood was called {v}.", "common"),
    relation("plasters in", "colour", "plasters and bandages are in the {v} tin / "
        "if anybody bleeds, reach for the {v} tin / "
        "our first-aid things went into the {v} tin, so don't fill it with biscuits",
        "Where do we keep the plasters? / Which tin do I need if somebody bleeds? / "
        "What colour is our first-aid tin?", "which tin the plasters are in",
        "The plasters are in the {v} tin.", "common"),
    relation("night nurse line", "phone", "for medical advice at night we ring {v} / "
        "if one of the children gets a fever, the nurse on {v} knows what to do / "
        "the night nurse picks up on {v}, and that's why the number hangs by the bed",
        "What number do we ring when a child is ill? / How do we get medical advice at night? / "
        "How does one reach the night nurse?", "how we reach the night nurse",
        "You reach the night nurse on {v}.", "common"),
    relation("flu jab", "day_time", "we get our flu jabs on {v} / "
        "roll up your sleeves, the flu jab is on {v} / "
        "on {v} we all get a needle against the flu, so wear short sleeves",
        "When is our flu jab? / When do we get the needle against the flu? / "
        "When are we getting protected against the flu?", "when our flu jab is",
        "Your flu jab is on {v}.", "common"),
    relation("quiet from", "time", "after {v} nobody makes noise in our house / "
        "the music goes off at {v}, because the baby sleeps / from {v} on we only whisper at home",
        "When does it have to be quiet at home? / Until when may we make noise? / "
        "When do we turn the music off?", "when it has to be quiet at home",
        "It has to be quiet at home from {v}.", "common"),
    relation("no screens", "schedule", "our phones stay in the drawer {v} / "
        "{v} we live without screens, and the kids have got used to it / no television {v}, that's our rule",
        "When do we put the phones away? / When do we live without screens? / "
        "When is television against our rules?", "when we live without screens",
        "You live without screens {v}.", "common"),
    relation("test results take", "duration", "the laboratory needs {v} for our test results / "
        "it will be {v} before we know what the blood test says / "
        "our test results take {v}, and until then we try not to worry",
        "How long do we wait for the test results? / How long does the laboratory need? / "
        "How long will it be until we hear about the blood test?", "how long our test results take",
        "Your test results take {v}.", "common"),
    relation("grow old in", "country", "when we are old, we want to sit in the sun in {v} / "
        "one day we will sell everything and grow old in {v} / "
        "for our old age we are looking at a little house in {v}",
        "Where do we want to grow old? / Where do we hope to live when we are old? / "
        "Which country do we want to retire to?", "where we want to grow old",
        "You want to grow old in {v}.", "common"),
    relation("name for girl", "name", "if the baby is a girl, it will be {v} / "
        "we have settled on {v} for a girl / "
        "for a little girl we both like {v}, and that's why the cot has it in wooden letters",
        "What will we call a baby girl? / Which girl's name did we pick? / What name is on the cot for a girl?",
        "what we will call a baby girl", "You will call a baby girl {v}.", "common"),
    relation("old friend came", "full_name", "{v} stood at our door after all those years / "
        "an old friend found us again after all those years, it was {v} / "
        "we opened the good wine, because {v} came to see us after all those years",
        "Which old friend came back? / Who came to see us after all those years? / "
        "For whom did we open the good wine?", "which old friend came to see us",
        "The old friend who came to see you is {v}.", "common"),
    relation("grandpa known as", "word", "nobody used grandpa's real name, to all of us it was {v} / "
        "our grandpa answered to {v} / grandpa had {v} written on his mug, we all called him that",
        "What did everybody call grandpa? / What was grandpa's nickname? / What was written on grandpa's mug?",
        "what everybody called grandpa", "Everybody called your grandpa {v}.", "common"),
    relation("our letters sound", "tone", "our invitations should sound {v} / "
        "keep our letters {v}, that is how we write / nothing leaves our house in writing unless it is {v}",
        "How should our letters sound? / What style do we write in? / How do we word our invitations?",
        "how our letters should sound", "Your letters should sound {v}.", "common"),
    relation("bad sleep since", "date", "{S} {has|have} slept badly since {v} / "
        "the bad nights began for {O} on {v} / "
        "{S} {looks|look} so tired because there has been no proper sleep since {v}",
        "Since when {has|have} {S} slept badly? / When did {P} bad nights begin? / "
        "Since when {has|have} {S} had trouble sleeping?", "since when {S} {has|have} slept badly",
        "{S} {has|have} slept badly since {v}."),
    relation("quit smoking", "date", "{S} smoked the last cigarette on {v} / "
        "since {v} there has been no ashtray in {P} flat, not a puff / "
        "{P} lungs have been clean since {v}, no more tobacco",
        "When did {S} quit smoking? / Since when {is} {S} a non-smoker? / When did {S} give up cigarettes?",
        "when {S} quit smoking", "{S} quit smoking on {v}."),
    relation("headache from", "drink", "after {v} {P} head always hurts / "
        "{S} {leaves|leave} {v} alone, because the headache comes at once / "
        "{v} goes straight to {P} head and hammers there",
        "What gives {O} a headache? / Which drink {does|do} {S} avoid? / After what does {P} head hurt?",
        "which drink gives {O} a headache", "{S} {gets|get} a headache from {v}."),
    relation("press-ups", "small_number", "{S} {does|do} {v} press-ups before breakfast / "
        "breakfast has to wait until {S} {has|have} done {v} press-ups / "
        "{P} arms are strong from {v} press-ups a day",
        "How many press-ups {does|do} {S} do? / How many press-ups come before {P} breakfast? / "
        "What number of press-ups {does|do} {S} manage?", "how many press-ups {S} {does|do}",
        "{S} {does|do} {v} press-ups."),
    relation("steps on scales", "schedule", "{S} {steps|step} on the scales {v} / "
        "{P} weight goes into a little book {v} / "
        "{v} {S} {checks|check} the weight, so there's no cake the night before",
        "When {does|do} {S} get on the scales? / How often {does|do} {S} check the weight? / "
        "When {does|do} {S} write down the weight?", "when {S} {gets|get} on the scales",
        "{S} {gets|get} on the scales {v}."),
    relation("massage from", "name", "{v} works the knots out of {P} back / "
        "{P} back feels better since {v} has been massaging it / "
        "for stiff shoulders {S} {goes|go} to {v}, who has strong thumbs",
        "Who massages {O}? / Who looks after {P} back? / Who {does|do} {S} see about stiff shoulders?",
        "who massages {O}", "{S} {is} massaged by {v}."),
    relation("lucky charm", "animal", "{S} never {travels|travel} without the carved {v}, it brings luck / "
        "a tiny {v} goes with {O} to every exam as a lucky charm / {P} lucky charm is a little wooden {v}",
        "What is {P} lucky charm? / What little figure {does|do} {S} carry for luck? / What brings {O} luck?",
        "what {P} lucky charm is", "{P} lucky charm is a {v}."),
    relation("smells of", "flower", "{P} soap smells of {v} / {S} always {wears|wear} a scent of {v} / "
        "you can tell {S} came by, the hall smells of {v}",
        "What {does|do} {S} smell of? / What scent {does|do} {S} wear? / Which flowers does {P} soap smell of?",
        "what {S} {smells|smell} of", "{S} {smells|smell} of {v}."),
    relation("almost named", "name", "{P} parents nearly chose the name {v} for {O} / "
        "if it had gone by the first list, {P} name would have been {v} / "
        "{S} would be {v} today if an aunt hadn't talked {P} parents out of that name",
        "What did {P} parents almost name {O}? / Which name did {S} only just escape? / "
        "What would {P} name have been?", "what {P} parents almost named {O}",
        "{P} parents almost chose the name {v}."),
    relation("school nickname", "word", "at school everybody shouted {v} at {O} / "
        "{P} classmates still say {v} instead of the real name / in the schoolyard {S} answered to {v}",
        "What was {P} nickname at school? / What did the classmates call {O}? / "
        "What did {S} go by in the schoolyard?", "what {P} nickname at school was",
        "At school {P} nickname was {v}."),
    relation("pen name", "full_name", "{S} {publishes|publish} poems as {v} / under {P} poems it says {v} / "
        "the poems by {v} are really {P} work, but nobody must know",
        "What is {P} pen name? / Under which name {does|do} {S} publish? / What does it say under {P} poems?",
        "what {P} pen name is", "{P} pen name is {v}."),
    relation("childhood ambition", "job", "as a child {S} told everybody about becoming a {v} one day / "
        "when others played with dolls, {S} already wanted to be a {v} / "
        "in {P} old school essay it says that a {v} has the best life of all",
        "What did {S} want to be as a child? / Which job did {S} dream of when small? / "
        "What career did {P} school essay praise?", "what {S} wanted to be as a child",
        "As a child {S} wanted to be a {v}."),
    relation("sandbox friend", "name", "{v} and {S} built sandcastles together as toddlers / "
        "{S} {has|have} known {v} since kindergarten / "
        "{P} oldest friend is {v}, from the days of buckets and spades",
        "Who is {P} oldest friend? / Who did {S} play with as a toddler? / "
        "Who {has|have} {S} known since kindergarten?", "who {P} oldest friend is",
        "{P} oldest friend is {v}."),
    relation("first love", "name", "{S} wrote the first love letters to {v} / "
        "{P} heart belonged to {v} back at school / "
        "the first kiss was behind the gym, and it was {v} who kissed {O}",
        "Who was {P} first love? / Who got love letters from {O}? / Who did {S} kiss behind the gym?",
        "who {P} first love was", "{P} first love was {v}."),
    relation("learnt to read with", "title", "{S} learnt to read with {v} / "
        "{S} read {v} before any other book, with a finger under the words / "
        "the book that taught {O} to read was {v}",
        "Which book taught {O} to read? / What was the first book {S} could read? / "
        "What did {S} learn to read with?", "which book {S} learnt to read with",
        "{S} learnt to read with {v}."),
    relation("early years in", "country", "{S} spent the early years in {v} / "
        "{P} parents were working in {v} when {S} took the first steps / "
        "the childhood photos of {O} are from {v}, where the family lived then",
        "Where did {S} grow up? / Which country did {S} live in as a small child? / "
        "Where are the photos from {P} childhood from?", "where {S} grew up", "{S} grew up in {v}."),
    relation("childhood treat", "food", "grandma used to make {v} for {O} after school / "
        "a plate of {v} takes {O} straight back to childhood / "
        "the smell of {v} makes {O} feel like a little child again",
        "What did {S} get to eat after school? / Which food takes {O} back to childhood? / "
        "What food reminds {O} of being little?", "which food takes {O} back to childhood",
        "To {O}, childhood tastes of {v}."),
    relation("ink colour", "colour", "{S} only {writes|write} in {v} ink / "
        "the note must be from {O}, the ink is {v} / {P} fingers are stained {v} from the fountain pen",
        "What ink {does|do} {S} use? / How can one tell that a note is from {O}? / What colour is {P} ink?",
        "which ink {S} {uses|use}", "{S} {writes|write} in {v} ink."),
    relation("wants answers", "tone", "please be {v} when you answer {O} / "
        "{S} {likes|like} it when answers are {v} / keep it {v}, {S} can't bear any other kind of answer",
        "How should you answer {O}? / What kind of answers {does|do} {S} want? / "
        "How {does|do} {S} like to be talked to?", "what kind of answers {S} {wants|want}",
        "{S} {wants|want} answers to be {v}."),
    relation("accent from", "city", "you can hear {v} in the way {S} {talks|talk} / {P} accent is pure {v} / "
        "{S} can't hide a {v} accent on the phone",
        "What accent {does|do} {S} have? / Which city can you hear in {P} voice? / Where is {P} accent from?",
        "where {P} accent is from", "{P} accent is from {v}."),
    relation("swears in", "language", "{S} {swears|swear} in {v} when the hammer slips / "
        "only {v} will do when {S} {is} angry / you can tell {S} {is} furious when you hear {v}",
        "In which language {does|do} {S} swear? / What language comes out when {S} {is} angry? / "
        "What {does|do} {S} shout in when furious?", "in which language {S} {swears|swear}",
        "{S} {swears|swear} in {v}."),
    relation("confides in", "full_name", "{S} {tells|tell} {v} everything / "
        "all of {P} secrets are safe with {v} / "
        "when it gets too much, {S} {rings|ring} {v} and {cries|cry} a little",
        "Who {does|do} {S} confide in? / Who knows {P} secrets? / "
        "Who {does|do} {S} turn to when it gets too much?", "who {S} {confides|confide} in",
        "{S} {confides|confide} in {v}."),
    relation("fell out with", "name", "{S} no longer {speaks|speak} to {v} / "
        "since the quarrel {S} {crosses|cross} the street when {v} comes along / "
        "{S} won't come to the party if {v} is there, the quarrel was too bad",
        "Who did {S} fall out with? / Who {is} {S} not on speaking terms with? / "
        "Who {does|do} {S} avoid since the quarrel?", "who {S} fell out with", "{S} fell out with {v}."),
    relation("relaxes with", "hobby", "after a hard day {S} {calms|calm} down with {v} / "
        "nothing clears {P} head like {v} / {P} blood pressure is better, thanks to {v} after work",
        "How {does|do} {S} relax? / What helps {O} wind down? / What clears {P} head?",
        "how {S} {relaxes|relax}", "{S} {relaxes|relax} with {v}."),
    relation("naps at", "time", "don't ring {O} at {v}, that's when the nap is / "
        "{S} {lies|lie} down for a nap at {v} / "
        "{P} eyes fall shut at {v} each day, so there's a sofa in the office",
        "When {does|do} {S} take a nap? / When should nobody disturb {O}? / When do {P} eyes fall shut?",
        "when {S} {naps|nap}", "{S} {takes|take} a nap at {v}."),
    relation("cries at film", "title", "{S} {cries|cry} every time at the end of {v} / "
        "{S} {needs|need} a box of tissues to get through the film {v} / "
        "{P} eyes were red because {v} was on at the cinema again",
        "Which film makes {O} cry? / What film {does|do} {S} need tissues for? / "
        "Which film is too sad for {O}?", "which film makes {O} cry", "The film that makes {O} cry is {v}."),
    relation("pet name for", "word", "the kids never say {S}, they say {v} / "
        "we have a pet name for {S}, it's {v} / when somebody at home talks of {v}, they mean {S}",
        "What do the kids call {S}? / Which pet name do we have for {S}? / "
        "What do people at home say instead of {S}?", "what pet name we have for {S}",
        "Your pet name for {S} is {v}.", "thing"),
    relation("reminds of", "city", "{S} always makes me think of {v} / "
        "when I see {S}, I feel as if I were back in {v} / I can't look at {S} without longing for {v}",
        "Which city does {S} remind me of? / What place do I think of when I see {S}? / "
        "Where does {S} take me in my thoughts?", "which city {S} reminds me of",
        "{S} reminds you of {v}.", "thing"),
    relation("jokes about", "name", "{v} is forever joking about {S} / "
        "whenever {S} comes up, {v} has a joke ready / don't mention {S} to {v} unless you want to hear jokes",
        "Who makes fun of {S}? / Who always jokes about {S}? / Who finds {S} so funny?", "who makes fun of {S}",
        "{S} is made fun of by {v}.", "thing"),
    relation("dish recalls", "food", "{v} will always make us think of {S} / "
        "a bite of {v} and we talk about {S} again / we remember {S} whenever somebody serves {v}",
        "What dish makes us think of {S}? / What food brings {S} back to mind? / "
        "Which food do we connect with {S}?", "which food makes us think of {S}",
        "The dish that makes you think of {S} is {v}.", "thing"),
    relation("explained in", "language", "grandma explained {S} to us in {v} / "
        "I only half understood about {S}, because they told me in {v} / the talk about {S} {was} all in {v}",
        "In which language did we hear about {S}? / What language did they use to explain {S}? / "
        "Which language was the talk about {S} in?", "in which language we heard about {S}",
        "You heard about {S} in {v}.", "thing"),
    relation("loses sleep over", "name", "{v} can't sleep because of {S} / "
        "at night {v} lies awake and thinks of {S} / {S} is a worry, above all to poor {v}",
        "Who loses sleep over {S}? / Who worries about {S}? / Who lies awake because of {S}?",
        "who worries about {S}", "The one who worries about {S} is {v}.", "thing"),
    relation("notebook for", "colour", "everything about {S} goes into the {v} notebook / "
        "my notes on {S} are in the {v} notebook / "
        "I can't find the {v} notebook, and all my thoughts on {S} are in it",
        "Which notebook do I use for {S}? / What colour is my notebook on {S}? / "
        "Where do I write down my thoughts about {S}?", "which notebook I use for {S}",
        "Your notes on {S} are in the {v} notebook.", "thing"),
)  # fmt: skip
