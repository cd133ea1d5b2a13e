"""Pages one comes to only by doing something: voting, giving a wish, typing something wrong."""

from collections.abc import Iterator

from playwright.sync_api import Page

SEND = "main form button[type=submit], .wa-bar button[type=submit]"


def submit(page: Page, name: str = "") -> None:
    """Press the button that goes on."""
    with page.expect_navigation():
        found = page.locator(f"button[name=go][value={name}]" if name else SEND)
        # The first one of a step is out of sight: it is what the Enter key does.
        (found.last if name else found.first).click()


def voting(page: Page, base: str, code: str) -> Iterator[str]:
    """From a wrong code to the receipt, and what the used code gives."""
    page.goto(f"{base}/stem")
    page.fill("input[name=code]", "K7QM 3XWD 8NPT 2")
    submit(page)
    yield "stemmen-code-fout"
    page.fill("input[name=code]", code)
    submit(page)
    yield "stemmen-kiezen"
    submit(page)
    yield "stemmen-kiezen-fout"
    for i in range(3):
        page.locator("input[name=choices]").nth(i).check(force=True)
    submit(page)
    yield "stemmen-nakijken"
    page.locator("form[action$='/stem/versturen'] button[type=submit]").first.click()
    page.wait_for_url("**/stem/bewijs")
    yield "stemmen-bewijs"
    page.goto(f"{base}/stem")
    page.fill("input[name=code]", code)
    submit(page)
    yield "stemmen-code-gebruikt"


def giving_a_wish(page: Page, base: str, slug: str) -> Iterator[str]:
    """Three steps; nothing is sent."""
    page.goto(f"{base}/wijken/{slug}/wens")
    submit(page, "next")
    yield "wens-geven-1-fout"
    page.fill("textarea[name=text]", "Graag meer lampen in het park. In de avond is het er donker.")
    page.select_option("select[name=theme]", index=1)
    submit(page, "next")
    if page.locator("#lijkt-erop").count():
        yield "wens-geven-1-lijkt-erop"
        submit(page, "next")
    yield "wens-geven-2"
    page.locator("input[name=place_choice][value=no_place]").check(force=True)
    submit(page, "next")
    yield "wens-geven-3"


def a_wrong_address(page: Page, base: str, _argument: str) -> Iterator[str]:
    """What is not there, and a form that misses something."""
    page.goto(f"{base}/wijken/nergens")
    yield "fout-404"
    page.goto(f"{base}/werkplek/aanmelden")
    submit(page)
    yield "aanmelden-fout"
