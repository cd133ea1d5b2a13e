"""What one can do now in a neighbourhood: the sentence, the explanation and the button of its phase."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from wijkagenda.consultations.models import NeighbourhoodSurvey
from wijkagenda.dutch_days import local
from wijkagenda.plan.queries import Standing
from wijkagenda.rounds.models import AgendaRound, Phase, PhaseKind
from wijkagenda.rounds.queries import phase_on
from wijkagenda.voting.models import BallotType, VotingRound, VotingState
from wijkagenda.web.i18n import day_month, days_left, long_date, period, week_date


@dataclass(frozen=True)
class NowField:
    """The field under the name of a wijk. `look` 'calm' where there is nothing to do: then it is not yellow."""

    title: str
    text: str = ""
    button: str = ""
    url: str = ""
    way_out: str = ""
    way_out_url: str = ""
    rules_url: str = ""
    look: str = ""


@dataclass(frozen=True)
class Situation:
    """What is known of a neighbourhood's present round."""

    slug: str
    name: str
    today: date
    now: datetime
    agenda_round: AgendaRound | None
    voting_round: VotingRound | None = None
    survey: NeighbourhoodSurvey | None = None
    standing: Standing | None = None
    adopted: bool = False
    """Whether the agenda of this round is adopted; that can be before the last day of its phase."""

    @property
    def phase(self) -> Phase | None:
        return phase_on(self.agenda_round, self.today) if self.agenda_round else None


def last_day(ends_at: datetime) -> date:
    """The last whole day on which something can be done that ends at this moment."""
    return (local(ends_at) - timedelta(seconds=1)).date()


def until(day: date) -> str:
    return _("Het kan tot en met %(day)s.", day=week_date(day))


def now_field(here: Situation) -> NowField:
    """The right sentence for the phase; what one can do comes before what goes on."""
    phase = here.phase
    if here.voting_round is not None and here.voting_round.takes_votes(here.now):
        return _vote(here.voting_round, here.today)
    if phase is not None and phase.kind is PhaseKind.LISTENING and here.today <= phase.ends_on:
        return _listen(here, phase)
    if here.survey is not None:
        return _survey(here, here.survey)
    if phase is None:
        return _nothing_yet(here)
    if here.adopted and phase.kind is not PhaseKind.CARRYING_OUT:
        return _adopted(here)
    return {
        PhaseKind.LISTENING: _listened,
        PhaseKind.BUNDLING: _bundle,
        PhaseKind.VOTING: _around_the_vote,
        PhaseKind.ADOPTING: _adopt,
        PhaseKind.CARRYING_OUT: _carry_out,
    }[phase.kind](here)


def _vote(voting_round: VotingRound, today: date) -> NowField:
    last = last_day(voting_round.closes_at)
    return NowField(
        _("U kunt nu stemmen. %(left)s.", left=days_left(last, today)),
        _what_to_do(voting_round) + " " + until(last),
        _("Stemmen met uw code"),
        url_for("voting.enter_code"),
        _("Geen brief met code gekregen?"),
        url_for("voting.help_page"),
        _rules_of(voting_round),
    )


def _rules_of(voting_round: VotingRound) -> str:
    if not voting_round.regulation_hash:
        return ""
    slug = voting_round.round.neighbourhood.slug
    return url_for("voting_rules.regulation", slug=slug, voting_round_id=voting_round.id)


def _what_to_do(voting_round: VotingRound) -> str:
    if voting_round.ballot_type is BallotType.POINTS:
        return _("Verdeel %(n)s punten over wat als eerste moet gebeuren.", n=voting_round.points)
    if voting_round.budget is not None:
        return _("Kies %(n)s punten waar het geld naartoe moet.", n=voting_round.max_choices)
    return _("Kies %(n)s punten die als eerste moeten gebeuren.", n=voting_round.max_choices)


def _listen(here: Situation, phase: Phase) -> NowField:
    asks = here.survey is not None
    return NowField(
        _("U kunt nu een wens doen. %(left)s.", left=days_left(phase.ends_on, here.today)),
        _("Vertel wat er beter kan in %(name)s.", name=here.name) + " " + until(phase.ends_on),
        _("Doe een wens"),
        url_for("wishes.give", slug=here.slug),
        _("Vul ook de vragenlijst in") if asks else "",
        url_for("consultations.survey", slug=here.slug) if asks else "",
    )


def _survey(here: Situation, survey: NeighbourhoodSurvey) -> NowField:
    last = last_day(survey.closes_at)
    return NowField(
        _("Vul de vragenlijst in. %(left)s.", left=days_left(last, here.today)),
        _("Vertel hoe u het vindt om in %(name)s te wonen.", name=here.name) + " " + until(last),
        _("Naar de vragenlijst"),
        url_for("consultations.survey", slug=here.slug),
    )


def _next(here: Situation, kind: PhaseKind) -> Phase | None:
    phases = here.agenda_round.phases if here.agenda_round else []
    return next((phase for phase in phases if phase.kind is kind and phase.starts_on > here.today), None)


