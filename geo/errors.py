"""What can be wrong with a boundary file, a table or a place, in words for whoever offered it.

Messages are Dutch source texts; the layer above translates `message` and fills in `params`.
"""


def N_(message: str) -> str:
    """Mark `message` for translation without translating it."""
    return message


class GeoError(Exception):
    """Base of all errors of the spatial kit.

    message: Dutch source text with `%(name)s` placeholders, filled from `params`.
    """

    message = ""

    def __init__(self, message: str | None = None, **params: object) -> None:
        self.message = message or type(self).message
        self.params = params
        super().__init__(self.message % params if params else self.message)


class SourceError(GeoError):
    """A boundary file or table cannot be used. Nothing was changed."""


class SourceMissing(SourceError):
    message = N_("Het bestand %(path)s bestaat niet.")


class UnknownFormat(SourceError):
    message = N_(
        "%(path)s is geen GeoPackage, GeoJSON of Shapefile. Geef een bestand dat eindigt op .gpkg, .geojson, .json, .shp of .zip."
    )


class SourceUnreadable(SourceError):
    message = N_(
        "%(path)s kan niet worden gelezen. Het bestand is beschadigd, onvolledig of van een andere soort. (%(reason)s)"
    )


class EncodingUnreadable(SourceError):
    message = N_("De letters in %(path)s zijn niet te lezen. Geef de codering op, bijvoorbeeld UTF-8 of CP1252.")


class UnknownLayer(SourceError):
    message = N_("De laag '%(layer)s' staat niet in het bestand. Wel aanwezig: %(available)s.")


class LayerNeeded(SourceError):
    message = N_("Het bestand heeft meer dan één laag. Kies er een: %(available)s.")


class UnknownField(SourceError):
    message = N_("Het veld '%(field)s' staat niet in het bestand. Wel aanwezig: %(available)s.")


class FieldNeeded(SourceError):
    message = N_("In welk veld staat de naam? Dit bestand heeft niet de indeling van het CBS. Kies uit: %(available)s.")


class FieldEmpty(SourceError):
    message = N_("Rij %(row)s heeft niets in het veld '%(field)s'.")


class MissingCrs(SourceError):
    message = N_(
        "Het bestand %(path)s zegt niet in welk coördinatenstelsel het staat. Lever het .prj-bestand mee of bewaar het als RD New (EPSG:28992)."
    )


class UnknownCrs(SourceError):
    message = N_("Het coördinatenstelsel van %(path)s is onbekend: %(crs)s.")


class EmptySource(SourceError):
    message = N_("In %(path)s staat geen enkel gebied.")


class NotPolygons(SourceError):
    message = N_("%(name)s heeft geen vlak als grens maar: %(kind)s. Een gebied moet een vlak zijn.")


class OutsideTheNetherlands(SourceError):
    message = N_("%(name)s ligt buiten Nederland. Kloppen het coördinatenstelsel en de volgorde van de coördinaten?")


class DoubleCode(SourceError):
    message = N_("De code %(code)s komt meer dan één keer voor: %(names)s.")


class TooLong(SourceError):
    message = N_("'%(text)s' is te lang. Een naam heeft hooguit 120 tekens en een code hooguit 80.")


class YearNeeded(SourceError):
    message = N_("Van welk jaar zijn deze grenzen? Geef het jaar op.")


class MunicipalityNeeded(SourceError):
    message = N_("Het bestand bevat meer dan één gemeente. Kies er een: %(available)s.")


class UnknownMunicipality(SourceError):
    message = N_("De gemeente %(municipality)s staat niet in het bestand. Wel aanwezig: %(available)s.")


class CityDistrictTableError(SourceError):
    """The table of stadsdelen does not fit the areas; params say which line."""


class PostcodeTableError(SourceError):
    """The postcode table cannot be used; params say which line."""


class InvalidPostcode(GeoError):
    message = N_("Typ een postcode met 4 cijfers en 2 letters, bijvoorbeeld 1234 AB.")


class InvalidPoint(GeoError):
    message = N_("Deze plek ligt niet in Nederland. Kies een plek op de kaart.")


class GeocodingUnavailable(GeoError):
    message = N_("Zoeken op adres lukt nu niet. Kies de plek op de kaart of uit de lijst.")
