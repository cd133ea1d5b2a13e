"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("neighbourhoods", __name__)
