"""The regulation of a round as plain text, in sentences a resident can follow.

The Dutch text is the official one. It is made once, when the round opens, is kept as it was, and its SHA-256 is
public. Nothing in it depends on a library of languages or on a clock: the same regulation is always the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from wijkagenda.dutch_days import day_of, local
from wijkagenda.errors import N_
from wijkagenda.voting.models import FEWEST_FOR_ORDER, GRACE, SMALLEST_SHOWN, BallotType, DecidingRule
from wijkagenda.voting.rules.regulation import Regulation
from wijkagenda.voting.rules.words import ONE_PLACE, RULES

Say = Callable[[str], str]

MONTHS = (
    N_("januari"),
    N_("februari"),
    N_("maart"),
    N_("april"),
    N_("mei"),
    N_("juni"),
    N_("juli"),
    N_("augustus"),
    N_("september"),
    N_("oktober"),
    N_("november"),
    N_("december"),
)
THOUSAND = N_("1.000")
CLOCK = N_("23.59")


def in_dutch(message: str) -> str:
    """The source text is Dutch already."""
    return message


def regulation_hash(text: str) -> str:
    """SHA-256 of the text as UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def as_text(regulation: Regulation, say: Say = in_dutch) -> str:
    """The whole regulation: a title, numbered chapters, paragraphs and lists, each on a line of its own."""
    writer = _Writer(regulation, say)
    lines = [writer.say(N_("Reglement: %(title)s"), title=regulation.title), ""]
    for number, (heading, body) in enumerate(writer.chapters(), start=1):
        lines += [f"{number}. {say(heading)}", "", *body, ""]
    return "\n".join(lines).rstrip("\n") + "\n"


@dataclass(frozen=True)
class Block:
    """A piece of the text as it was written: `kind` is title, heading, list or text; a list has more than one line."""

    kind: str
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """The text of `as_text` in pieces, for a page. Nothing is left out and nothing is added."""
    found: list[Block] = []
    for number, line in enumerate(line for line in text.split("\n") if line):
        if number == 0:
            found.append(Block("title", (line,)))
        elif line.startswith("- "):
            before = found.pop() if found[-1].kind == "list" else Block("list", ())
            found.append(Block("list", (*before.lines, line[2:])))
        elif line.split(". ", 1)[0].isdecimal():
            found.append(Block("heading", (line,)))
        else:
            found.append(Block("text", (line,)))
    return found


