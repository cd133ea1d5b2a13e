"""The desk: what waits for staff, over all slices."""

from flask import Blueprint

desk = Blueprint("desk", __name__, url_prefix="/werkplek")
