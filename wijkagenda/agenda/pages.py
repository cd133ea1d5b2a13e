"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("agenda", __name__)
