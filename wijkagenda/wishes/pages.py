"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("wishes", __name__)
