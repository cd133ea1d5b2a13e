"""The columns of every open file, in order, and what each means: the data dictionary that stands beside the files.

States and kinds stand in the files in Dutch words, as on the screen.
"""

from wijkagenda.errors import N_

LICENCE, LICENCE_URL = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/deed."
"""Of what the municipality makes, with itself named as the source. What residents wrote stays theirs: nobody asked them."""
CITY_COLUMNS = {
    "wijk": N_("Naam van de wijk."),
    "code": N_("Code van de wijk, van het CBS of van de gemeente."),
    "jaar_grens": N_("Jaar waarin deze grens gold."),
    "stadsdeel": N_("Stadsdeel waarin de wijk ligt."),
    "stap": N_("Stap van de wijkagenda waarin de wijk nu is. Leeg: nog geen wijkagenda."),
    "wensen": N_("Aantal wensen op de website, van alle rondes."),
    "acties": N_("Aantal acties in de laatste vastgestelde wijkagenda."),
    "acties_klaar": N_("Hoeveel daarvan klaar zijn."),
    "begroot": N_("Afgesproken geld voor deze acties, in hele euro's."),
    "uitgegeven": N_("Uitgegeven tot nu, in hele euro's."),
}
WISH_COLUMNS = {
    "nummer": N_("Nummer van de wens."),
    "wijk": N_("Naam van de wijk."),
    "titel": N_("Titel op de website, van het gebiedsteam."),
    "tekst": N_("Wat de indiener schreef of zei, niet veranderd."),
    "onderwerp": N_("Onderwerp dat de indiener koos."),
    "gedaan_als": N_("Voor wie de wens is: bewoner, organisatie of bedrijf."),
    "binnengekomen_via": N_("Hoe de wens binnenkwam."),
    "wil_zelf_doen": N_("Of de indiener het zelf wil doen of meehelpt: ja of nee."),
    "stand": N_("Hoe het nu met de wens staat."),
    "ontvangen_op": N_("Dag waarop de wens binnenkwam (jaar-maand-dag)."),
    "geplaatst_op": N_("Dag waarop de wens op de website kwam (jaar-maand-dag)."),
    "lat": N_("Plek: breedtegraad in WGS84, afgerond op 25 meter. Leeg: geen vaste plek."),
    "lon": N_("Plek: lengtegraad in WGS84, afgerond op 25 meter. Leeg: geen vaste plek."),
}
ACTION_COLUMNS = {
    "wijk": N_("Naam van de wijk."),
    "agenda": N_("Eerste en laatste jaar van de wijkagenda."),
    "punt": N_("Plaats van het punt in de wijkagenda."),
    "punt_titel": N_("Titel van het punt."),
    "actie": N_("Nummer van de actie bij dit punt."),
    "actie_titel": N_("Titel van de actie."),
    "trekker": N_("Wie ervoor zorgt dat het gebeurt."),
    "stand": N_("Hoe het nu met de actie staat."),
    "reden": N_("Waarom de actie later komt of gestopt is."),
    "klaar_jaar": N_("Jaar waarin de actie klaar is, zoals nu verwacht."),
    "klaar_kwartaal": N_("Kwartaal waarin de actie klaar is, zoals nu verwacht: 1 tot en met 4."),
    "beloofd_jaar": N_("Jaar dat als eerste is beloofd."),
    "beloofd_kwartaal": N_("Kwartaal dat als eerste is beloofd: 1 tot en met 4."),
    "budget_euro": N_("Afgesproken geld, in hele euro's. Leeg: geen bedrag."),
    "uitgegeven_euro": N_("Uitgegeven, in hele euro's."),
    "uitgegeven_stand_op": N_("Dag van dat bedrag (jaar-maand-dag)."),
}
VOTE_COLUMNS = {
    "wijk": N_("Naam van de wijk."),
    "stemming": N_("Vraag van de stemming."),
    "stemming_id": N_("Nummer van de stemming."),
    "geteld_op": N_("Dag waarop de stemmen zijn geteld (jaar-maand-dag)."),
    "plaats": N_("Plaats in de uitslag. Leeg: niemand stemde, of minder dan 3 mensen."),
    "punt": N_("Titel van het punt op het stembiljet."),
    "stemmen_bewoners": N_(
        "Stemmen op dit punt van wie beslist: de bewoners, of ook bedrijven als het reglement dat zegt. "
        "Leeg: zo weinig stemmen dat wij ze niet laten zien."
    ),
    "stemmen_bedrijven": N_("Stemmen van bedrijven op dit punt. Zij tellen niet mee voor de volgorde."),
    "stembiljetten_bewoners": N_("Aantal bewoners dat stemde: daarvan zijn de stemmen."),
    "stembiljetten_bedrijven": N_("Aantal bedrijven dat stemde."),
    "codes_uitgegeven": N_("Aantal stemcodes in brieven."),
    "codes_gebruikt": N_("Hoeveel daarvan zijn gebruikt."),
    "punten": N_("Gegeven punten, in een stemming waarin mensen punten verdelen."),
    "gekozen": N_("Of dit punt gekozen is: ja of nee. Leeg: zo weinig stemmen dat wij dit niet laten zien."),
    "telregel": N_("Hoe de uitslag is bepaald."),
    "kosten": N_("Wat het punt kost, in hele euro's. Leeg: er wordt geen geld verdeeld."),
}
