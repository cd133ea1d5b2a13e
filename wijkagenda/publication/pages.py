"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("publication", __name__)
