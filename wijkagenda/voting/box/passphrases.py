"""A strong passphrase to offer: gewone woorden, drawn by chance.

Seven of 256 words are 56 bits. Behind the slow wrapping of `sealing`, a thief who tries a thousand at a time would need
hundreds of thousands of years.
"""

import secrets

WORDS_IN_A_PASSPHRASE = 7
WORDS = """
aap aarde adem akker anker appel arend armband asfalt avond baan bakker balkon ballon bank beek beer berg bezem
blad bloem boek boom boot bord borstel bos boter bril broek brood brug buur cadeau cirkel citroen clown dans
deur dijk doos dorp draad druif duif duin eend eiland emmer engel ezel fabriek fakkel familie feest fiets film
fles fluit foto fruit gang gans gast gebak geel geit geluk gevel glas goud gras groen groente haan haard haas
hamer hand haring haven heg heide helm hemel herfst heuvel hoed hond honing hooi hout huis ijzer inkt jas jeugd
jongen kaas kachel kade kamer kanaal kano kapper kast kat kegel kelder kerk ketel kikker kip klas kleur klok
knoop koe koek koffie konijn koning kraan krant kruid kust laars ladder laken lamp lantaarn lente lepel letter
lied lift linde lucht maan mand mantel markt meer melk merel middag molen mond morgen motor muis munt muur naald
nacht nest oever olie olifant ontbijt oranje oven paard pad paleis papier parel park pauw peer pen peper pijl
plank plein poort potlood raam raket regen reis rivier roer rood roos rugzak schaap schaduw schelp schip schoen
school schuur sjaal slee sleutel slof sneeuw soep spiegel spoor steen stoel stoep storm straat strand suiker
taart tafel tand tegel tent thee toren touw trap trein trommel tuin tulp uil vaas vader veer veld venster vijver
vlag vlinder voet vogel vork vos vriend vuur wagen water wiel wind winkel winter wolk wortel zaal zadel zand zee
zeep zeil zilver zolder zomer zon zout zwaan
""".split()  # noqa: SIM905


def fresh_passphrase() -> str:
    """A fresh passphrase, in lower case: 'molen fiets zomer tegel boek haven uil'."""
    return " ".join(secrets.choice(WORDS) for _ in range(WORDS_IN_A_PASSPHRASE))
