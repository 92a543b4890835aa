"""Attributes that mean nearly the same: one person never has two of a group in one scene.

Otherwise "I don't know" would be taught as the answer to a question that memory does answer.
"""

from __future__ import annotations

_GROUPS = (
    "works as, job, profession, current occupation, old job, side job, first job, summer job",
    "works for, employer, company name, startup, startup idea, old employer, company",
    "lives in, home town, old home town, birthplace, home village, university town",
    "lives at, address, home address, new address, old address, parents' address, house number, street name, "
    "apartment number",
    "allergic to, allergy, food allergy, worst allergy, main allergy",
    "drives, car, car model, car colour",
    "was born on, birthday, name day",
    "plays instrument, instrument, favourite instrument, first instrument, new instrument",
    "speaks, native language, second language, favourite language, mother tongue, new language",
    "studies, major, degree, field of study, college major, favourite school subject",
    "likes eating, favourite food, favourite dish, favourite lunch, comfort food, usual order, signature dish, "
    "favourite dessert, favourite snack",
    "hates eating, least favourite food",
    "drinks, favourite drink, usual drink, morning drink, favourite beverage, usual coffee order, evening "
    "drink",
    "plays sport, favourite sport, weekend sport, new sport, best sport, weekend activity, enjoys, hobby, "
    "favourite pastime, new hobby, favourite pursuit",
    "has pet, dog called, cat called, dog's name, cat's name, pet, first pet, horse's name, parrot's name, "
    "rabbit's name, goldfish's name, dream pet",
    "married to, husband's name, wife's name",
    "boss is, boss's name, supervisor, manager, manager's name, leader, is run by, owner, belongs to, owner's "
    "name, lead engineer, chairperson, contact person",
    "going on holiday to, next destination, next holiday country, dream holiday country, dream holiday city",
    "comes from, home country, country of birth",
    "reading, current book, favourite book, current audiobook",
    "writing, new novel, novel's title",
    "project called, project, side project, research project, thesis topic",
    "gets paid, payday, pay schedule, salary day, allowance day",
    "pays from, account, preferred account, main account, default transfer account, rent account, usual "
    "account, salary account",
    "usually transfers, transfer, usual transfer amount",
    "earns, salary, hourly rate, pension",
    "uses device, device, phone, laptop model, tablet, smartwatch",
    "on plan, plan, subscription plan, phone plan, membership, internet plan, mobile tariff, support plan, "
    "data plan, service plan, subscription",
    "likes tone, tone, preferred tone, writing style, preferred writing tone, speaking style, email tone, "
    "favourite style, house style, style, mood, atmosphere",
    "gets up, wake-up time, alarm time",
    "goes to bed, bedtime",
    "train leaves, train time, departure time",
    "flight on, flight date, flight time, departure date",
    "meets doctor, doctor's appointment, dentist appointment, next meeting, vet appointment, eye exam, physio "
    "session",
    "sits in, office number, desk number, office address, classroom, room, meeting room",
    "parked at, parking spot, parking space",
    "runs distance, running distance, weekly mileage, daily goal, daily walk",
    "listens to, favourite music, favourite kind of music, favourite music genre, driving music",
    "painted, bedroom colour",
    "opens at, opening time, start time, boarding time",
    "costs, price, budget, deposit, repair cost, entry fee, ticket price, monthly cost",
    "is located, address, delivery address, location, street address, city, room, head office, venue city, "
    "billing address",
    "is due, deadline, due date, delivery date, closing date, launch date, release date",
    "weighs, length, height, width, range, weight, tank size, mileage",
    "is painted, colour, wall colour, door colour, floor colour, trim colour, cover colour",
    "made of, material, cover material, frame material, floor material",
    "lasts, running time, lead time, delivery time, duration",
    "brand, make, manufacturer, supplier, model, codename, designer, designer's name",
    "PIN, code, access code, door code, alarm code, unlock code, keypad code, phone passcode, building code, "
    "SIM PIN, card PIN, voicemail PIN",
    "password, wifi password, admin password, guest password, network name, wifi name",
    "username, login name, admin user, gamer tag, avatar name, codename",
    "name, nickname, stage name, title, full title, working title, theme, motto, slogan",
    "last name, surname, maiden name, middle name",
    "phone number, work number, mobile number, office phone number, home number, new number, fax number",
    "version, firmware version, software version, driver version, latest release, minimum version",
    "booking code, booking reference, confirmation code, reservation number, ticket number, order number, "
    "reference number",
    "licence plate, car registration, registration, registration number",
    "day off, home office day, laundry day, cleaning day, closing day",
)  # fmt: skip

_GROUP_OF: dict[str, set[int]] = {}
for _number, _group in enumerate(_GROUPS):
    for _key in _group.split(", "):
        _GROUP_OF.setdefault(_key, set()).add(_number)


def alike(one: str, other: str) -> bool:
    """Whether two different attributes could be taken for each other."""
    return one != other and bool(_GROUP_OF.get(one, set()) & _GROUP_OF.get(other, set()))
