"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("progress", __name__)
