"""School and university: subjects, exams, rooms, numbers, languages."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

STUDY: tuple[Relation, ...] = (
    relation("teaches subject", "study",
        "{S} {teaches|teach} {v} / {S} {gives|give} lessons in {v} / {P} pupils learn {v} / at school {S} "
        "{stands|stand} at the blackboard and {explains|explain} {v}",
        "What subject {does|do} {S} teach? / What do {P} pupils learn? / In which subject {does|do} {S} "
        "give lessons? / What {does|do} {S} explain at the blackboard?",
        "what subject {S} {teaches|teach}", "{S} {teaches|teach} {v}."),
    relation("failed exam in", "study",
        "{S} failed {v} / {S} {has|have} to resit {v} / {P} exam in {v} went wrong / {S} got the lowest "
        "mark in {v}",
        "Which exam did {S} fail? / What {does|do} {S} have to resit? / In which subject did {P} exam go "
        "wrong? / Where did {S} get the lowest mark?",
        "which exam {S} failed", "{S} failed {v}."),
    relation("best subject", "study",
        "{S} always got top marks in {v} / {P} best subject was {v} / at school {S} loved {v} / {S} "
        "{has|have} a gift for {v}",
        "What was {P} best subject? / In which subject did {S} get top marks? / What did {S} love at "
        "school? / Which subject {does|do} {S} have a gift for?",
        "what {P} best subject was", "{P} best subject is {v}."),
    relation("sits exam", "date",
        "{S} {sits|sit} the exam on {v} / {P} exam is on {v} / {S} will be tested on {v} / {S} {has|have} "
        "the big test on {v}",
        "When {does|do} {S} sit the exam? / On what date is {P} exam? / When will {S} be tested? / What day "
        "is {P} big test?",
        "when {S} {sits|sit} the exam", "{P} exam is on {v}."),
    relation("graduated on", "date",
        "{S} graduated on {v} / {S} got the diploma on {v} / {P} graduation ceremony was on {v} / {S} threw "
        "the cap in the air on {v}",
        "When did {S} graduate? / On what day did {S} get the diploma? / When was {P} graduation ceremony? "
        "/ On which date did {S} throw the cap in the air?",
        "when {S} graduated", "{S} graduated on {v}."),
    relation("has class in", "room",
        "{P} lecture is in {v} / {S} {has|have} class in {v} / {P} students meet in {v} / the lesson for "
        "{O} is in {v}",
        "Where is {P} lecture? / Which room {does|do} {S} have class in? / Where do {P} students meet? / In "
        "which room is the lesson for {O}?",
        "which room {S} {has|have} class in", "{P} class is in {v}."),
    relation("went to university in", "city",
        "{S} went to university in {v} / {S} spent the student years in {v} / {P} alma mater is in {v} / "
        "{S} was a student in {v}",
        "Where did {S} go to university? / Which city is {P} alma mater in? / Where did {S} spend the "
        "student years? / In which town was {S} a student?",
        "where {S} went to university", "{S} went to university in {v}."),
    relation("student card says", "long_number",
        "{P} student card says {v} / the university knows {O} as number {v} / {S} {is} enrolled under {v} / "
        "{P} exams are registered under {v}",
        "What does {P} student card say? / Under which number {is} {S} enrolled? / Which number does the "
        "university have for {O}? / Under what are {P} exams registered?",
        "under which number {S} {is} enrolled", "{P} student number is {v}."),
    relation("translates from", "language",
        "{S} {translates|translate} from {v} / {P} translations are all from {v} / {S} {turns|turn} texts "
        "in {v} into English / publishers hire {O} for books in {v}",
        "Which language {does|do} {S} translate from? / What language are the texts {S} {turns|turn} into "
        "English? / For books in what language do publishers hire {O}? / From which language are {P} "
        "translations?",
        "which language {S} {translates|translate} from", "{S} {translates|translate} from {v}."),
    relation("has locker", "small_number",
        "{P} locker is number {v} / {S} {keeps|keep} the sports bag in locker {v} / at the pool {S} "
        "{has|have} locker {v} / {P} things are in locker {v}",
        "Which locker {does|do} {S} have? / What is the number of {P} locker? / Where {does|do} {S} keep "
        "the sports bag? / In which locker are {P} things?",
        "which locker {S} {has|have}", "{P} locker is number {v}."),
)  # fmt: skip
