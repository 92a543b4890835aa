"""Health and care: doctors, medicine, injuries, insurance."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

HEALTH: tuple[Relation, ...] = (
    relation("vaccinated on", "date",
        "{S} got vaccinated on {v} / {S} had the flu shot on {v} / the nurse gave {O} the vaccine on {v} / "
        "{P} vaccination took place on {v}",
        "When did {S} get the jab? / On which day was {S} vaccinated? / When was {P} flu shot? / What is "
        "the date of {P} vaccination?",
        "when {S} got vaccinated", "{S} got vaccinated on {v}."),
    relation("gives blood", "schedule",
        "{S} {gives|give} blood {v} / {P} blood donations: {v} / {S} {is} at the blood bank {v} / the Red "
        "Cross takes blood from {O} {v}",
        "When {does|do} {S} donate blood? / How often {does|do} {S} give blood? / On what days can you find "
        "{O} at the blood bank? / What is {P} rhythm for donating blood?",
        "when {S} {gives|give} blood", "{S} {gives|give} blood {v}."),
    relation("surgeon is", "full_name",
        "{S} will be operated on by {v} / the surgeon for {P} knee is {v} / they told {O} that {v} will do "
        "the operation / {P} knee operation is in the hands of {v}",
        "Who will operate on {O}? / Who is doing {P} knee operation? / What is the name of {P} surgeon? / "
        "In whose hands is {P} operation?",
        "who will operate on {O}", "{P} surgeon is {v}."),
    relation("arm in plaster", "duration",
        "{P} arm stays in plaster for {v} / {S} {has|have} to wear the cast for {v} / the cast on {P} arm "
        "comes off after {v} / the doctors put {P} broken arm in a cast for {v}",
        "How long {does|do} {S} have to wear the cast? / For how long is {P} arm in plaster? / After how "
        "much time does {P} cast come off? / How much time will {P} broken arm need?",
        "how long {S} {has|have} to wear the cast", "{S} {has|have} to wear the cast for {v}."),
    relation("takes pills at", "time",
        "{S} {takes|take} the tablets at {v} / {P} medication is due at {v} each day / at {v} {S} "
        "{swallows|swallow} the daily pill / {P} pill box beeps at {v}",
        "When {does|do} {S} take the medicine? / What time are {P} tablets due? / At what hour {does|do} "
        "{S} need the pill? / What time is {P} medication?",
        "when {S} {takes|take} the pills", "{S} {takes|take} the pills at {v}."),
    relation("pharmacy is", "company",
        "{S} {gets|get} the prescriptions filled at {v} / {P} pharmacy is {v} / {S} {picks|pick} up the "
        "medicine at {v} / for cough syrup {S} {goes|go} to {v}",
        "Which pharmacy {does|do} {S} go to? / Where {does|do} {S} get prescriptions filled? / What is the "
        "name of {P} chemist's? / Where can {P} medicine be picked up?",
        "which pharmacy {S} {goes|go} to", "{P} pharmacy is {v}."),
    relation("health insured with", "company",
        "{S} {has|have} health cover with {v} / {P} medical bills are paid by {v} / {P} health insurer is "
        "{v} / {S} joined {v} for the health insurance",
        "Who {is} {S} insured with? / Which company covers {P} medical costs? / Who is {P} health insurer? "
        "/ Who pays when {S} {is} ill?",
        "who {S} {is} insured with", "{S} {is} insured with {v}."),
    relation("dentist is", "full_name",
        "{P} teeth are looked after by {v} / {S} {goes|go} to {v} for fillings / {P} dentist is called {v} "
        "/ the one who pulled {P} wisdom tooth is {v}",
        "Who is {P} dentist? / Who looks after {P} teeth? / What's the name of {P} dentist? / Who {does|do} "
        "{S} see about a toothache?",
        "who {P} dentist is", "{P} dentist is {v}."),
    relation("lies in hospital", "room",
        "{S} {is} in hospital, in {v} / visitors find {O} in {v} at the clinic / the nurses put {O} in {v} "
        "/ {P} hospital bed is in {v}",
        "Where in the hospital {is} {S}? / Which hospital room {is} {S} in? / In which room can visitors "
        "find {O}? / Where did the nurses put {O}?",
        "which hospital room {S} {is} in", "{S} {is} in {v}."),
    relation("takes drug", "word",
        "{S} {takes|take} a drug called {v} / the doctor prescribed {v} for {O} / {P} medicine is called "
        "{v} / {S} {is} on {v} for the blood pressure",
        "Which drug {does|do} {S} take? / What did the doctor prescribe for {O}? / What is {P} medicine "
        "called? / What medication {is} {S} on?",
        "which drug {S} {takes|take}", "{S} {takes|take} {v}."),
    relation("gave up food", "food",
        "{S} {has|have} stopped eating {v} / {S} cut out {v} on doctor's orders / {S} gave up {v} for Lent "
        "/ these days {S} {goes|go} without {v}",
        "Which food did {S} give up? / What did {S} cut out of the diet? / What {does|do} {S} no longer "
        "eat? / Which dish {has|have} {S} stopped eating?",
        "which food {S} gave up", "{S} gave up {v}."),
    relation("hurt doing", "sport",
        "{S} got hurt doing {v} / {S} picked up the injury at {v} practice / {P} injury happened during {v} "
        "/ an accident at {v} put {O} out of action",
        "How did {S} get hurt? / Which sport caused {P} injury? / During what activity was {S} injured? / "
        "Where does {P} injury come from?",
        "how {S} got hurt", "{S} got hurt doing {v}."),
    relation("patient number is", "long_number",
        "the hospital files {O} under {v} / {P} patient ID is {v} / on {P} hospital wristband it says {v} / "
        "the clinic has {O} down as number {v}",
        "Under which number does the hospital file {O}? / What is {P} patient ID? / What does it say on {P} "
        "hospital wristband? / Which number does the clinic have for {O}?",
        "under which number the hospital files {O}", "{P} patient number is {v}."),
    relation("has physio", "schedule",
        "{S} {has|have} physio {v} / {P} back is treated by a physiotherapist {v} / {P} physiotherapy is "
        "{v} / the exercise sessions for {P} back: {v}",
        "When {does|do} {S} have physio? / How often {does|do} {S} see the physiotherapist? / On which days "
        "is {P} physiotherapy? / When is {P} back treated?",
        "when {S} {has|have} physio", "{S} {has|have} physio {v}."),
    relation("glasses from", "company",
        "{S} {gets|get} glasses from {v} / {P} optician is {v} / {P} new lenses were made by {v} / {S} had "
        "an eye test at {v}",
        "Where {does|do} {S} get glasses? / Who is {P} optician? / Who made {P} new lenses? / At which shop "
        "did {S} have the eye test?",
        "where {S} {gets|get} glasses", "{P} optician is {v}."),
)  # fmt: skip
