"""Money: prices paid, loans, savings, gifts, cards."""

from __future__ import annotations

from reweaving.embedded.dialogues.relation import Relation, relation

MONEY: tuple[Relation, ...] = (
    relation("holds shares of", "company",
        "{S} bought shares of {v} / {S} {holds|hold} stock in {v} / {P} savings are invested in {v} / on "
        "the stock market {S} {is} betting on {v}",
        "Which company {does|do} {S} hold shares of? / What stock did {S} buy? / What are {P} savings "
        "invested in? / Which company {is} {S} betting on?",
        "which company {S} {holds|hold} shares of", "{S} {holds|hold} shares of {v}."),
    relation("gives to charity", "amount",
        "{S} {gives|give} {v} to charity / {P} donation is {v} / {S} {donates|donate} {v} to the animal "
        "shelter / the shelter gets {v} from {O}",
        "How much {does|do} {S} give to charity? / How big is {P} donation? / What does the shelter get "
        "from {O}? / How much money {does|do} {S} donate?",
        "how much {S} {gives|give} to charity", "{S} {gives|give} {v} to charity."),
    relation("won lottery", "amount",
        "{S} won {v} in the lottery / {P} lottery ticket was worth {v} / the lottery paid {O} {v} / {S} hit "
        "the jackpot and took home {v}",
        "How much did {S} win in the lottery? / What was {P} lottery ticket worth? / How big was {P} "
        "jackpot? / What did the lottery pay {O}?",
        "how much {S} won in the lottery", "{S} won {v}."),
    relation("fined", "amount",
        "{S} got a fine of {v} / the speeding ticket cost {O} {v} / {S} {has|have} to pay {v} for parking "
        "in the wrong spot / {P} fine comes to {v}",
        "How big is {P} fine? / What did the ticket from the police cost {O}? / How much {does|do} {S} have "
        "to pay as a fine? / How much was {S} fined?",
        "how big {P} fine is", "{P} fine is {v}."),
    relation("sets aside", "amount",
        "{S} {puts|put} {v} aside each month / {S} {saves|save} {v} a month / {P} piggy bank gets {v} a "
        "month / each month {v} goes into {P} savings",
        "How much {does|do} {S} save a month? / What {does|do} {S} put aside each month? / How much does "
        "{P} piggy bank get? / How much goes into {P} savings each month?",
        "how much {S} {saves|save} a month", "{S} {saves|save} {v} a month."),
    relation("loan ends", "date",
        "{P} loan ends on {v} / {S} will be free of debt on {v} / the last instalment of {P} loan is due on "
        "{v} / {S} {has|have} to pay the bank back by {v}",
        "When does {P} loan end? / When will {S} be free of debt? / On what date is the last instalment of "
        "{P} loan due? / By when must {S} pay the bank back?",
        "when {P} loan ends", "{P} loan ends on {v}."),
    relation("tax ID is", "long_number",
        "the tax office files {O} under {v} / {P} tax ID is {v} / {P} tax return carries the number {v} / "
        "for the tax office {S} {is} number {v}",
        "What is {P} tax ID? / Under which number does the tax office file {O}? / Which number goes on {P} "
        "tax return? / What number {does|do} {S} have at the tax office?",
        "which number {S} {has|have} at the tax office", "{P} tax number is {v}."),
    relation("types at cash machine", "pin",
        "at the cash machine {S} {types|type} {v} / {P} bank card works with {v} / {S} {confirms|confirm} "
        "card payments with {v} / the secret digits of {P} card are {v}",
        "What {does|do} {S} type at the cash machine? / Which digits does {P} bank card need? / How "
        "{does|do} {S} confirm card payments? / What are the secret digits of {P} card?",
        "what {S} {types|type} at the cash machine", "{P} card PIN is {v}."),
    relation("voucher reads", "code",
        "{S} {has|have} a voucher with the code {v} / {P} gift card reads {v} / {S} {gets|get} the discount "
        "with {v} / enter {v} to use {P} coupon",
        "What does {P} gift card say? / Which code is on {P} voucher? / What must be entered to use {P} "
        "coupon? / How {does|do} {S} get the discount?",
        "which code is on {P} voucher", "{P} voucher code is {v}."),
    relation("sold car for", "amount",
        "{S} sold the car for {v} / somebody paid {O} {v} for the old car / {P} old car brought in {v} / "
        "the dealer gave {O} {v} for the car",
        "How much did {S} get for the car? / For what price did {S} sell the car? / What did the dealer pay "
        "{O} for the car? / How much did {P} old car bring in?",
        "how much {S} got for the car", "{S} got {v} for the car."),
    relation("bought house for", "amount",
        "{S} bought the house for {v} / {P} house cost {v} / {S} paid {v} for the house / the seller of {P} "
        "house got {v}",
        "How much did {S} pay for the house? / What did {P} house cost? / For what price did {S} buy the "
        "house? / How much did the seller of {P} house get?",
        "how much {S} paid for the house", "{P} house cost {v}."),
    relation("rainy day money in", "account",
        "{S} {keeps|keep} the emergency money in the {v} / {P} reserves are in the {v} / for bad times {S} "
        "{has|have} the {v} / {P} rainy-day money sits in the {v}",
        "Where {does|do} {S} keep the emergency money? / Which account holds {P} reserves? / In which "
        "account is {P} rainy-day money? / What {does|do} {S} have for bad times?",
        "where {S} {keeps|keep} the emergency money", "{P} reserves are in the {v}."),
    relation("salary lands in", "account",
        "{P} salary lands in the {v} / {S} {gets|get} the wages paid into the {v} / {P} boss sends the pay "
        "to the {v} / {P} wages go to the {v}",
        "Where does {P} salary land? / Which account {does|do} {S} get the wages in? / Where does {P} boss "
        "send the pay? / Which account do {P} wages go to?",
        "where {P} salary lands", "{P} salary lands in the {v}."),
    relation("borrowed from", "name",
        "{S} {owes|owe} {v} money / {S} borrowed money from {v} / {S} got a private loan from {v} / {P} "
        "debts are with {v}",
        "Who {does|do} {S} owe money to? / Who lent {O} money? / From whom did {S} borrow money? / Whose "
        "money {does|do} {S} have to give back?",
        "who {S} {owes|owe} money to", "{S} {owes|owe} {v} money."),
    relation("taxes done by", "full_name",
        "{P} taxes are done by {v} / {P} accountant is {v} / {S} {leaves|leave} the tax return to {v} / {S} "
        "{pays|pay} {v} to keep the books",
        "Who does {P} taxes? / Who is {P} accountant? / To whom {does|do} {S} leave the tax return? / Who "
        "keeps {P} books?",
        "who does {P} taxes", "{P} accountant is {v}."),
    relation("pension plan is", "plan",
        "{S} {pays|pay} into {v} for old age / {P} pension scheme is {v} / {S} signed up for {v} to have "
        "money in old age / for retirement {S} chose {v}",
        "Which pension scheme {does|do} {S} have? / What {does|do} {S} pay into for old age? / How "
        "{does|do} {S} save for retirement? / What is the name of {P} pension scheme?",
        "which pension scheme {S} {has|have}", "{P} pension scheme is {v}."),
    relation("gym contract", "plan",
        "{P} gym contract is {v} / {S} {works|work} out on the {v} tariff / at the gym {S} signed up for "
        "{v} / the fitness studio put {O} on {v}",
        "Which contract {does|do} {S} have at the gym? / What tariff {does|do} {S} work out on? / What did "
        "{S} sign up for at the gym? / What did the fitness studio put {O} on?",
        "which contract {S} {has|have} at the gym", "{P} gym contract is {v}."),
    relation("spends on groceries", "amount",
        "{S} {spends|spend} {v} on groceries / {P} supermarket bill is {v} / food for the week costs {O} "
        "{v} / {S} {leaves|leave} {v} at the supermarket",
        "How much {does|do} {S} spend on groceries? / How high is {P} supermarket bill? / What does food "
        "for the week cost {O}? / How much {does|do} {S} leave at the supermarket?",
        "how much {S} {spends|spend} on groceries", "{S} {spends|spend} {v} on groceries."),
)  # fmt: skip
