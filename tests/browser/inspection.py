"""What must hold for every page as it stands in a window."""

from tests.windows import DESK, PHONE, Window

SMALLEST = {"width": 320, "height": 640}


def inspect(window: Window, *, seen_before: bool = False) -> list[str]:
    """Everything that is wrong here: at desk width, on a phone, and how far it scrolls sideways at 390 and 320.

    A page of a kind that was seen before is looked at by axe on a phone only.
    """
    page = window.page
    found = [] if seen_before else [f"desk: {problem}" for problem in window.axe()]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found += [f"phone: {problem}" for problem in window.axe()]
    for size in (PHONE, SMALLEST):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        too_wide = page.evaluate(
            "() => [document.documentElement.scrollWidth - window.innerWidth, [...document.querySelectorAll('main *')]"
            ".filter(e => e.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 3)"
            ".map(e => e.tagName + '.' + e.className)]"
        )
        if too_wide[0] > 0:
            found.append(f"{size['width']} px: {page.url} scrolls {too_wide[0]} px sideways: {too_wide[1]}")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found
