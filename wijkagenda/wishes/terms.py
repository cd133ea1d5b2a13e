"""Within how many days what happens to a wish (defaults; a municipality may promise less)."""

from datetime import timedelta

READ_WITHIN = timedelta(days=5)
"""A new wish is read and placed."""
ANSWER_WITHIN = timedelta(weeks=6)
"""A wish has its answer."""
SECOND_LOOK_WITHIN = timedelta(weeks=4)
"""A wish that is looked at again has its new answer."""
