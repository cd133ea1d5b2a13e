"""Who may come in: every route states to whom it is open, also when that is everyone.

The guard decorator marks a view; `enforce_guards` checks it before the view runs, and refuses to
serve a view without one. Fine rights (whose neighbourhood is this?) are checked in the operations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from wijkagenda.db import begin_write
from wijkagenda.errors import NotAllowed
from wijkagenda.people.actors import VISITOR, Actor, actor_of
from wijkagenda.people.models import Role
from wijkagenda.people.queries import staff_by_id

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Guard:
    """To whom a route is open: everyone, all staff, or staff with one of `roles` anywhere."""

    everyone: bool = False
    roles: frozenset[Role] = frozenset()

    @property
    def description(self) -> str:
        if self.everyone:
            return "everyone"
        if not self.roles:
            return "staff"
        return " or ".join(sorted(role.value for role in self.roles))

    def admits(self, actor: Actor) -> bool:
        if self.everyone:
            return True
        if not actor.is_staff:
            return False
        return not self.roles or actor.has_any(self.roles)


def _guarded(guard: Guard) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]
        return view

    return mark


def open_to_everyone(view: View) -> View:
    """No sign-in needed."""
    return _guarded(Guard(everyone=True))(view)


def staff_only(view: View) -> View:
    """Anybody who works here and is signed in."""
    return _guarded(Guard())(view)


def roles(*wanted: Role) -> Callable[[View], View]:
    """Staff with one of these roles, somewhere; the operation checks where."""
    return _guarded(Guard(roles=frozenset(wanted)))


class SignedIn(UserMixin):
    """What Flask-Login keeps for a request: the id, and the actor made from the database."""

    def __init__(self, actor: Actor) -> None:
        self.id = str(actor.staff_id)
        self.actor = actor


def current_actor() -> Actor:
    """Who makes this request, with the rights of this moment."""
    if "actor" not in g:
        g.actor = current_user.actor if current_user.is_authenticated else VISITOR
    return g.actor


def init_access(app: Flask) -> None:
    """Switch on sign-in and the guards."""
    manager = LoginManager(app)
    manager.session_protection = "basic"

    @manager.user_loader
    def load(user_id: str) -> SignedIn | None:
        member = staff_by_id(int(user_id)) if user_id.isdigit() else None
        return SignedIn(actor_of(member)) if member else None

    app.before_request(enforce_guards)
    app.after_request(_keep_private_pages_private)


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    """The guard of a route; static files are open to everyone."""
    if endpoint == "static":
        return Guard(everyone=True)
    return getattr(app.view_functions[endpoint], "guard", None)


def enforce_guards() -> Response | None:
    """Let in, send to the sign-in page, or refuse."""
    if request.endpoint is None:
        return None
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        raise RuntimeError(f"route {request.endpoint} does not state to whom it is open")
    if request.method not in SAFE_METHODS:
        begin_write()
    if guard.everyone:
        return None
    actor = current_actor()
    if not actor.is_staff:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.ask", verder=target))
    if not guard.admits(actor):
        raise NotAllowed
    return None


def _keep_private_pages_private(response: Response) -> Response:
    """Nothing a staff member saw stays behind in a shared cache or on a library computer."""
    guard = guard_of(current_app, request.endpoint) if request.endpoint else None
    if guard is not None and not guard.everyone:
        response.headers["Cache-Control"] = "no-store"
    return response
