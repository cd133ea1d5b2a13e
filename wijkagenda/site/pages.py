"""Pages composed from many slices, for residents."""

from flask import Blueprint, render_template

from wijkagenda.site.information import INFORMATION, page_of
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.page_cache import public_page

pages = Blueprint("home", __name__)

for _endpoint, (_path, _template) in INFORMATION.items():
    pages.add_url_rule(_path, _endpoint, page_of(_template), methods=["GET"])


@pages.get("/")
@open_to_everyone
@public_page
def index() -> str:
    return render_template("site/home.html")


@pages.get("/wijken")
@open_to_everyone
@public_page
def neighbourhoods() -> str:
    return render_template("site/neighbourhoods.html")


@pages.get("/zoeken")
@open_to_everyone
@public_page
def search() -> str:
    return render_template("site/search.html")


@pages.get("/cijfers")
@open_to_everyone
@public_page
def open_data() -> str:
    return render_template("site/open_data.html")
