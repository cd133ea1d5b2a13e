"""Following a wish or a neighbourhood by mail, and stopping; in the demo also its mailbox."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from wijkagenda.config import Settings
from wijkagenda.db import unit_of_work
from wijkagenda.errors import DomainError
from wijkagenda.feedback import operations, queries
from wijkagenda.feedback.forms import FollowForm
from wijkagenda.neighbourhoods.queries import neighbourhood_by_slug
from wijkagenda.web.access import open_to_everyone
from wijkagenda.web.clock import now
from wijkagenda.web.forms import Form, invalid
from wijkagenda.web.headers import leaves_no_trace
from wijkagenda.web.i18n import current_language
from wijkagenda.web.limits import limiter
from wijkagenda.wishes.queries import public_wish

pages = Blueprint("feedback", __name__)


@pages.get("/wijken/<slug>/volgen")
@open_to_everyone
def follow_neighbourhood(slug: str) -> str:
    return render_template("feedback/follow.html", form=FollowForm(), neighbourhood=neighbourhood_by_slug(slug))


@pages.post("/wijken/<slug>/volgen")
@open_to_everyone
@limiter.limit("10 per 15 minutes")
def ask_to_follow_neighbourhood(slug: str) -> Response | tuple[str, int]:
    neighbourhood = neighbourhood_by_slug(slug)
    form = FollowForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.follow(
                    now=now(), email=form.email.data or "", language=current_language(), neighbourhood=neighbourhood
                )
        except DomainError as error:
            form.add_error(error)
        else:
            return redirect(url_for("feedback.asked", wijk=slug))
    return invalid("feedback/follow.html", form, neighbourhood=neighbourhood)


@pages.get("/wensen/<reference>/volgen")
@open_to_everyone
def follow_wish(reference: str) -> str:
    return render_template("feedback/follow.html", form=FollowForm(), wish=public_wish(reference))


@pages.post("/wensen/<reference>/volgen")
@open_to_everyone
@limiter.limit("10 per 15 minutes")
def ask_to_follow_wish(reference: str) -> Response | tuple[str, int]:
    wish = public_wish(reference)
    form = FollowForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                operations.follow(now=now(), email=form.email.data or "", language=current_language(), wish=wish)
        except DomainError as error:
            form.add_error(error)
        else:
            return redirect(url_for("feedback.asked", wens=wish.reference))
    return invalid("feedback/follow.html", form, wish=wish)


@pages.get("/berichten/verstuurd")
@open_to_everyone
def asked() -> str:
    """The same page whether or not the address was known."""
    wish = public_wish(request.args["wens"]) if "wens" in request.args else None
    neighbourhood = neighbourhood_by_slug(request.args["wijk"]) if "wijk" in request.args else None
    return render_template("feedback/asked.html", wish=wish, neighbourhood=neighbourhood)


@pages.get("/berichten/volgen/<token>")
@open_to_everyone
@leaves_no_trace
def confirm(token: str) -> str:
    """A page with a button: mail scanners open links, and must not follow for anybody."""
    return render_template(
        "feedback/confirm.html", form=Form(), token=token, subscription=queries.subscription_by_token(token)
    )


@pages.post("/berichten/volgen/<token>")
@open_to_everyone
@limiter.limit("20 per 15 minutes")
def confirm_subscription(token: str) -> Response:
    with unit_of_work():
        operations.confirm_subscription(token=token, now=now())
    return redirect(url_for("feedback.confirmed", token=token))


@pages.get("/berichten/gevolgd/<token>")
@open_to_everyone
@leaves_no_trace
def confirmed(token: str) -> str:
    return render_template("feedback/confirmed.html", subscription=queries.subscription_by_token(token), token=token)


@pages.get("/berichten/stoppen/<token>")
@open_to_everyone
@leaves_no_trace
def stop(token: str) -> str:
    return render_template("feedback/stop.html", form=Form(), token=token, found=queries.what_stops(token))


@pages.post("/berichten/stoppen/<token>")
@open_to_everyone
@limiter.limit("20 per 15 minutes")
def stop_mail(token: str) -> Response:
    with unit_of_work():
        operations.stop_mail(token=token)
    return redirect(url_for("feedback.stopped"))


@pages.get("/berichten/gestopt")
@open_to_everyone
def stopped() -> str:
    return render_template("feedback/stopped.html")


@open_to_everyone
def _demo_mailbox() -> str:
    recipient = request.args.get("aan", "")[:254]
    return render_template("feedback/mailbox.html", mails=queries.demo_mails(recipient), recipient=recipient)


@open_to_everyone
def _demo_mail(mail_id: int) -> str:
    return render_template("feedback/mail.html", mail=queries.demo_mail(mail_id))


@pages.record_once
def _finish(state: BlueprintSetupState) -> None:
    """The button in a mail program posts without our token; the long secret in the address is enough.

    The mailbox exists in the demo only: elsewhere there is no such route at all.
    """
    state.app.extensions["csrf"].exempt(stop_mail)
    settings: Settings = state.app.config["SETTINGS"]
    if settings.demo:
        state.add_url_rule("/proef/postvak", "mailbox", _demo_mailbox, methods=["GET"])
        state.add_url_rule("/proef/postvak/<int:mail_id>", "mail", _demo_mail, methods=["GET"])
