"""Staff sign in with a mailed link; in the demo also with one click per role."""

import re
from dataclasses import dataclass

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Email, Length

from wijkagenda.config import Settings
from wijkagenda.db import unit_of_work
from wijkagenda.errors import N_, NotFound
from wijkagenda.events import emit
from wijkagenda.people import operations, queries
from wijkagenda.people.actors import actor_of
from wijkagenda.people.models import StaffMember
from wijkagenda.web.access import SignedIn, open_to_everyone
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form, invalid
from wijkagenda.web.headers import leaves_no_trace
from wijkagenda.web.i18n import current_language
from wijkagenda.web.limits import limiter

pages = Blueprint("sign_in", __name__, url_prefix="/werkplek")
_OWN_PATH = re.compile(r"/werkplek(?:[/?][^\\\x00-\x20\x7f]*)?")


@dataclass(frozen=True)
class SignInLinkAsked:
    """News: somebody typed this address to sign in. Whether anybody works here under it is found out later.

    target: the path of the desk they wanted to see, or ''.
    """

    email: str
    target: str
    language: str


class SignInForm(Form):
    email = StringField(
        _l("Uw mailadres van het werk"),
        validators=[
            DataRequired(_l("Vul uw mailadres in.")),
            Length(max=254, message=_l("Dit mailadres is te lang.")),
            Email(_l("Dit mailadres klopt niet. Bijvoorbeeld: naam@post.example")),
        ],
    )


def _own_path(target: str | None) -> str:
    """Only a path of the desk; never another host, never a second header line. '' for anything else."""
    return target if target and _OWN_PATH.fullmatch(target) and "//" not in target else ""


def _safe_target(target: str | None) -> str:
    """Where to go after signing in."""
    path = _own_path(target)
    return request.script_root + path if path else url_for("desk.work_list")


@pages.get("/aanmelden")
@open_to_everyone
def ask() -> str:
    return _render_ask(SignInForm())


def _render_ask(form: SignInForm) -> str:
    return render_template("people/sign_in.html", **_ask_context(form))


def _ask_context(form: SignInForm) -> dict[str, object]:
    return {"form": form, "target": request.args.get("verder", "")}


@pages.post("/aanmelden")
@open_to_everyone
@limiter.limit("10 per 15 minutes")
def send_link() -> Response | tuple[str, int]:
    form = SignInForm()
    if not form.validate_on_submit():
        return invalid("people/sign_in.html", **_ask_context(form))  # type: ignore[arg-type]
    # The same work for everyone, too: how long this takes tells nothing. The worker looks who it is.
    with unit_of_work():
        emit(
            SignInLinkAsked(
                email=form.email.data or "", target=_own_path(request.args.get("verder")), language=current_language()
            )
        )
    # The same answer for everyone: nobody learns who works here.
    return redirect(url_for("sign_in.sent"))


@pages.get("/aanmelden/verstuurd")
@open_to_everyone
def sent() -> str:
    return render_template("people/sign_in_sent.html")


@pages.get("/aanmelden/<token>")
@open_to_everyone
@leaves_no_trace
def confirm(token: str) -> str:
    """A page with a button: mail scanners open links, and must not use them up."""
    return render_template(
        "people/sign_in_confirm.html",
        form=Form(),
        token=token,
        target=request.args.get("verder", ""),
    )


@pages.post("/aanmelden/<token>")
@open_to_everyone
@limiter.limit("20 per 15 minutes")
def use_link(token: str) -> Response:
    with unit_of_work():
        member = operations.use_sign_in_link(token=token, now=now())
        signed_in = SignedIn(actor_of(member))
    login_user(signed_in)
    return redirect(_safe_target(request.args.get("verder")))


@pages.post("/afmelden")
@open_to_everyone
def leave() -> Response:
    logout_user()
    return redirect(url_for("home.index"))


def _demo_sign_in(staff_id: int) -> Response:
    member = next((m for m in queries.all_staff() if m.id == staff_id and m.is_active), None)
    if member is None:
        raise NotFound(N_("Deze proefmedewerker bestaat niet."))
    login_user(SignedIn(actor_of(member)))
    return redirect(_safe_target(request.args.get("verder")))


def demo_staff() -> list[StaffMember]:
    """Whom the demo offers as a click."""
    return [member for member in queries.all_staff() if member.is_active]


def init_sign_in(app: Flask, settings: Settings) -> None:
    """The click per role exists in the demo only: elsewhere there is no such route at all."""
    app.register_blueprint(pages)
    app.jinja_env.globals["demo_staff"] = demo_staff if settings.demo else None
    if settings.demo:
        app.add_url_rule(
            "/werkplek/aanmelden/proef/<int:staff_id>",
            "sign_in.demo",
            open_to_everyone(_demo_sign_in),
            methods=["POST"],
        )
