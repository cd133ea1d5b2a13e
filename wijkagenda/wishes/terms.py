"""Within how many days what happens to a wish (defaults; a municipality may promise less)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
READ_WITHIN = timedelta(days=5)
"""A new wish is read and placed."""
ANSWER_WITHIN = timedelta(weeks=6)
"""A wish has its answer."""
SECOND_LOOK_WITHIN = timedelta(weeks=4)
"""A wish that is looked at again has its new answer."""


def day_of(moment: datetime) -> date:
    """The day in the Netherlands: terms count in days as people there live them."""
    return moment.astimezone(AMSTERDAM).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in the Netherlands."""
    return datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM)
