"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("feedback", __name__)
