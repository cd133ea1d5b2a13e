"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("consultations", __name__)
