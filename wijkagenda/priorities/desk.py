"""Routes of this subject for staff."""

from flask import Blueprint

desk = Blueprint("priorities_desk", __name__, url_prefix="/werkplek")
