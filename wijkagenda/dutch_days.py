"""Days as people in the Netherlands live them: moments are kept in UTC, and a day there begins an hour or two earlier."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def local(moment: datetime) -> datetime:
    """A moment on the clock in Amsterdam."""
    return moment.astimezone(AMSTERDAM)


def day_of(moment: datetime) -> date:
    """The day in the Netherlands."""
    return local(moment).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in the Netherlands."""
    return datetime.combine(day, time(0), AMSTERDAM)
