"""The desk: what waits for staff, over all slices."""

from flask import Blueprint, render_template

from wijkagenda.web.access import staff_only

desk = Blueprint("desk", __name__, url_prefix="/werkplek")


@desk.get("")
@staff_only
def work_list() -> str:
    return render_template("site/work_list.html")
