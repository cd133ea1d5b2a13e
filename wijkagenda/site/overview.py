"""What a manager watches: per neighbourhood the wishes, what is late, the actions, the money, the last news."""

from dataclasses import dataclass
from datetime import date

from wijkagenda.neighbourhoods.models import Neighbourhood
from wijkagenda.plan.models import ActionState
from wijkagenda.plan.queries import ActionOverview, overview_per_neighbourhood
from wijkagenda.progress.queries import last_news_days
from wijkagenda.rounds.models import Phase
from wijkagenda.rounds.queries import present_phases
from wijkagenda.wishes.queries import counts_per_neighbourhood
from wijkagenda.wishes.waiting import waiting_wishes

QUIET_DAYS = 42
"""Six weeks without news is too long while an agenda is carried out."""


@dataclass(frozen=True)
class OverviewRow:
    """One neighbourhood as its manager sees it."""

    neighbourhood: Neighbourhood
    phase: Phase | None
    wishes: int
    late: int
    actions: ActionOverview | None
    last_news: date | None
    is_quiet: bool


@dataclass(frozen=True)
class Overview:
    """All rows, and the sums to act on."""

    rows: list[OverviewRow]
    late_answers: int
    delayed_actions: int

    def worst(self, what: str) -> OverviewRow | None:
        """The neighbourhood with most late answers ('late') or delayed actions ('delayed')."""
        count = (lambda row: row.late) if what == "late" else _delayed
        return max(self.rows, key=count, default=None)


def _delayed(row: OverviewRow) -> int:
    return row.actions.standing.counts.get(ActionState.DELAYED, 0) if row.actions else 0


def overview_of(neighbourhoods: list[Neighbourhood], areas: set[int] | None, today: date) -> Overview:
    """Everything in a fixed number of queries, however many neighbourhoods there are."""
    phases = present_phases(today)
    actions = overview_per_neighbourhood()
    news = last_news_days()
    wishes = counts_per_neighbourhood()
    late: dict[str, int] = {}
    for row in waiting_wishes(areas, today):
        late[row.neighbourhood] = late.get(row.neighbourhood, 0) + int(row.is_late)
    rows = [
        OverviewRow(
            neighbourhood=neighbourhood,
            phase=phases.get(neighbourhood.id),
            wishes=wishes.get(neighbourhood.id, 0),
            late=late.get(neighbourhood.name, 0),
            actions=actions.get(neighbourhood.id),
            last_news=news.get(neighbourhood.id),
            is_quiet=_is_quiet(neighbourhood.id, actions, news, today),
        )
        for neighbourhood in neighbourhoods
    ]
    return Overview(rows, sum(row.late for row in rows), sum(_delayed(row) for row in rows))


def _is_quiet(key: int, actions: dict[int, ActionOverview], news: dict[int, date], today: date) -> bool:
    return key in actions and (key not in news or (today - news[key]).days > QUIET_DAYS)
