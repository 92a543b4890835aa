"""More of what can be said of a thing: who made it, pays for it or repairs it, its papers, dates and codes."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

OBJECTS: tuple[Relation, ...] = (
    relation("insured with", "company",
        "{S} is insured with {v} / the insurance for {S} is from {v} / damage to {S} is covered by {v} / we "
        "took out a policy for {S} at {v}",
        "Who is {S} insured with? / Which company covers damage to {S}? / Where does the insurance for {S} "
        "come from? / Who pays if something happens to {S}?",
        "who {S} is insured with", "{S} is insured with {v}.", "thing"),
    relation("sponsored by", "company",
        "{S} is sponsored by {v} / the money behind {S} comes from {v} / {S} gets its funds from {v} / the "
        "sponsor of {S} is {v}",
        "Who sponsors {S}? / Who puts up the money for {S}? / Where does {S} get its funds from? / Which "
        "company is behind {S}?",
        "who sponsors {S}", "{S} is sponsored by {v}.", "thing"),
    relation("around since", "date",
        "{S} has been around since {v} / the story of {S} began on {v} / the very first day of {S} was {v} "
        "/ {S} saw the light of day on {v}",
        "Since when has {S} been around? / When did the story of {S} begin? / What was the very first day "
        "of {S}? / When did {S} see the light of day?",
        "since when {S} has been around", "{S} has been around since {v}.", "thing"),
    relation("inspected", "schedule",
        "{S} is checked {v} / an inspector looks at {S} {v} / {S} gets an inspection {v} / someone makes "
        "sure that {S} is in order {v}",
        "How often is {S} checked? / When does an inspector look at {S}? / On which days is {S} inspected? "
        "/ What is the inspection schedule for {S}?",
        "when {S} is checked", "{S} is checked {v}.", "thing"),
    relation("is cleaned", "schedule",
        "{S} is cleaned {v} / the cleaners take care of {S} {v} / somebody dusts {S} {v} / {S} gets a good "
        "scrub {v}",
        "When is {S} cleaned? / How often do the cleaners take care of {S}? / On which days does {S} get a "
        "scrub? / When does somebody dust {S}?",
        "when {S} is cleaned", "{S} is cleaned {v}.", "thing"),
    relation("closes at", "time",
        "{S} closes at {v} / {S} shuts at {v} / the lights at {S} go out at {v} / everyone has to be out of "
        "{S} by {v}",
        "When does {S} close? / What time does {S} shut? / When do the lights at {S} go out? / By when does "
        "everyone have to be out of {S}?",
        "when {S} closes", "{S} closes at {v}.", "thing"),
    relation("designed by", "full_name",
        "{S} was designed by {v} / the plans for {S} were drawn by {v} / the idea for {S} came from {v} / "
        "{S} is the brainchild of {v}",
        "Who designed {S}? / Who drew the plans for {S}? / Whose idea was {S}? / Whose brainchild is {S}?",
        "who designed {S}", "{S} was designed by {v}.", "thing"),
    relation("built by", "company",
        "{S} was built by {v} / {S} is the work of {v} / the people who put {S} together are from {v} / the "
        "firm that made {S} is {v}",
        "Who built {S}? / Which firm made {S}? / Whose work is {S}? / Where are the people from who put {S} "
        "together?",
        "who built {S}", "{S} was built by {v}.", "thing"),
    relation("repaired by", "company",
        "{S} is repaired by {v} / when {S} has a problem, we call {v} / the repairs on {S} are done by {v} "
        "/ the firm that fixes {S} is {v}",
        "Who repairs {S}? / Who do we call when {S} has a problem? / Which firm fixes {S}? / Who does the "
        "repairs on {S}?",
        "who repairs {S}", "{S} is repaired by {v}.", "thing"),
    relation("opened with", "pin",
        "{S} opens with {v} / type {v} to get into {S} / the lock of {S} is set to {v} / on the keypad of "
        "{S} press {v}",
        "How does {S} open? / What do I type to get into {S}? / Which digits open {S}? / What is the lock "
        "of {S} set to?",
        "which digits open {S}", "{S} opens with {v}.", "thing"),
    relation("lets you in with", "password",
        "{S} lets you in with {v} / to log in to {S}, use {v} / the magic word for {S} is {v} / if {S} asks "
        "for a password, enter {v}",
        "How do I log in to {S}? / What do I enter when {S} asks for a password? / What is the magic word "
        "for {S}? / With what does {S} let you in?",
        "how to log in to {S}", "The password for {S} is {v}.", "thing"),
    relation("runs version", "version",
        "{S} runs on version {v} / we updated {S} to {v} / {S} now has release {v} / the software of {S} is "
        "at {v}",
        "Which version does {S} run on? / What did we update {S} to? / Which release does {S} have? / How "
        "far along is the software of {S}?",
        "which version {S} runs on", "{S} runs on version {v}.", "thing"),
    relation("room for people", "small_number",
        "{S} has room for {v} people / no more than {v} people fit into {S} / {S} can take {v} people / the "
        "maximum for {S} is {v} people",
        "How many people fit into {S}? / How many people can {S} take? / For how many people does {S} have "
        "room? / What is the maximum number of people for {S}?",
        "how many people fit into {S}", "{S} has room for {v} people.", "thing"),
    relation("got votes", "small_number",
        "{S} got {v} votes / in the poll {v} people were for {S} / {S} ended up with {v} votes / the count "
        "for {S} came to {v} votes",
        "How many votes did {S} get? / How many people were for {S} in the poll? / With how many votes did "
        "{S} end up? / What did the count for {S} come to?",
        "how many votes {S} got", "{S} got {v} votes.", "thing"),
    relation("registered under", "long_number",
        "{S} is registered under {v} / the papers list {S} as number {v} / for the authorities {S} is "
        "number {v} / {S} is in the official books as {v}",
        "Under which number is {S} registered? / What number do the papers give {S}? / What do the "
        "authorities know {S} as? / How is {S} listed in the official books?",
        "under which number {S} is registered", "{S} is registered under {v}.", "thing"),
    relation("sticker says", "code",
        "a sticker on {S} says {v} / {S} carries the tag {v} / {S} is labelled {v} / we put the label {v} "
        "on {S}",
        "What does the sticker on {S} say? / Which tag does {S} carry? / How is {S} labelled? / What label "
        "did we put on {S}?",
        "what the sticker on {S} says", "{S} is labelled {v}.", "thing"),
    relation("papers kept in", "room",
        "the papers for {S} are kept in {v} / the folder on {S} is in {v} / we store the documents of {S} "
        "in {v} / for the files on {S}, go to {v}",
        "Where are the papers for {S}? / In which room is the folder on {S}? / Where do we store the "
        "documents of {S}? / Where do I go for the files on {S}?",
        "where the papers for {S} are", "The papers for {S} are in {v}.", "thing"),
    relation("has its roots in", "city",
        "{S} has its roots in {v} / {S} originally comes from {v} / {S} first appeared in {v} / the history "
        "of {S} starts in {v}",
        "Where does {S} originally come from? / In which city does {S} have its roots? / Where did {S} "
        "first appear? / In what town does the history of {S} start?",
        "where {S} originally comes from", "{S} comes from {v}.", "thing"),
    relation("is moving to", "city",
        "{S} is moving to {v} / we are taking {S} to {v} / {S} will soon be in {v} / the future home of {S} "
        "is {v}",
        "Where is {S} moving to? / Where are we taking {S}? / In which city will {S} soon be? / What is the "
        "future home of {S}?",
        "where {S} is moving to", "{S} is moving to {v}.", "thing"),
    relation("interest from", "country",
        "somebody from {v} wants to take over {S} / an offer for {S} came from {v} / in {v} they are very "
        "interested in {S} / an investor in {v} is after {S}",
        "Which country did the offer for {S} come from? / Where are they very interested in {S}? / From "
        "which country is the one who wants {S}? / Where is the investor who is after {S}?",
        "which country the offer for {S} came from", "The offer for {S} came from {v}.", "thing"),
    relation("is worth", "amount",
        "{S} is worth {v} / an expert valued {S} at {v} / on the market {S} would fetch {v} / somebody "
        "offered us {v} for {S}",
        "What is {S} worth? / How much would {S} fetch? / At how much did the expert value {S}? / What did "
        "somebody offer us for {S}?",
        "what {S} is worth", "{S} is worth {v}.", "thing"),
)  # fmt: skip
