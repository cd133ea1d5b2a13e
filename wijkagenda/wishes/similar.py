"""Wishes that look like a text: shared words that say something, no list of synonyms, no learning.

The method is public and the same on every database: words of the text that are not everyday words,
without their endings, found in titles and texts; rare words count more than common ones. "park" is
also found in "Molenpark", because Dutch writes words together.
"""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from geo.names import fold

EVERYDAY_WORDS = frozenset(
    # Dutch and English together: a word that is everyday in one says little in the other.
    """
    aan af al alle alleen alles als altijd anders b ben bent bij bijna bijv bijvoorbeeld daar daarom dan dat de deze die
    dit doe doen door dus een eens eerst elk elke en er erg ergens even ga gaan gaat geen gewoon goed graag haar had
    heb hebben heeft heel helemaal hem het hier hij hoe hun ieder iedereen iets ik in is ja je jij jou jullie kan
    kom komen komt kon kunnen kunt laat langs maak maar maken me meer men mensen met mij mijn moet moeten mogen na naar
    niet niets nog nooit nu of om omdat onder ons onze ook op over overal per plek s samen soms staan staat te tegen
    tot tussen u uit uw vaak van vanaf veel voor wat we weer wel wens wensen werd wij wijk wil willen wordt worden ze
    alvast bedankt dank hartelijk groet groeten
    zeer zelf zich zien zijn zit zitten zo zou zouden zonder zullen
    a about all also always an and any are around as at be because been but by can could do does for from get go had
    has have he her here his how i if in into is it its just like make many more most much my near need needs no not
    of on one only or our out people please she should so some that the their them then there they this to too us
    very want was we were what when where which who will with would you your
    """.split()  # noqa: SIM905
)
SHORTEST_PART = 4
UNCOMMON = 0.1
"""A word in at most a tenth of the wishes says enough on its own, when it stands in a title."""
_ENDINGS = ("tjes", "jes", "tje", "je", "en", "er", "es", "e", "s")


@dataclass(frozen=True)
class Candidate:
    """A wish to compare with: any key, its title and its text."""

    key: int
    title: str
    text: str


def significant_words(text: str) -> set[str]:
    """The words of `text` that say what it is about, without case, accents and endings."""
    return {_stem(word) for word in re.findall(r"\w{3,}", fold(text)) if word not in EVERYDAY_WORDS}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_PART - 1:
            word = word[: -len(ending)]
            break
    # bomen - boom, straten - straat, lampen - lamp: one vowel, one closing consonant.
    return re.sub(r"([aeou])\1", r"\1", re.sub(r"([bcdfgklmnprst])\1$", r"\1", word))


def rank_similar(text: str, candidates: Sequence[Candidate], limit: int = 3) -> list[int]:
    """The keys of the candidates most like `text`, best first, the newest (highest key) first when equal.

    Alike are wishes that share two words, or one uncommon word in the title. Of wishes with the same
    title only the best is named.
    """
    wanted = significant_words(text)
    holders: dict[str, set[int]] = defaultdict(set)
    titles: dict[str, set[int]] = defaultdict(set)
    for candidate in candidates:
        in_title = significant_words(candidate.title)
        for word in in_title | significant_words(candidate.text):
            holders[word].add(candidate.key)
        for word in in_title:
            titles[word].add(candidate.key)
    scores: dict[int, float] = defaultdict(float)
    shared: dict[int, int] = defaultdict(int)
    telling: set[int] = set()
    for word in wanted:
        alike = [other for other in holders if _same(word, other)]
        found = set().union(*(holders[other] for other in alike))
        named = set().union(*(titles[other] for other in alike if other in titles))
        weight = math.log(1 + len(candidates) / (1 + len(found)))
        if len(found) <= max(3, len(candidates) * UNCOMMON):
            telling |= named
        for key in found:
            scores[key] += weight * (1.5 if key in named else 1.0)
            shared[key] += 1
    good = sorted(
        (key for key in scores if shared[key] >= 2 or key in telling), key=lambda key: (-round(scores[key], 6), -key)
    )
    name = {candidate.key: fold(candidate.title) for candidate in candidates}
    best = {name[key]: key for key in reversed(good)}
    return [key for key in good if best[name[key]] == key][:limit]


def _same(word: str, other: str) -> bool:
    if word == other:
        return True
    if len(word) < SHORTEST_PART or len(other) < SHORTEST_PART:
        return False
    return other.endswith(word) or word.endswith(other)
