"""Closed lists of ordinary words: first names, colours, places, jobs and the like."""

from __future__ import annotations


def _list(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", " ").split(",") if word.strip())


FIRST_NAMES = _list("""
Ann, Anna, Ben, Clara, David, Emma, Felix, Grace, Hugo, Iris, Jack, Kate, Leo, Maria, Noah, Olivia, Paul,
Quentin, Rosa, Sam, Tina, Umar, Vera, Walter, Xenia, Yusuf, Zoe, Adam, Aisha, Akira, Alan, Albert, Alice,
Alma, Amara, Amir, Amy, Anders, Andrea, Andrew, Angela, Anita, Anton, Arjun, Arthur, Astrid, Ava, Barbara,
Beatrice, Bella, Bianca, Bjorn, Boris, Brenda, Brian, Bruno, Camille, Carl, Carlos, Carmen, Caroline, Cecilia,
Chen, Chloe, Chris, Claire, Colin, Connor, Cora, Daisy, Dana, Daniel, Daria, Deepak, Denise, Derek, Diana,
Diego, Dmitri, Dora, Dylan, Edgar, Edith, Eduardo, Elena, Eli, Elias, Elif, Ella, Ellen, Elsa, Emil, Emily,
Enzo, Eric, Erin, Esther, Ethan, Eva, Evan, Fatima, Fiona, Flora, Frank, Freya, Gabriel, Gavin, George, Gina,
Giulia, Gloria, Gordon, Greta, Gustav, Hana, Hannah, Harold, Harry, Hassan, Hazel, Heidi, Helen, Henry, Hilda,
Hiroshi, Holly, Ian, Ibrahim, Ida, Igor, Ines, Ingrid, Irene, Isaac, Isabel, Ivan, Ivy, Jacob, Jade, James,
Jamila, Jan, Jane, Jasmine, Jason, Javier, Jean, Jenny, Joan, Joel, Johan, John, Jonas, Jorge, Joseph, Josh,
Joy, Judith, Julia, Julian, Jun, June, Kamal, Karen, Karl, Keiko, Ken, Kevin, Khadija, Kim, Kofi, Kurt, Kyle,
Laila, Lara, Larry, Laura, Lea, Lena, Leonard, Liam, Lily, Linda, Lisa, Liz, Lorenzo, Louis, Lucas, Lucia,
Lucy, Luis, Luna, Mabel, Magnus, Malik, Marco, Margaret, Marie, Mario, Mark, Marta, Martin, Mary, Mason,
Mateo, Matilda, Max, Maya, Megan, Mei, Michael, Mila, Milan, Mina, Miriam, Mohamed, Mona, Monica, Nadia,
Naomi, Natalie, Nathan, Neil, Nick, Nicole, Nina, Nora, Oliver, Omar, Oscar, Otto, Owen, Pablo, Patrick,
Paula, Pedro, Penny, Peter, Petra, Philip, Phoebe, Pia, Priya, Rachel, Rafael, Ralph, Rania, Raj, Rebecca,
Rene, Rita, Robert, Robin, Roger, Roland, Ron, Rose, Ruby, Ruth, Ryan, Sabine, Sadie, Salma, Sandra, Sara,
Scott, Sean, Selma, Serena, Shirin, Silvia, Simon, Sofia, Sonia, Stefan, Stella, Steve, Sue, Sunil, Susan,
Sven, Tamara, Tanya, Tara, Teresa, Theo, Thomas, Tim, Tobias, Tom, Toni, Trevor, Uma, Ursula, Valerie,
Vanessa, Victor, Viktor, Vince, Violet, Vivian, Wanda, Wei, Wendy, Will, Wolfgang, Yara, Yasmin, Yuki, Yvonne,
Zara, Zeynep
""")

RELATIVES = _list("""
my sister, my brother, my mother, my father, my mum, my dad, my wife, my husband, my partner, my boss, my
manager, my neighbour, my neighbor, my roommate, my flatmate, my best friend, my cousin, my uncle, my aunt, my
grandmother, my grandfather, my grandma, my grandpa, my son, my daughter, my niece, my nephew, my colleague,
my coworker, my landlord, my doctor, my dentist, my teacher, my coach, my trainer, my accountant, my lawyer,
my assistant, my girlfriend, my boyfriend, my mother-in-law, my father-in-law, my brother-in-law,
my sister-in-law, my godmother, my supervisor, my mentor, my tutor, my piano teacher, my old friend, my tennis partner,
my stepson, my stepdaughter, my intern, my hairdresser, my mechanic, my plumber, my babysitter, my youngest
son, my oldest daughter, my twin sister, my business partner, my gardener, my editor, my agent, my therapist,
my physiotherapist
""")

COLOURS = _list("""
red, blue, green, yellow, orange, purple, pink, brown, black, white, grey, teal, turquoise, crimson, scarlet,
maroon, navy, indigo, violet, lavender, magenta, beige, ivory, cream, olive, lime, mint, emerald, jade, amber,
gold, silver, bronze, copper, coral, salmon, peach, plum, burgundy, mustard, charcoal, khaki, tan, rust, cyan,
lilac, ochre, sage
""")

CITIES = _list("""
Ottawa, Lisbon, Oslo, Nairobi, Lima, Kyoto, Dublin, Prague, Vienna, Athens, Cairo, Berlin, Madrid, Rome,
Paris, London, Boston, Chicago, Denver, Seattle, Austin, Toronto, Montreal, Vancouver, Sydney, Melbourne,
Perth, Auckland, Tokyo, Osaka, Seoul, Hanoi, Bangkok, Jakarta, Manila, Delhi, Mumbai, Karachi, Tehran,
Istanbul, Ankara, Warsaw, Krakow, Budapest, Zagreb, Sofia, Bucharest, Riga, Vilnius, Tallinn, Helsinki,
Stockholm, Bergen, Malmo, Aarhus, Hamburg, Munich, Cologne, Leipzig, Zurich, Geneva, Basel, Milan, Turin,
Naples, Valencia, Seville, Porto, Lyon, Nantes, Bordeaux, Ghent, Antwerp, Rotterdam, Utrecht, Leeds, Bristol,
Glasgow, Cardiff, Galway, Havana, Bogota, Quito, Santiago, Accra, Lagos, Dakar, Tunis, Rabat, Kampala, Lusaka,
Windhoek, Reykjavik, Anchorage, Portland, Phoenix, Tucson, Omaha, Memphis
""")

JOBS = _list("""
nurse, carpenter, teacher, pilot, baker, plumber, architect, librarian, chef, florist, dentist, translator,
surgeon, engineer, electrician, farmer, journalist, photographer, tailor, welder, gardener, accountant,
barber, bartender, beekeeper, biologist, butcher, cashier, chemist, clerk, composer, courier, dancer,
designer, detective, driver, economist, editor, firefighter, fisherman, geologist, glazier, goldsmith,
historian, illustrator, interpreter, janitor, jeweller, judge, landscaper, lawyer, lifeguard, locksmith,
magician, mason, mechanic, midwife, miner, musician, notary, novelist, optician, painter, paramedic,
pharmacist, physicist, potter, printer, programmer, psychologist, receptionist, roofer, sailor, sculptor,
secretary, shepherd, singer, statistician, tour guide, veterinarian, waiter, watchmaker, zookeeper
""")

FOODS = _list("""
lasagna, ramen, paella, risotto, goulash, sushi, curry, chili, couscous, falafel, hummus, pancakes, waffles,
porridge, lentil soup, fish and chips, pad thai, tacos, burritos, dumplings, pierogi, moussaka, ratatouille,
quiche, gnocchi, carbonara, meatballs, roast chicken, shepherd's pie, fried rice, kimchi, borscht, tiramisu,
cheesecake, apple pie, brownies, gelato, baklava, churros, omelette, grilled salmon, mushroom stew, pumpkin
soup, spring rolls, pho
""")

ALLERGENS = _list("""
peanuts, walnuts, almonds, cashews, shellfish, shrimp, lobster, eggs, milk, soy, wheat, gluten, sesame,
mustard, celery, strawberries, kiwi, bananas, tomatoes, pollen, ragweed, cat hair, dog hair, dust mites,
penicillin, latex, aspirin, ibuprofen, nickel, bee stings, wasp stings, mold, feathers, hazelnuts, pistachios,
mango, garlic, lupin, birch pollen, horses
""")

DRINKS = _list("""
green tea, black coffee, espresso, cappuccino, lemonade, ginger beer, apple juice, hot chocolate, oat milk
latte, mint tea, tomato juice, sparkling water, root beer, iced tea, chai, kombucha, cold brew, orange juice,
red wine, cider, tonic water, jasmine tea, carrot juice, matcha, rooibos, coconut water, flat white,
elderflower cordial, mango lassi, cherry cola
""")

ANIMALS = _list("""
dog, cat, rabbit, hamster, parrot, tortoise, goldfish, ferret, guinea pig, canary, gecko, snake, pony, goat,
hedgehog, chinchilla, iguana, duck, donkey, budgie, cockatiel, gerbil, llama, alpaca, pig, hen, lizard, mouse,
rat, tarantula
""")

SPORTS = _list("""
tennis, rowing, fencing, judo, badminton, volleyball, climbing, archery, swimming, cycling, handball, rugby,
cricket, hockey, golf, surfing, sailing, skiing, curling, bowling, karate, boxing, table tennis, water polo,
squash, basketball, baseball, football, gymnastics, orienteering, kayaking, darts, snooker, wrestling,
triathlon, figure skating, lacrosse
""")

HOBBIES = _list("""
pottery, knitting, birdwatching, chess, origami, painting, woodworking, stargazing, baking, calligraphy,
photography, gardening, juggling, astronomy, beekeeping, embroidery, model trains, stamp collecting, crossword
puzzles, quilting, hiking, foraging, home brewing, metal detecting, scrapbooking, salsa dancing, whittling,
genealogy, fly fishing, yoga, magic tricks, kite flying, soap making, bookbinding, geocaching, card games,
sudoku, candle making, ice skating
""")

INSTRUMENTS = _list("""
violin, cello, trumpet, flute, piano, guitar, drums, harp, clarinet, saxophone, banjo, accordion, oboe,
ukulele, mandolin, bassoon, trombone, tuba, viola, harmonica, organ, bagpipes, xylophone, sitar, double bass,
recorder, French horn, lute
""")

LANGUAGES = _list("""
Spanish, Italian, Swedish, Korean, Japanese, Arabic, Portuguese, German, French, Dutch, Danish, Norwegian,
Finnish, Polish, Czech, Greek, Turkish, Hebrew, Hindi, Bengali, Urdu, Persian, Swahili, Thai, Vietnamese,
Mandarin, Cantonese, Russian, Ukrainian, Hungarian, Romanian, Welsh, Irish, Icelandic, Estonian, Latvian,
Basque, Catalan, Tamil, Tagalog, Latin
""")

COUNTRIES = _list("""
Peru, Kenya, Norway, Iceland, Portugal, Chile, Vietnam, Morocco, Greece, Canada, Brazil, Japan, Ireland,
Scotland, Nepal, Finland, Estonia, Croatia, Cuba, Mexico, Ghana, Egypt, Jordan, Turkey, India, Thailand,
Malaysia, Australia, Spain, Italy, Austria, Hungary, Poland, Belgium, Denmark, Sweden, Bolivia, Ecuador,
Tanzania, Namibia, Bhutan, Laos, Malta, Cyprus
""")

ADJECTIVES = _list("""
silent, golden, broken, hidden, lonely, crooked, distant, burning, frozen, gentle, hollow, ancient, bitter,
blue, brave, bright, clever, cold, crimson, curious, dark, deep, dusty, eager, early, empty, endless, faded,
fallen, final, foggy, forgotten, fragile, green, happy, heavy, humble, idle, iron, late, little, lost, lucky,
midnight, misty, narrow, northern, old, pale, patient, quiet, rapid, red, restless, rusty, salty, second,
secret, sharp, silver, simple, sleepy, slow, small, southern, stormy, strange, summer, sunny, tall, tender,
tiny, velvet, wandering, warm, western, wild, winter, wooden
""")

NOUNS = _list("""
orchard, river, lantern, harbour, garden, mirror, bridge, forest, island, letter, castle, tower, mountain,
window, clock, engine, violin, falcon, otter, badger, heron, fox, whale, comet, planet, meadow, valley,
desert, kettle, ladder, anchor, arrow, basket, bell, candle, canyon, cellar, chapel, circus, cloud, compass,
crown, dolphin, dragon, feather, ferry, flute, glacier, hammer, hill, horizon, hotel, journey, key, kingdom,
lake, library, market, maze, mill, moon, needle, ocean, owl, palace, parade, pebble, piano, pilot, pirate,
prairie, raven, road, robin, sailor, shadow, ship, spider, spring, stone, storm, street, sparrow, thunder,
tiger, train, tunnel, village, voyage, wagon, waterfall, willow, wolf, zebra
""")

TONES = _list("""
concise, friendly, formal, playful, warm, dry, upbeat, calm, witty, direct, poetic, neutral, serious,
cheerful, polite, casual, bold, gentle, humorous, professional, enthusiastic, matter-of-fact, optimistic,
sober, lively, academic, sarcastic, encouraging, plain, confident, reserved, nostalgic, dramatic,
conversational, crisp, technical, lyrical, ironic
""")

GENRES = _list("""
jazz, folk, techno, opera, blues, reggae, punk, soul, disco, bluegrass, flamenco, ska, heavy metal, hip hop,
gospel, funk, swing, baroque music, ambient, indie rock, country, bossa nova, salsa, grunge, trance, polka,
chamber music, drum and bass
""")

WEEKDAYS = _list("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday")

MONTHS = _list(
    "January, February, March, April, May, June, July, August, September, October, November, December"
)

MATERIALS = _list("""
oak, pine, walnut, bamboo, marble, granite, slate, leather, linen, wool, velvet, cotton, silk, brass, copper,
steel, aluminium, glass, porcelain, clay, cork, wicker, maple, cherry wood, concrete, felt, denim, suede,
titanium, birch
""")

FLOWERS = _list("""
tulips, roses, lilies, orchids, daisies, sunflowers, peonies, violets, irises, daffodils, poppies, dahlias,
lavender, carnations, hydrangeas, magnolias, jasmine, freesias, marigolds, snowdrops, geraniums, lilacs,
anemones, camellias
""")

SUBJECTS_AT_SCHOOL = _list("""
chemistry, geography, algebra, history, biology, physics, economics, philosophy, sociology, linguistics,
statistics, computer science, art history, law, medicine, nursing, psychology, archaeology, botany, geology,
music theory, mechanical engineering, marine biology, political science, veterinary science, urban planning,
accounting, theology
""")
