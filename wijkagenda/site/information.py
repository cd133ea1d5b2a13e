"""Pages that only explain: how it works, help, privacy, rules."""

from collections.abc import Callable

from flask import render_template

from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.page_cache import public_page

INFORMATION = {
    "how": ("/zo-werkt-het", "site/how.html"),
    "help": ("/hulp", "site/help.html"),
    "privacy": ("/privacy", "site/privacy.html"),
    "accessibility": ("/toegankelijkheid", "site/accessibility.html"),
    "recount": ("/zelf-natellen", "site/recount.html"),
    "rules": ("/onze-regels", "site/rules.html"),
}


def page_of(template: str) -> Callable[[], str]:
    """A view that shows one template, the same for everyone."""

    @open_to_everyone
    @public_page
    def show() -> str:
        return render_template(template)

    return show