def _listened(here: Situation) -> NowField:
    following = _next(here, PhaseKind.BUNDLING)
    text = _("Op %(day)s beginnen wij met bundelen.", day=long_date(following.starts_on)) if following else ""
    return NowField(_("U kunt geen wens meer doen. Wij lezen alle wensen."), text, look="calm")


def _bundle(here: Situation) -> NowField:
    following = _next(here, PhaseKind.VOTING)
    title = _("Wij bundelen uw wensen.")
    if following:
        title += " " + _("In %(month)s ziet u de punten.", month=_month(following.starts_on, here.today))
    return NowField(title, _("Wij voegen wensen samen die bij elkaar horen. En wij zoeken uit wat kan."), look="calm")


def _around_the_vote(here: Situation) -> NowField:
    vote = here.voting_round
    if vote is not None and vote.state is VotingState.PUBLISHED:
        return _result(here, vote)
    if vote is not None and here.now >= vote.closes_at:
        return NowField(
            _("De stemming is gesloten. Wij tellen de stemmen."),
            _("Op %(day)s hoort u de uitslag.", day=long_date(vote.result_on)),
            look="calm",
        )
    start = local(vote.opens_at).date() if vote is not None else None
    if start and start >= here.today:
        return NowField(
            _("U kunt binnenkort stemmen. Vanaf %(day)s.", day=week_date(start)),
            _("U krijgt een brief met een code. Daarmee kunt u stemmen."),
            look="calm",
        )
    return NowField(
        _("Wij bereiden de stemming voor."), _("U krijgt een brief met een code. Daarmee kunt u stemmen."), look="calm"
    )


def _result(here: Situation, vote: VotingRound) -> NowField:
    return NowField(
        _("De uitslag van de stemming is bekend."),
        _("De gemeente stelt nu de wijkagenda vast."),
        _("Bekijk de uitslag"),
        url_for("voting_result.result", slug=here.slug, voting_round_id=vote.id),
        look="calm",
    )


def _adopt(here: Situation) -> NowField:
    if here.voting_round is not None and here.voting_round.state is VotingState.PUBLISHED:
        return _result(here, here.voting_round)
    return NowField(
        _("Wij stellen de wijkagenda vast."),
        _("De gemeente neemt een besluit over de punten en de volgorde."),
        look="calm",
    )


def _adopted(here: Situation) -> NowField:
    return NowField(
        _("De wijkagenda is vastgesteld en staat op de site."),
        "",
        _("Bekijk de hele wijkagenda"),
        url_for("plan.agenda", slug=here.slug),
        look="calm",
    )


def _carry_out(here: Situation) -> NowField:
    title = _("Wij voeren de agenda uit.")
    if here.standing is not None and here.standing.total:
        title += " " + _(
            "%(done)s van %(total)s acties zijn klaar.", done=here.standing.done, total=here.standing.total
        )
    return NowField(title, _("U ziet hieronder wat klaar is, wat later komt en waarom."), look="calm")


def _nothing_yet(here: Situation) -> NowField:
    first = here.agenda_round.phases[0] if here.agenda_round and here.agenda_round.phases else None
    if first is not None:
        return NowField(
            _("Wij beginnen op %(day)s met een wijkagenda.", day=long_date(first.starts_on)),
            _("Dan kunt u vertellen wat er beter kan in %(name)s.", name=here.name),
            look="calm",
        )
    return NowField(
        _("Deze wijk heeft nog geen wijkagenda."),
        _("Wilt u iets melden of vragen? Bel het gebiedsteam."),
        look="calm",
    )


def _month(day: date, today: date) -> str:
    return format_date(day, "MMMM" if day.year == today.year else "MMMM yyyy")


def phase_dates(phase: Phase, today: date) -> str:
    """The days of a phase, as short as they can be told: years for years, a month for a month."""
    if (phase.ends_on - phase.starts_on).days > 300:
        first, last = phase.starts_on.year, phase.ends_on.year
        return f"{first} – {last}" if last > first else str(first)
    if phase.starts_on > today and (phase.starts_on.year, phase.starts_on.month) == (
        phase.ends_on.year,
        phase.ends_on.month,
    ):
        return format_date(phase.starts_on, "MMMM yyyy")
    if phase.starts_on.year == phase.ends_on.year != today.year:
        return period(phase.starts_on, phase.ends_on)
    # The year of now goes without saying, and of two years the last one says enough.
    until_day = day_month(phase.ends_on) if phase.ends_on.year == today.year else long_date(phase.ends_on)
    same_month = (phase.starts_on.year, phase.starts_on.month) == (phase.ends_on.year, phase.ends_on.month)
    from_day = str(phase.starts_on.day) if same_month else day_month(phase.starts_on)
    return f"{from_day} – {until_day}"


def month_of_quarter(year: int, quarter: int) -> str:
    """'juni 2027': what is promised in a quarter is ready by its last month."""
    return format_date(date(year, quarter * 3, 1), "MMMM yyyy")
