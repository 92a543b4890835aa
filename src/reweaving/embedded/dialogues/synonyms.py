"""Attributes that mean nearly the same: one person never has two of a group in one scene.

Otherwise "I don't know" would be taught as the answer to a question that memory does answer.
"""

from __future__ import annotations

from reweaving.embedded.dialogues.synonyms_daily import DAILY_GROUPS

_GROUPS = (
    "watches, favourite TV show",
    "rent day, rent due date",
    "startup idea, side project, project",
    "favourite number, lucky number",
    "address, work address, office address",
    "wedding flowers, birthday flowers, favourite flowers",
    "streaming password, netflix password",
    "gate, platform",
    "works as, job, profession, current occupation, old job, side job, first job, summer job, used to work as",
    "works for, employer, company name, startup, startup idea, old employer, company, client is, applied to, "
    "is hiring",
    "lives in, home town, old home town, birthplace, home village, university town, emigrating to",
    "lives at, address, home address, new address, old address, parents' address, house number, street name, "
    "apartment number, moved to street",
    "allergic to, allergy, food allergy, worst allergy, main allergy",
    "drives, car, car model, car colour, rented car",
    "was born on, birthday, name day",
    "plays instrument, instrument, favourite instrument, first instrument, new instrument, wants to learn "
    "instrument",
    "speaks, native language, second language, favourite language, mother tongue, new language, translates "
    "from, spoken at home",
    "studies, major, degree, field of study, college major, favourite school subject, best subject, retrained "
    "in, takes class in",
    "likes eating, favourite food, favourite dish, favourite lunch, comfort food, usual order, signature dish, "
    "favourite dessert, favourite snack, orders at pub, famous for cooking, cooks",
    "hates eating, least favourite food, can't eat, gave up food",
    "drinks, favourite drink, usual drink, morning drink, favourite beverage, usual coffee order, evening "
    "drink, drinks before bed, orders at pub",
    "plays sport, favourite sport, weekend sport, new sport, best sport, weekend activity, enjoys, hobby, "
    "favourite pastime, new hobby, favourite pursuit, gave up sport, watches sport, childhood sport, takes "
    "class in",
    "has pet, dog called, cat called, dog's name, cat's name, pet, first pet, horse's name, parrot's name, "
    "rabbit's name, goldfish's name, dream pet, adopted, cats called, grew up with pet, childhood pet, rescued",
    "married to, husband's name, wife's name, engaged to, partner's name",
    "boss is, boss's name, supervisor, manager, manager's name, leader, is run by, owner, belongs to, owner's "
    "name, lead engineer, chairperson, contact person",
    "going on holiday to, next destination, next holiday country, dream holiday country, dream holiday city, "
    "spent summer in, emigrating to",
    "comes from, home country, country of birth, spent summer in",
    "reading, current book, favourite book, current audiobook, borrowed from library, reads paper",
    "writing, new novel, novel's title",
    "project called, project, side project, research project, thesis topic",
    "gets paid, payday, pay schedule, salary day, allowance day",
    "pays from, account, preferred account, main account, default transfer account, rent account, usual "
    "account, salary account, salary lands in, rainy day money in, emergency account",
    "usually transfers, transfer, usual transfer amount, pays rent, rent, pays monthly, sets aside",
    "earns, salary, hourly rate, pension",
    "uses device, device, phone, laptop model, tablet, smartwatch, console, e-reader, router model, headphones",
    "on plan, plan, subscription plan, phone plan, membership, internet plan, mobile tariff, support plan, "
    "data plan, service plan, subscription, gym contract, gym plan, pension plan is, on service plan, pays "
    "monthly, insurance plan",
    "likes tone, tone, preferred tone, writing style, preferred writing tone, speaking style, email tone, "
    "favourite style, house style, style, mood, atmosphere, customer mail style, mood around",
    "gets up, wake-up time, alarm time",
    "goes to bed, bedtime",
    "train leaves, train time, departure time, leaves on trip",
    "flight on, flight date, flight time, departure date, leaves on trip, holiday start",
    "meets doctor, doctor's appointment, dentist appointment, next meeting, vet appointment, eye exam, physio "
    "session, has physio",
    "sits in, office number, desk number, office address, classroom, room, meeting room, lies in hospital, "
    "hospital room, hotel gave, hotel room, stays at, has class in, booked room, booked seat, seat, seat number",
    "parked at, parking spot, parking space",
    "runs distance, running distance, weekly mileage, daily goal, daily walk, goal for the week, reading goal, "
    "commute",
    "listens to, favourite music, favourite kind of music, favourite music genre, driving music, dances to, "
    "dislikes music",
    "painted, bedroom colour",
    "opens at, opening time, start time, boarding time, opening date",
    "costs, price, budget, deposit, repair cost, entry fee, ticket price, monthly cost, is worth, costs a "
    "year, yearly fee",
    "is located, address, delivery address, location, street address, city, room, head office, venue city, "
    "billing address, is moving to, has its roots in, destination, new address, papers kept in, starting point",
    "is due, deadline, due date, delivery date, closing date, launch date, release date",
    "weighs, length, height, width, range, weight, tank size, mileage, is capped at, top load",
    "is painted, colour, wall colour, door colour, floor colour, trim colour, cover colour",
    "made of, material, cover material, frame material, floor material",
    "lasts, running time, lead time, delivery time, duration, took to finish",
    "brand, make, manufacturer, supplier, model, codename, designer, designer's name, built by, designed by, "
    "inventor's name, contractor, has its roots in",
    "PIN, code, access code, unlock code, keypad code, door code, building code, door opens with, opened with",
    "PIN, code, access code, unlock code, keypad code, alarm code",
    "PIN, code, access code, unlock code, keypad code, gate code, fence code",
    "PIN, code, access code, unlock code, keypad code, phone passcode, SIM PIN, phone unlocks with",
    "PIN, code, access code, unlock code, keypad code, card PIN, types at cash machine",
    "PIN, code, access code, unlock code, keypad code, voicemail PIN, suitcase opens with, suitcase code",
    "password, wifi password, admin password, guest password, network name, wifi name, home wifi, lets you in "
    "with, opened with",
    "username, login name, admin user, gamer tag, avatar name, codename, logs in as, goes by online",
    "name, nickname, stage name, title, full title, working title, theme, motto, slogan, user, family calls, "
    "we call it",
    "last name, surname, maiden name, middle name",
    "phone number, work number, mobile number, office phone number, home number, new number, fax number, reach "
    "at, office line",
    "version, firmware version, software version, driver version, latest release, minimum version, runs version",
    "booking code, booking reference, confirmation code, reservation number, ticket number, order number, "
    "reference number, booking made under, flight number",
    "licence plate, car registration, registration, registration number",
    "day off, home office day, laundry day, cleaning day, closing day, does laundry, works from home, is "
    "cleaned",
    "doctor is, doctor's name, dentist is, dentist's name, surgeon is",
    "arm in plaster, needs medicine, recovery time, sick leave",
    "takes pills at, medication time",
    "health insured with, insurance company, travel cover, insurance plan",
    "moves house on, moving date",
    "front door painted, front door colour",
    "power comes from, electricity supplier, energy supplier",
    "spare key with, keeps key",
    "neighbours are, neighbour's name",
    "uses device, fridge is",
    "uses device, washes with, washing machine",
    "uses device, takes pictures with, camera",
    "uses device, television is, TV model",
    "uses device, prints on, printer model",
    "wants to become, dream job",
    "shift begins, shift start, next shift",
    "has lunch, lunch break",
    "gives notice of, notice period",
    "retires on, retirement date, contract end date",
    "badge says, badge number, employee number",
    "interview on, job interview, interview date",
    "back at work, starts job, start date",
    "failed exam in, worst school subject",
    "sits exam, exam date",
    "graduated on, graduation date",
    "went to university in, university town, went to school, university, school, kids' school, studies",
    "student card says, student number",
    "has locker, locker number",
    "patient number is, patient number",
    "passport says, passport number",
    "passport runs out, passport expiry date",
    "honeymoon in, honeymoon destination",
    "wedding held in, wedding city",
    "married on, wedding date, anniversary",
    "takes bus, bus number",
    "commute takes, commute time, commute, height",
    "plane lands, arrives, arrival date, flight time",
    "luggage tag, booking made under",
    "parcel travels under, tracking code, parcel number",
    "voucher reads, voucher code, promo code",
    "flies with, airline, flight number",
    "cruise on, named the boat, boat's name, boat",
    "leaves on trip, arrives",
    "baby expected, due date",
    "newborn called, baby's name, children called, daughter's name, son's name, babysits",
    "siblings are, sister's name, brother's name",
    "fetches kids, school pickup time",
    "ring made of, ring material",
    "banks with, bank, holds shares of",
    "gives to charity, usual donation",
    "sets aside, savings goal",
    "tax ID is, tax number",
    "taxes done by, accountant's name",
    "spends on groceries, grocery budget",
    "watches, saw at cinema, watches sport",
    "plays video game, favourite video game",
    "start number, race number",
    "goes to gym, gym day, training day",
    "eats for breakfast, usual breakfast",
    "cooks, Sunday dinner, signature dish, famous for cooking",
    "obsessed with, favourite animal, dream pet",
    "dyed hair, hair colour",
    "bike sprayed, bike colour",
    "team shirts, team colour, wears",
    "hosts podcast, podcast name, favourite podcast",
    "writes blog, blog",
    "plays in, band",
    "support team, team name",
    "main character, character name",
    "streams on, streaming plan",
    "insured with, insurer",
    "sponsored by, main sponsor, paid from",
    "around since, start date, opening date, launch date",
    "inspected, maintenance schedule, next inspection, inspection date",
    "is cleaned, cleaning day, inspected",
    "closes at, closing time",
    "room for people, capacity, number of seats, number of members, size",
    "registered under, registration number, reference number, serial number",
    "sticker says, asset tag",
    "under guarantee until, warranty end date, expiry date",
    "serviced on, next service appointment, next inspection, last service date",
    "discussed on, next meeting, next review, kickoff meeting",
    "papers kept in, storage room",
    "has logo in, logo colour",
    "repaired by, contractor, is run by",
    "has mascot, mascot's name",
    "laptop replaced by, laptop model, uses device, device",
    "left phone company for, phone provider, internet provider",
    "admitted to, posted to, went to university in, university town, lives in, runs race in, moved to street",
    "bakes, signature dish, famous for cooking, likes eating, favourite food, cooks",
    "sneezes from, must not eat, allergic to, allergy, food allergy, worst allergy, main allergy, can't eat",
    "keeps at farm, has pet, pet, favourite animal",
    "hums, listens to, favourite music, favourite music genre, dances to",
    "safe opens, safe combination, safe code",
    "can be called at, phone number, mobile number, home number, reach at, new number, work number",
    "parcel waits at, celebrates at, address, home address, lives at, new address",
    "knock at, sits in, office number, desk number, room, classroom, seat",
    "needs report by, is due, deadline, due date",
    "cleaner comes, cleaning day",
    "coach limits to, running distance, weekly mileage, daily goal, runs distance, weight limit",
    "signs mails as, username, nickname, login name, gamer tag, logs in as",
    "keeps shop, startup, company name, favourite shop",
    "visits for feast, best friend's name",
    "wall colour, painted, bedroom colour, door colour",
    "speaks at home, spoken at home, speaks, native language, mother tongue",
    "choir sings, favourite song, choir",
    "start by typing, PIN, code, access code, unlock code, keypad code, opened with, lets you in with, password",
    "sold for, price, costs, is worth",
    "delayed to, is due, deadline, launch date, start date, opening date",
    "repair done by, repaired by, manager, lead engineer, contact person",
    "tutor is, teacher's name, piano teacher, thesis advisor, coach's name",
    "carpool with, shares office with, boss's name",
    "villain is, main character, character name, hero's name",
)  # fmt: skip

_GROUP_OF: dict[str, set[int]] = {}
for _number, _group in enumerate((*_GROUPS, *DAILY_GROUPS)):
    for _key in _group.split(", "):
        _GROUP_OF.setdefault(_key, set()).add(_number)


def alike(one: str, other: str) -> bool:
    """Whether two different attributes could be taken for each other."""
    return one != other and bool(_GROUP_OF.get(one, set()) & _GROUP_OF.get(other, set()))
