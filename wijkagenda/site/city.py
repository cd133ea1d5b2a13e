"""The city in one view: every neighbourhood, what goes on there, and what one can do now."""

from dataclasses import dataclass
from datetime import date, datetime

from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.consultations.queries import open_surveys
from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.neighbourhoods.queries import all_neighbourhoods
from wijkagenda.rounds.models import Phase, PhaseKind
from wijkagenda.rounds.queries import present_phases
from wijkagenda.voting.models import VotingRound
from wijkagenda.voting.queries import open_rounds

PHASE_ORDER = (
    PhaseKind.VOTING,
    PhaseKind.LISTENING,
    PhaseKind.BUNDLING,
    PhaseKind.ADOPTING,
    PhaseKind.CARRYING_OUT,
    None,
)
"""The order of the legend: first where one can do something."""


@dataclass(frozen=True)
class CityRow:
    """One neighbourhood as the city sees it; no phase where nothing was ever planned."""

    neighbourhood: Neighbourhood
    phase: Phase | None
    voting_round: VotingRound | None
    survey: NeighbourhoodSurvey | None

    @property
    def kind(self) -> PhaseKind | None:
        return self.phase.kind if self.phase else None


@dataclass(frozen=True)
class CityView:
    """Every neighbourhood by name, in four queries however many there are."""

    rows: list[CityRow]

    @property
    def voting_open(self) -> bool:
        return any(row.voting_round for row in self.rows)

    def counts(self) -> list[tuple[PhaseKind | None, int]]:
        """How many neighbourhoods are in each phase, in the order of the legend."""
        return [(kind, sum(1 for row in self.rows if row.kind is kind)) for kind in PHASE_ORDER]

    def by_city_district(self, rows: list[CityRow] | None = None) -> list[tuple[str, list[CityRow]]]:
        """Rows per city district, by name; the most urgent phase first, then by name."""
        found: dict[str, list[CityRow]] = {}
        for row in self.rows if rows is None else rows:
            city_district = row.neighbourhood.city_district
            found.setdefault(city_district.name if city_district else "", []).append(row)
        return [
            (name, sorted(inside, key=lambda row: (PHASE_ORDER.index(row.kind), row.neighbourhood.name)))
            for name, inside in sorted(found.items(), key=lambda pair: (pair[0] == "", pair[0]))
        ]


@dataclass(frozen=True)
class Chance:
    """Something one can do now in a neighbourhood, until and including `until`."""

    row: CityRow
    what: str
    until: date


def city_view(today: date, now: datetime) -> CityView:
    """Read the whole city."""
    phases = present_phases(today)
    surveys = open_surveys(now)
    votes: dict[int, VotingRound] = {}
    for voting_round in open_rounds(now):
        votes.setdefault(voting_round.round.neighbourhood_id, voting_round)
    return CityView(
        [CityRow(one, phases.get(one.id), votes.get(one.id), surveys.get(one.id)) for one in all_neighbourhoods()]
    )
