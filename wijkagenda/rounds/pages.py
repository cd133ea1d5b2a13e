"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("rounds", __name__)
