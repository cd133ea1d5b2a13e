"""Whoever walks notices what is wrong with a page, in a window with and without script: else no walk proves anything."""

from collections.abc import Callable

import pytest

from tests.live import Platform
from tests.walks.people import ON_A_PHONE, WITHOUT_SCRIPT, Person, Way, ways

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("votes")]

SPOIL = """words => document.querySelector("main").insertAdjacentHTML("beforeend",
  `<h2 id="bedorven">${words}</h2><input name="zonder-naam"><table width="3000"><tr><td>breed</td></tr></table>`)"""
MORE = """() => {
  document.getElementById("bedorven").style.color = "#ddd";
  console.error("er ging iets mis");
}"""


@ways(phone=ON_A_PHONE, without_script=WITHOUT_SCRIPT)
def test_somebody_who_walks_notices_what_is_wrong_on_the_way(
    platform_of_votes: Platform, person: Callable[..., Person], way: Way
) -> None:
    resident = person(way)
    resident.hands.page.goto(f"{platform_of_votes.url}/stem")
    resident.look_around()
    assert resident.problems == []
    resident.hands.page.evaluate(SPOIL, f"Bedorven {way.script}")
    if way.script:
        resident.hands.page.evaluate(MORE)
    # Before a step to another page: the page as it stands is looked at.
    resident.hands.press("Verder")
    found = "\n".join(resident.problems)
    only_with_script = ("color-contrast", "er ging iets mis") if way.script else ()
    for problem in ("label: ", "px sideways", *only_with_script):
        assert problem in found
    resident.problems.clear()
