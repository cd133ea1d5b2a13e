"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("voting", __name__)
