"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("plan", __name__)