class _Writer:
    def __init__(self, regulation: Regulation, say: Say) -> None:
        self.regulation = regulation
        self._say = say

    def say(self, message: str, **params: object) -> str:
        found = self._say(message)
        return found % params if params else found

    def chapters(self) -> Iterator[tuple[str, list[str]]]:
        yield N_("Waarover gaat het?"), list(self._subject())
        yield N_("Wie mag stemmen?"), list(self._voters())
        yield N_("Hoe stemt u?"), list(self._ballot())
        yield N_("Wat wint er?"), [*self._rule(), *self._reserves(), *self._after_the_rule()]
        yield N_("Als het gelijk is"), list(self._ties())
        yield N_("Wanneer?"), list(self._days())
        yield N_("Wie doet wat?"), list(self._people())
        yield N_("Wat maken wij bekend?"), list(self._published())
        yield N_("Klopt er iets niet?"), list(self._complaints())
        yield N_("Wat staat er op het stembiljet?"), list(self._choices())

    def _subject(self) -> Iterator[str]:
        r = self.regulation
        names: dict[str, object] = {"name": r.neighbourhood, "number": len(r.choices)}
        if r.about_money:
            yield self.say(
                N_(
                    "In %(name)s is %(budget)s te verdelen. Met deze stemming beslissen mensen waar het geld naartoe gaat."
                ),
                budget=self._money(r.budget or 0),
                **names,
            )
        else:
            yield self.say(N_("Met deze stemming beslissen mensen in %(name)s wat het eerst moet gebeuren."), **names)
        yield self.say(N_("Op het stembiljet staan %(number)s punten. Zij staan onderaan dit reglement."), **names)

    def _voters(self) -> Iterator[str]:
        r = self.regulation
        day = self._day(r.reference_on) if r.reference_on else "…"
        yield self.say(
            N_(
                "Iedereen mag stemmen die op %(day)s in %(name)s woont en dan %(youngest)s jaar of ouder is. "
                "Wij kijken daarvoor in het bevolkingsregister."
            ),
            day=day,
            name=r.neighbourhood,
            youngest=r.youngest,
        )
        yield self.say(
            N_("Iedere bewoner krijgt een eigen brief met een eigen code. Met een code kan iemand één keer stemmen.")
        )
        yield self.say(N_("Wie geen vast adres of een geheim adres heeft, kan bij ons een code halen."))
        if not r.with_businesses:
            yield self.say(N_("Winkels, bedrijven en clubs stemmen niet mee."))
            return
        yield self.say(
            N_(
                "Winkels, bedrijven en clubs in de wijk krijgen ook een brief met een code. "
                "Wie er woont en er ook een winkel of bedrijf heeft, kan dus twee codes krijgen."
            )
        )
        if r.businesses_decide:
            yield self.say(N_("De stemmen van winkels, bedrijven en clubs tellen even zwaar mee als die van bewoners."))
        else:
            yield self.say(
                N_(
                    "De stemmen van winkels, bedrijven en clubs tellen wij apart. Zij zijn een advies: "
                    "de stemmen van bewoners beslissen."
                )
            )

    def _ballot(self) -> Iterator[str]:
        r = self.regulation
        if r.ballot_type is BallotType.POINTS:
            yield self._one_or_more(
                r.points,
                N_("Iedere stemmer geeft 1 punt aan één keuze."),
                N_(
                    "Iedere stemmer verdeelt %(number)s punten over de keuzes. Alles aan één keuze geven mag ook. "
                    "Op het scherm moeten alle punten op. Op papier telt een biljet met minder punten ook."
                ),
            )
        else:
            yield self._one_or_more(
                r.max_choices,
                N_("Iedere stemmer kruist 1 punt aan."),
                N_(
                    "Iedere stemmer kruist hoogstens %(number)s punten aan. Minder mag ook. De volgorde maakt niet uit."
                ),
            )
        yield self.say(
            N_(
                "Op het scherm staan de keuzes bij iedereen in een andere, gelote volgorde. Zo staat niets altijd bovenaan."
            )
        )
        yield self.say(N_("Stemmen kan op internet, met de code uit de brief."))
        if r.paper_place:
            yield self.say(N_("Stemmen kan ook op papier: %(place)s."), place=_one_line(r.paper_place).rstrip("."))
        yield self.say(
            N_(
                "Een stem die verstuurd is, kan niet meer veranderen. Bij een stem staat geen naam. "
                "Niemand kan zien wie wat koos."
            )
        )

    def _rule(self) -> Iterator[str]:
        r = self.regulation
        figures = {
            "seats": r.seats or 0,
            "budget": self._money(r.budget or 0),
            "unit": self.say(N_("1 euro")) if r.currency == "EUR" else f"1 {r.currency}",
        }
        yield self.say(N_("Deze manier van tellen heet: %(rule)s."), rule=self._inside(r.rule.label))
        only_one = r.seats == 1 and r.rule in ONE_PLACE
        for sentence in ONE_PLACE[r.rule] if only_one else RULES[r.rule]:
            yield self.say(sentence, **figures) if "%(" in sentence else self.say(sentence)

    def _reserves(self) -> Iterator[str]:
        r = self.regulation
        if not r.reserves:
            return
        yield self.say(N_("Een deel van de plaatsen houden wij vrij."))
        for theme, at_least in r.reserves:
            yield "- " + self.say(
                N_("Minstens %(number)s van de %(seats)s plaatsen is voor een punt over %(theme)s.")
                if at_least == 1
                else N_("Minstens %(number)s van de %(seats)s plaatsen zijn voor punten over %(theme)s."),
                number=at_least,
                seats=r.seats or 0,
                theme=self.say(theme.label),
            )
        yield self.say(
            N_(
                "Daarom slaan wij een punt over als er daarna te weinig plaatsen zijn voor wat wij vrijhouden. "
                "Koos niemand zo’n punt, dan is die plaats voor een ander punt."
            )
        )

    def _after_the_rule(self) -> Iterator[str]:
        yield self.say(N_("Wat niemand koos, kan niet winnen."))
        yield self.say(
            N_(
                "Bij de uitslag staat ook hoeveel stemmen elk punt kreeg, en wat een andere manier van tellen "
                "had opgeleverd. Dat is om te laten zien. Het verandert de uitslag niet."
            )
        )

    def _ties(self) -> Iterator[str]:
        r = self.regulation
        if r.about_money:
            yield self.say(
                N_(
                    "Zijn twee punten bij het tellen precies gelijk? Dan gaat het punt voor dat het minst kost. "
                    "Is dat ook gelijk, dan het punt met de meeste stemmen. Is ook dat gelijk, dan beslist de loting."
                )
            )
        elif r.rule in (DecidingRule.MOST_VOTES, DecidingRule.MOST_POINTS):
            yield self.say(N_("Zijn twee punten bij het tellen precies gelijk? Dan beslist de loting."))
        else:
            yield self.say(
                N_("Zijn twee punten bij het tellen precies gelijk? Dan gaat het punt voor met de meeste stemmen.")
                if r.ballot_type is BallotType.APPROVAL
                else N_("Zijn twee keuzes bij het tellen precies gelijk? Dan gaat de keuze voor met de meeste punten.")
            )
            yield self.say(N_("Is dat ook gelijk, dan beslist de loting."))
        if not r.lot_seed:
            yield self.say(N_("De loting wordt getrokken als de stemming wordt klaargezet, vóór de eerste stem."))
            return
        yield self.say(N_("De loting is getrokken vóór de eerste stem. Wat hier het eerst staat, gaat voor:"))
        titles = {choice.number: choice.title for choice in r.choices}
        for number in r.lot_order:
            yield "- " + self.say(N_("punt %(number)s: %(title)s"), number=number, title=_one_line(titles[number]))
        yield self.say(
            N_(
                "Zo trekt u de loting zelf na. Neem het lotnummer, een dubbele punt en het nummer van het punt. "
                "Maak daarvan de SHA-256. Zet de uitkomsten van klein naar groot. Het lotnummer is %(seed)s."
            ),
            seed=r.lot_seed,
        )

    def _days(self) -> Iterator[str]:
        r = self.regulation
        yield "- " + self.say(
            N_("Stemmen kan vanaf %(day)s, %(clock)s uur."), day=self._day(r.opens_at), clock=self._clock(r.opens_at)
        )
        yield "- " + self.say(
            N_("Stemmen kan tot en met %(day)s, %(clock)s uur."),
            day=self._day(r.closes_at),
            clock=self._clock(r.closes_at),
        )
        yield "- " + self.say(
            N_("Wie dan de eigen keuze aan het nakijken is, mag nog %(minutes)s minuten versturen."),
            minutes=int(GRACE.total_seconds() // 60),
        )
        yield "- " + self.say(N_("Onze klok telt, op het moment dat een stem bij ons binnenkomt."))
        yield "- " + self.say(N_("De uitslag komt op %(day)s."), day=self._day(r.result_on))

    def _people(self) -> Iterator[str]:
        yield self.say(N_("Stembureauleden bereiden de stemming voor, zetten haar klaar en sluiten de stembus."))
        yield self.say(
            N_(
                "De stembus is op slot tot na het sluiten. Tot die tijd kan niemand de stembiljetten lezen, "
                "ook wij niet. Stembureauleden hebben elk een eigen sleutel."
            )
        )
        yield self.say(
            N_(
                "Een stembureaulid opent de stembus en telt. Een ander stembureaulid kijkt de telling na en maakt "
                "de uitslag bekend. Wie zelf aan de plannen voor de wijk werkt, telt niet."
            )
        )

    def _published(self) -> Iterator[str]:
        r = self.regulation
        figures = {"least": SMALLEST_SHOWN, "fewest": FEWEST_FOR_ORDER, "from_": r.ballots_shown_from}
        yield "- " + self.say(N_("Tijdens de stemming laten wij niemand een tussenstand zien."))
        yield "- " + self.say(N_("Na de telling: de uitslag, hoeveel codes er waren en hoeveel er zijn gebruikt."))
        yield "- " + self.say(
            N_(
                "Een lijst met alle bewijzen. Zo kan iedere stemmer zien dat de eigen stem in de bus zat. Op een bewijs staat geen keuze, en met een bewijs kan niemand een keuze opzoeken."
            )
        )
        yield "- " + self.say(
            N_(
                "Zijn er minder dan %(least)s stembiljetten, dan laten wij geen aantallen zien. Zijn er minder dan "
                "%(fewest)s, dan is dat te weinig voor een uitslag en geldt de volgorde van de loting."
            ),
            **figures,
        )
        if r.with_businesses:
            yield "- " + self.say(
                N_(
                    "Zijn er minder dan %(least)s stembiljetten van bewoners, of minder dan %(least)s van winkels, "
                    "bedrijven en clubs? Dan voegen wij ze samen, en beslissen ze samen. Anders kan iemand raden wie wat "
                    "koos."
                ),
                **figures,
            )
        yield "- " + self.say(
            N_(
                "Zijn er %(from_)s stembiljetten of meer, en is minstens de helft gelijk aan een ander stembiljet? Dan "
                "staan alle stembiljetten zonder naam op de site. Iedereen kan dan natellen."
            ),
            **figures,
        )
        yield "- " + self.say(
            N_("Zo niet, dan staan alleen de totalen op de site. Wie dat vraagt, mag bij ons komen natellen.")
        )

    def _complaints(self) -> Iterator[str]:
        r = self.regulation
        day = self._day(r.complaints_until) if r.complaints_until else "…"
        yield self.say(
            N_(
                "Meld het ons tot en met %(day)s. U krijgt antwoord, en uw melding komt op het telblad. "
                "Na die dag vernietigen wij de sleutels van de stembus en wissen wij de codes."
            ),
            day=day,
        )
        yield self.say(
            N_("Dit reglement ligt vast sinds de stemming is klaargezet. Daarna verandert er niets meer aan.")
        )

    def _choices(self) -> Iterator[str]:
        for choice in self.regulation.choices:
            parts = [
                self.say(
                    N_("Punt %(number)s: %(title)s."), number=choice.number, title=_one_line(choice.title).rstrip(".")
                ),
                _one_line(choice.summary),
                self.say(N_("Dit gaat over %(theme)s."), theme=self.say(choice.theme.label)),
            ]
            if choice.cost is not None:
                parts.append(self.say(N_("Dit kost %(cost)s."), cost=self._money(choice.cost)))
            if choice.feasibility:
                parts.append(self.say(N_("Kan het? %(feasibility)s"), feasibility=_one_line(choice.feasibility)))
            yield "- " + " ".join(part for part in parts if part)

    def _one_or_more(self, number: int, one: str, more: str) -> str:
        return self.say(one) if number == 1 else self.say(more, number=number)

    def _inside(self, label: str) -> str:
        """A label inside a sentence: without its capital."""
        said = self.say(label)
        return said[:1].lower() + said[1:]

    def _money(self, amount: int) -> str:
        figures = f"{amount:,}".replace(",", self.say(THOUSAND)[1])
        return f"€ {figures}" if self.regulation.currency == "EUR" else f"{self.regulation.currency} {figures}"

    def _day(self, value: date | datetime) -> str:
        day = day_of(value) if isinstance(value, datetime) else value
        return f"{day.day} {self.say(MONTHS[day.month - 1])} {day.year}"

    def _clock(self, moment: datetime) -> str:
        there = local(moment)
        return f"{there.hour}{self.say(CLOCK)[2]}{there.minute:02}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
