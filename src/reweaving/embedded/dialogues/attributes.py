"""Attributes that are nouns ("favourite colour", "gate code"): one line per type of value."""

from __future__ import annotations

_BY_TYPE: dict[str, dict[str, str]] = {
    "person": {
        "colour": (
            "favourite colour, hair colour, eye colour, bedroom colour, kitchen colour, coat colour, car "
            "colour, bike colour, front door colour, lucky colour, nail polish colour, scarf colour, umbrella "
            "colour, team colour, backpack colour, living room colour, phone case colour"
        ),
        "city": (
            "home town, birthplace, favourite city, dream holiday city, next destination, university town, "
            "honeymoon destination, wedding city, old home town"
        ),
        "country": (
            "favourite country, home country, dream holiday country, country of birth, next holiday country"
        ),
        "job": (
            "job, profession, first job, dream job, summer job, old job, side job, current occupation"
        ),
        "food": (
            "favourite food, favourite dish, favourite lunch, usual breakfast, least favourite food, "
            "signature dish, comfort food, birthday dinner, favourite dessert, usual order, favourite snack, "
            "Sunday dinner"
        ),
        "drink": (
            "favourite drink, usual drink, morning drink, favourite beverage, evening drink, usual coffee "
            "order"
        ),
        "allergen": "allergy, food allergy, worst allergy, main allergy",
        "animal": "favourite animal, pet, first pet, childhood pet, dream pet, spirit animal",
        "sport": "favourite sport, weekend sport, childhood sport, new sport, best sport",
        "hobby": (
            "hobby, favourite pastime, new hobby, weekend activity, childhood hobby, favourite pursuit"
        ),
        "instrument": "instrument, favourite instrument, first instrument, new instrument",
        "language": (
            "native language, second language, favourite language, mother tongue, new language"
        ),
        "genre": "favourite music, favourite kind of music, driving music, favourite music genre",
        "flower": "favourite flowers, wedding flowers, birthday flowers, favourite plants",
        "study": (
            "major, favourite school subject, degree, field of study, college major, worst school subject"
        ),
        "name": (
            "dog's name, cat's name, daughter's name, son's name, husband's name, wife's name, boss's name, "
            "best friend's name, sister's name, brother's name, doctor's name, dentist's name, teacher's "
            "name, middle name, nickname, neighbour's name, horse's name, parrot's name, roommate's name, "
            "stage name, mother's name, coach's name, rabbit's name, assistant's name, grandmother's name, "
            "baby's name, goldfish's name"
        ),
        "full_name": (
            "emergency contact, landlord, lawyer's name, favourite author, favourite singer, accountant's "
            "name, favourite actor, supervisor, therapist's name, maiden name, favourite painter, thesis "
            "advisor, piano teacher"
        ),
        "word": (
            "last name, surname, street name, boat's name, username, favourite brand, password hint, gamer "
            "tag, perfume, secret word, safe word, favourite app, toothpaste brand, favourite video game, car "
            "model, shampoo brand, character name, avatar name, home village, guild name, house name, "
            "codename"
        ),
        "title": (
            "favourite book, favourite film, favourite movie, favourite song, favourite TV show, current "
            "book, new novel, favourite poem, favourite board game, favourite podcast, bedtime story, "
            "favourite album, favourite play, latest painting, favourite fairy tale, current audiobook"
        ),
        "company": (
            "employer, bank, insurance company, phone provider, gym, favourite restaurant, favourite shop, "
            "internet provider, electricity supplier, favourite cafe, school, publisher, old employer, "
            "airline, favourite bakery, car dealer, moving company, energy supplier, university, startup, "
            "record label"
        ),
        "device": (
            "phone, laptop model, car, camera, router model, tablet, printer model, e-reader, bike model, "
            "smartwatch, TV model, headphones, hearing aid, washing machine, console, dishwasher, coffee "
            "machine, vacuum cleaner"
        ),
        "plan": (
            "subscription plan, phone plan, membership, internet plan, insurance plan, streaming plan, gym "
            "plan, mobile tariff, support plan, data plan, cloud plan"
        ),
        "project": (
            "project, team name, band, company name, newsletter, blog, book club, thesis topic, side project, "
            "boat, school team, research project, quiz team, startup idea, choir, podcast name, novel's title"
        ),
        "tone": (
            "preferred tone, writing style, preferred writing tone, speaking style, email tone, favourite "
            "style"
        ),
        "account": (
            "preferred account, main account, default transfer account, rent account, usual account, holiday "
            "account, payout account, emergency account, salary account"
        ),
        "pin": (
            "PIN, locker code, door code, alarm code, gate code, bike lock code, safe combination, phone "
            "passcode, garage code, suitcase code, voicemail PIN, SIM PIN, mailbox code, building code, card "
            "PIN"
        ),
        "long_number": (
            "employee number, customer number, student number, member number, badge number, account number, "
            "policy number, library card number, patient number, passport number, licence number, loyalty "
            "number, case number, invoice number, ticket number, reservation number, tax number"
        ),
        "phone": (
            "phone number, work number, mobile number, office phone number, home number, fax number, new "
            "number"
        ),
        "code": (
            "booking code, licence plate, order number, serial number, confirmation code, flight number, "
            "booking reference, voucher code, tracking code, car registration, promo code, frequent flyer "
            "code, parcel number"
        ),
        "small_number": (
            "shoe size, house number, lucky number, age, seat number, jersey number, bus number, locker "
            "number, favourite number, apartment number, platform number, queue number, race number, table "
            "number"
        ),
        "room": (
            "hotel room, office number, seat, classroom, desk number, parking spot, hospital room, cabin, "
            "gate"
        ),
        "date": (
            "birthday, anniversary, wedding date, moving date, exam date, passport expiry date, start date, "
            "graduation date, due date, surgery date, flight date, retirement date, name day, interview date, "
            "holiday start, tax deadline, rent due date, arrival date, departure date, contract end date"
        ),
        "time": (
            "bedtime, wake-up time, lunch break, train time, flight time, usual dinner time, alarm time, "
            "shift start, school pickup time, medication time, check-in time, gym time, curfew, bus time"
        ),
        "day_time": (
            "dentist appointment, doctor's appointment, haircut appointment, job interview, yoga class, piano "
            "lesson, next meeting, vet appointment, driving test, eye exam, parent-teacher meeting, physio "
            "session, next shift, tax appointment, book club meeting, team meeting, dinner reservation"
        ),
        "schedule": (
            "payday, day off, rehearsal day, gym day, cleaning day, training day, laundry day, market day, "
            "pay schedule, therapy day, home office day, rent day, salary day, volunteering day, allowance "
            "day"
        ),
        "amount": (
            "rent, salary, monthly budget, usual transfer amount, savings goal, electricity bill, phone bill, "
            "grocery budget, loan payment, pension, hourly rate, holiday budget, pocket money, deposit, car "
            "payment, usual donation, spending limit, insurance premium, tax refund, membership fee, bonus, "
            "credit limit"
        ),
        "quantity": (
            "daily goal, running distance, commute, weight limit, reading goal, weekly mileage, daily walk"
        ),
        "duration": (
            "commute time, notice period, parental leave, recovery time, lunch break length, sick leave"
        ),
        "address": (
            "address, home address, office address, work address, old address, parents' address, new address"
        ),
        "password": (
            "wifi password, username, email password, login name, guest password, wifi name, laptop password, "
            "streaming password, recovery phrase, netflix password, server password"
        ),
        "material": (
            "favourite fabric, ring material, favourite wood, floor material, desk material"
        ),
    },
    "thing": {
        "colour": (
            "colour, roof colour, door colour, wall colour, logo colour, cover colour, trim colour, floor "
            "colour"
        ),
        "city": "location, head office, city, home port, starting point, destination, venue city",
        "name": (
            "name, manager's name, owner's name, designer's name, contact's name, inventor's name, leader, "
            "cook's name"
        ),
        "full_name": (
            "manager, owner, designer, main sponsor, contact person, treasurer, lead engineer, chairperson, "
            "keynote speaker"
        ),
        "word": (
            "brand, make, model, codename, mascot's name, manufacturer, supplier, main competitor, motto, "
            "server name"
        ),
        "title": "theme, slogan, theme song, working title, motto, full title",
        "company": (
            "manufacturer, supplier, insurer, main client, contractor, printing company, caterer, publisher"
        ),
        "device": (
            "model, main sensor, engine type, battery type, replacement part, toner model, charger type"
        ),
        "plan": (
            "service plan, support plan, warranty plan, subscription, licence type, maintenance plan"
        ),
        "tone": "tone, house style, mood, style, atmosphere",
        "pin": "PIN, code, access code, door code, alarm code, unlock code, keypad code",
        "long_number": (
            "serial number, inventory number, registration number, account number, reference number, engine "
            "number"
        ),
        "code": (
            "model number, licence plate, order number, part number, tracking number, registration, asset tag"
        ),
        "small_number": (
            "size, room count, number of seats, number of members, floor, page count, capacity, ISO setting"
        ),
        "room": "room, storage room, meeting room, dock number, stand number, shelf, parking space",
        "version": (
            "version, firmware version, software version, driver version, latest release, minimum version"
        ),
        "date": (
            "deadline, launch date, due date, inspection date, start date, opening date, delivery date, "
            "renewal date, expiry date, kickoff date, release date, closing date, last service date, warranty "
            "end date"
        ),
        "time": (
            "opening time, closing time, start time, departure time, boarding time, backup time"
        ),
        "day_time": (
            "next meeting, next review, next service appointment, next inspection, next rehearsal, kickoff "
            "meeting"
        ),
        "schedule": (
            "cleaning day, delivery day, backup schedule, meeting day, maintenance schedule, closing day"
        ),
        "amount": (
            "price, budget, monthly cost, repair cost, entry fee, yearly fee, deposit, insurance cost, ticket "
            "price"
        ),
        "quantity": "weight, length, height, mileage, range, tank size, width, top load",
        "duration": (
            "warranty period, battery life, lead time, running time, delivery time, trial period"
        ),
        "address": "address, delivery address, billing address, new address, street address",
        "password": (
            "password, wifi password, admin password, wifi name, login name, admin user, network name"
        ),
        "material": (
            "material, table top material, floor material, roof material, cover material, frame material"
        ),
    },
    "common": {
        "pin": (
            "gate code, alarm code, door code, safe code, entry code, code for the garage, code for the bike "
            "shed, printer PIN"
        ),
        "password": (
            "wifi password, guest wifi password, admin password, network name, login for the printer, shared "
            "password"
        ),
        "date": (
            "deadline, launch date, wedding, exam, party, trip, delivery, school play, due date, inspection, "
            "ceremony, next holiday, moving day, release, application deadline"
        ),
        "day_time": (
            "meeting, dentist appointment, interview, party, concert, next class, team dinner, training, "
            "board meeting, video call, doctor's appointment, barbecue, rehearsal, viewing"
        ),
        "time": (
            "dinner, train, bus, start of the show, check-in, pickup, breakfast, first lecture, kick-off, "
            "curfew"
        ),
        "name": (
            "new neighbour, plumber, babysitter, new teacher, landlord, dog, cat, baby, waiter, new intern, "
            "guide, driver"
        ),
        "full_name": (
            "new boss, doctor, contact person, tour guide, project manager, winner, author, speaker, surgeon"
        ),
        "amount": (
            "rent, price of the sofa, bill, budget, entry fee, deposit, repair cost, electricity bill, cost "
            "of the trip, fine"
        ),
        "room": "meeting room, classroom, hotel room, parking spot, seat, gate, platform, desk",
        "code": (
            "booking code, order number, flight number, tracking number, voucher code, confirmation code, "
            "licence plate"
        ),
        "phone": (
            "number of the plumber, doctor's number, office number, emergency number, number of the school, "
            "hotline"
        ),
        "address": (
            "address of the party, delivery address, meeting point, new office address, address of the clinic"
        ),
        "colour": (
            "colour of the sofa, new door colour, colour of the fence, paint colour, colour of the tickets, "
            "logo colour"
        ),
        "project": (
            "project name, name of the boat, team name, name of the band, password hint, codename"
        ),
        "company": (
            "caterer, moving company, new supplier, insurance company, venue, hotel, airline"
        ),
        "food": "dish of the day, dessert, main course, birthday dinner, soup",
        "duration": (
            "flight time, warranty, drive, waiting time, length of the course, delivery time"
        ),
        "schedule": (
            "rubbish collection, cleaning day, market day, payday, backup day, training day"
        ),
        "quantity": (
            "distance to the lake, weight of the parcel, length of the route, size of the tank"
        ),
        "city": "venue, next stop, destination, conference city, place of the wedding",
        "version": "current version, firmware version, latest release, required version",
        "title": (
            "next book, title of the talk, film tonight, theme of the party, title of the report"
        ),
        "device": "new printer, model of the boiler, rental car, replacement phone, projector",
        "long_number": (
            "account number, case number, customer number, meter reading, ticket number, policy number"
        ),
    },
}


def _split(table: dict[str, str]) -> tuple[tuple[str, str], ...]:
    rows = ((noun.strip(), kind) for kind, nouns in table.items() for noun in nouns.split(","))
    return tuple(row for row in rows if row[0])


NOUNS: dict[str, tuple[tuple[str, str], ...]] = {
    kind: _split(table) for kind, table in _BY_TYPE.items()
}
"""(noun, type of value) of everything a person, or a thing, can have."""
