"""The levels of area a municipality has, from large to small."""

from enum import Enum

from geo.errors import N_


class Level(Enum):
    """CBS calls a wijk "district" in English; that bare word is never used here."""

    MUNICIPALITY = "municipality"
    CITY_DISTRICT = "city_district"
    NEIGHBOURHOOD = "neighbourhood"
    BUURT = "buurt"

    @property
    def label(self) -> str:
        """Dutch name, marked for translation."""
        return _LABELS[self]

    @property
    def rank(self) -> int:
        """0 for the municipality, higher for smaller areas."""
        return list(Level).index(self)


_LABELS = {
    Level.MUNICIPALITY: N_("gemeente"),
    Level.CITY_DISTRICT: N_("stadsdeel"),
    Level.NEIGHBOURHOOD: N_("wijk"),
    Level.BUURT: N_("buurt"),
}
