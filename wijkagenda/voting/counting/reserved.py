"""Places: how many seats there are, and which of them are kept for a theme."""

from collections import Counter

from wijkagenda.voting.counting.outcome import Note
from wijkagenda.voting.counting.profile import Money, Profile
from wijkagenda.voting.counting.terms import Terms


class Places:
    """The seats of a round while they are given out.

    An option may be taken only if the seats left after it still suffice for the reserves that are not met yet. Once
    an option may not be taken, it never may again: `left` minus `owed` never grows. What supported options cannot
    fill of a reserve lapses at the beginning; `notes` says so.
    """

    def __init__(self, profile: Profile, terms: Terms) -> None:
        self.profile = profile
        supported = Counter(
            option.theme for option, support in zip(profile.options, profile.support, strict=True) if support
        )
        self.left: int | None = None if terms.about_money else terms.seats
        self.owed: Counter[str] = Counter()
        self.notes: list[Note] = []
        for reserve in terms.reserved:
            can = min(reserve.at_least, supported[reserve.theme])
            self.owed[reserve.theme] = can
            if can < reserve.at_least:
                figures: dict[str, Money | str] = {
                    "theme": reserve.theme,
                    "at_least": reserve.at_least,
                    "supported": can,
                }
                self.notes.append(Note("reserve-lapsed", figures))

    @property
    def full(self) -> bool:
        return self.left == 0

    def may_take(self, place: int) -> bool:
        if self.left is None:
            return True
        return self.left > 0 and (
            self.owed[self.profile.options[place].theme] > 0 or self.left - 1 >= self.owed.total()
        )

    def take(self, place: int) -> str:
        """Give a seat to this option; answers the theme whose reserve it fills, or nothing."""
        if self.left is None:
            return ""
        theme = self.profile.options[place].theme
        # A seat fills a reserve where one is owed, also when the option would have come without it.
        needed = self.left - 1 < self.owed.total()
        self.left -= 1
        if self.owed[theme] > 0:
            self.owed[theme] -= 1
            return theme if needed else ""
        return ""
