"""Jobs and offices: hours, colleagues, clients, applications."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

WORK: tuple[Relation, ...] = (
    relation("wants to become", "job",
        "{S} {hopes|hope} to become a successful {v} / {P} dream job is {v} / more than anything {S} would "
        "like to be a proper {v} / {S} {dreams|dream} of working as a real {v}",
        "What {does|do} {S} want to become? / What is {P} dream job? / Which profession {does|do} {S} dream "
        "of? / What would {S} like to be one day?",
        "what {S} {wants|want} to become", "{P} dream job is {v}."),
    relation("used to work as", "job",
        "in the past {S} was a respected {v} / {P} job used to be {v} / for years {S} earned money as a "
        "skilled {v} / long ago {S} worked as a local {v}",
        "What did {S} use to do for a living? / What was {P} job in the past? / What did {S} work as "
        "before? / Which profession did {S} leave behind?",
        "what {S} used to do for a living", "{P} old job was {v}."),
    relation("is hiring", "job",
        "{S} {is} looking to hire a good {v} / {S} {needs|need} a reliable {v} for the firm / {S} put out "
        "an ad for a skilled {v} / the position {S} {wants|want} to fill is {v}",
        "Who {is} {S} looking to hire? / What kind of worker {does|do} {S} need? / Which position {does|do} "
        "{S} want to fill? / What did {S} put out an ad for?",
        "who {S} {is} looking to hire", "The position {S} {wants|want} to fill is {v}."),
    relation("shift begins", "time",
        "{P} shift starts at {v} / {S} {clocks|clock} in at {v} / {S} {has|have} to be at work by {v} / at "
        "{v} {P} working day begins",
        "When does {P} shift start? / What time {does|do} {S} clock in? / By when must {S} be at work? / At "
        "what time does {P} working day begin?",
        "when {P} shift starts", "{P} shift starts at {v}."),
    relation("finishes work", "time",
        "{S} {finishes|finish} work at {v} / {S} {leaves|leave} the office at {v} / {P} working day ends at "
        "{v} / at {v} {S} {calls|call} it a day",
        "When {does|do} {S} get off work? / What time {does|do} {S} leave the office? / When does {P} "
        "working day end? / At what hour {is} {S} done with work?",
        "when {S} {finishes|finish} work", "{S} {finishes|finish} work at {v}."),
    relation("has lunch", "time",
        "{S} {has|have} lunch at {v} / {P} midday break is at {v} / at {v} {S} {stops|stop} for a sandwich "
        "/ {S} {goes|go} to the canteen at {v}",
        "When {does|do} {S} have lunch? / What time is {P} midday break? / When {does|do} {S} go to the "
        "canteen? / At what time {does|do} {S} stop for a sandwich?",
        "when {S} {has|have} lunch", "{S} {has|have} lunch at {v}."),
    relation("gives notice of", "duration",
        "{S} must give {v} of notice / {P} contract asks for {v} of notice / if {S} {quits|quit}, the job "
        "runs on for {v} / to leave the firm {S} {has|have} to say so {v} ahead",
        "How much notice must {S} give? / How long is {P} notice period? / How long does the job run on if "
        "{S} {quits|quit}? / How far ahead must {S} resign?",
        "how much notice {S} must give", "{P} notice period is {v}."),
    relation("retires on", "date",
        "{S} {retires|retire} on {v} / {P} last day at work is {v} / {S} will stop working on {v} / {P} "
        "life as a pensioner begins on {v}",
        "When {does|do} {S} retire? / What is {P} last day at work? / When will {S} stop working? / From "
        "which date {is} {S} a pensioner?",
        "when {S} {retires|retire}", "{S} {retires|retire} on {v}."),
    relation("badge says", "long_number",
        "{P} badge says {v} / {S} {wears|wear} badge number {v} / the company gave {O} the badge {v} / the "
        "door reader knows {O} as {v}",
        "Which number is on {P} badge? / What badge {does|do} {S} wear? / Which badge did the company give "
        "{O}? / What does the door reader know {O} as?",
        "which number is on {P} badge", "{P} badge number is {v}."),
    relation("shares office with", "names",
        "{S} {shares|share} an office with {v} / {P} office mates are {v} / at work {S} {sits|sit} between "
        "{v} / the desks around {O} belong to {v}",
        "Who {does|do} {S} share an office with? / Who sits next to {O} at work? / What are {P} office "
        "mates called? / Whose desks are around {O}?",
        "who {S} {shares|share} an office with", "{S} {shares|share} an office with {v}."),
    relation("client is", "company",
        "{P} biggest client is {v} / {S} {is} doing a big job for a customer, {v} / {P} invoices go to {v} "
        "/ {S} won {v} as a customer",
        "Who is {P} biggest client? / Which company gets {P} invoices? / Who is {P} most important "
        "customer? / Which client did {S} win?",
        "who {P} biggest client is", "{P} biggest client is {v}."),
    relation("applied to", "company",
        "{S} applied to {v} / {S} sent a CV to {v} / {P} application is with {v} / {S} {is} hoping for a "
        "job at {v}",
        "Where did {S} apply? / Which company did {S} send a CV to? / Who has {P} application now? / Where "
        "{is} {S} hoping for a job?",
        "where {S} applied", "{S} applied to {v}."),
    relation("gives talk on", "day_time",
        "{S} {gives|give} the presentation on {v} / {P} talk is on {v} / {S} {is} on stage on {v} / {S} "
        "will speak to the board on {v}",
        "When is {P} presentation? / When {does|do} {S} give the talk? / When {is} {S} on stage? / What day "
        "and time will {S} speak to the board?",
        "when {S} {gives|give} the presentation", "{P} presentation is on {v}."),
    relation("talk called", "title",
        "{P} talk is called {v} / {S} will give a lecture titled {v} / the name of {P} presentation is {v} "
        "/ the first of {P} slides says {v}",
        "What is {P} talk called? / What is the title of {P} presentation? / Under which title will {S} "
        "speak? / What does it say on the first of {P} slides?",
        "what {P} talk is called", "{P} talk is called {v}."),
    relation("interview on", "day_time",
        "{S} {has|have} a job interview on {v} / they invited {O} for an interview on {v} / {P} interview "
        "is on {v} / {S} will meet the recruiter on {v}",
        "When is {P} interview? / When {does|do} {S} have the job interview? / For when did they invite "
        "{O}? / When will {S} meet the recruiter?",
        "when {P} interview is", "{P} interview is on {v}."),
    relation("back at work", "date",
        "{S} {is} on leave until {v} / {S} {returns|return} to work on {v} / {P} desk stays empty until {v} "
        "/ {S} will be back at the office on {v}",
        "When {is} {S} back at work? / Until when {is} {S} on leave? / When {does|do} {S} return to the "
        "office? / From which day can colleagues reach {O} again?",
        "when {S} {is} back at work", "{S} {is} back at work on {v}."),
    relation("works from home", "schedule",
        "{S} {works|work} from home {v} / {P} home office days: {v} / {S} {stays|stay} away from the office "
        "{v} / {P} desk at the office is empty {v}",
        "When {does|do} {S} work from home? / On which days {is} {S} not at the office? / How often "
        "{does|do} {S} work from home? / What are {P} days for working at home?",
        "when {S} {works|work} from home", "{S} {works|work} from home {v}."),
    relation("trains apprentice", "name",
        "{P} apprentice is {v} / {S} took {v} on as an apprentice / {S} {shows|show} {v} the ropes / {S} "
        "{is} teaching the trade to {v}",
        "Who is {P} apprentice? / Who learns the trade from {O}? / What is the name of {P} trainee? / Who "
        "{is} {S} showing the ropes?",
        "who {P} apprentice is", "{P} apprentice is {v}."),
    relation("booked room", "room",
        "{S} booked {v} for the workshop / {P} workshop takes place in {v} / everyone should come to {v} "
        "for {P} workshop / the door for {P} workshop is {v}",
        "Which room did {S} book for the workshop? / Where does {P} workshop take place? / Where should "
        "people go for {P} workshop? / In which room is {P} workshop?",
        "which room {S} booked for the workshop", "{P} workshop is in {v}."),
    relation("does accounts with", "word",
        "{S} {does|do} the accounts with a program called {v} / {P} bookkeeping software is {v} / {S} "
        "{types|type} the invoices into {v} / for the books {S} {relies|rely} on the software {v}",
        "Which program {does|do} {S} use for the accounts? / What is {P} bookkeeping software called? / "
        "Where {does|do} {S} type the invoices? / Which software {does|do} {S} use for the books?",
        "which program {S} {uses|use} for the accounts", "{S} {uses|use} {v}."),
    relation("retrained in", "study",
        "{S} {has|have} gone back to school for {v} / the company pays {O} a course in {v} / {S} {is} "
        "retraining in {v} / {P} boss sent {O} on a course in {v}",
        "What {is} {S} retraining in? / Which course does the company pay for {O}? / What did {S} go back "
        "to school for? / What course {is} {S} on for work?",
        "what {S} {is} retraining in", "{S} {is} retraining in {v}."),
)  # fmt: skip
