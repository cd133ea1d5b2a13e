"""/health: whether the database and the queue work; for the one who runs the server."""

import sqlalchemy as sa
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from redis import Redis, RedisError

from wijkagenda.config import Settings
from wijkagenda.db import db
from wijkagenda.web.access import open_to_everyone

pages = Blueprint("health", __name__)


@pages.get("/health")
@open_to_everyone
def health() -> ResponseReturnValue:
    """200 with {"database": "ok", "queue": "ok"|"none"}; 503 when something is down."""
    settings: Settings = current_app.config["SETTINGS"]
    state = {"database": "ok", "queue": "none"}
    try:
        db.session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        state["database"] = "down"
    if settings.redis_url:
        try:
            Redis.from_url(settings.redis_url, socket_connect_timeout=2, socket_timeout=2).ping()
            state["queue"] = "ok"
        except RedisError:
            state["queue"] = "down"
    answer = jsonify(state)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 503 if "down" in state.values() else 200
