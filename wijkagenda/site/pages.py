"""Pages composed from many slices, for residents."""

from flask import Blueprint

pages = Blueprint("home", __name__)
