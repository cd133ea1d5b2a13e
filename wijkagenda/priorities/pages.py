"""Routes of this subject for residents."""

from flask import Blueprint

pages = Blueprint("priorities", __name__)
