"""School and university: subjects, exams, rooms, numbers, languages."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

STUDY: tuple[Relation, ...] = (
    relation("teaches subject", "study",
        "{S} {teaches|teach} {v} / {S} {gives|give} lessons in {v}",
        "What subject {does|do} {S} teach? / What do {P} pupils learn?",
        "what subject {S} {teaches|teach}", "{S} {teaches|teach} {v}."),
    relation("failed exam in", "study",
        "{S} failed {v} / {S} {has|have} to resit {v}",
        "Which exam did {S} fail? / What {does|do} {S} have to resit?",
        "which exam {S} failed", "{S} failed {v}."),
    relation("best subject", "study",
        "{S} always got top marks in {v} / {P} best subject was {v}",
        "What was {P} best subject? / In which subject did {S} get top marks?",
        "what {P} best subject was", "{P} best subject is {v}."),
    relation("sits exam", "date",
        "{S} {sits|sit} the exam on {v} / {P} exam is on {v}",
        "When {does|do} {S} sit the exam? / On what date is {P} exam?",
        "when {S} {sits|sit} the exam", "{P} exam is on {v}."),
    relation("graduated on", "date",
        "{S} graduated on {v} / {S} got the diploma on {v}",
        "When did {S} graduate? / On what day did {S} get the diploma?",
        "when {S} graduated", "{S} graduated on {v}."),
    relation("has class in", "room",
        "{P} lecture is in {v} / {S} {has|have} class in {v}",
        "Where is {P} lecture? / Which room {does|do} {S} have class in?",
        "which room {S} {has|have} class in", "{P} class is in {v}."),
    relation("went to university in", "city",
        "{S} went to university in {v} / {S} spent the student years in {v}",
        "Where did {S} go to university? / Which city is {P} alma mater in?",
        "where {S} went to university", "{S} went to university in {v}."),
    relation("student card says", "long_number",
        "{P} student card says {v} / the university knows {O} as number {v}",
        "What does {P} student card say? / Under which number {is} {S} enrolled?",
        "under which number {S} {is} enrolled", "{P} student number is {v}."),
    relation("translates from", "language",
        "{S} {translates|translate} from {v} / {P} translations are all from {v}",
        "Which language {does|do} {S} translate from? / What language are the texts {S} {turns|turn} into "
        "English?",
        "which language {S} {translates|translate} from", "{S} {translates|translate} from {v}."),
    relation("has locker", "small_number",
        "{P} locker is number {v} / {S} {keeps|keep} the sports bag in locker {v}",
        "Which locker {does|do} {S} have? / What is the number of {P} locker?",
        "which locker {S} {has|have}", "{P} locker is number {v}."),
)  # fmt: skip
