"""News about surveys and meetings, for whoever follows the neighbourhood."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SurveyOpened:
    """Residents of these neighbourhoods can answer (from its first day on)."""

    survey_id: int
    neighbourhood_ids: tuple[int, ...]


@dataclass(frozen=True)
class SurveyResultsPublished:
    survey_id: int
    neighbourhood_ids: tuple[int, ...]


@dataclass(frozen=True)
class MeetingPlanned:
    meeting_id: int


@dataclass(frozen=True)
class MeetingCancelled:
    meeting_id: int
