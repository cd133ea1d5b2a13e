"""The application, put together in named steps."""

from functools import partial

from flask import Flask
from flask_wtf import CSRFProtect
from sqlalchemy.exc import OperationalError

from wijkagenda.agenda.desk import desk as agenda_desk
from wijkagenda.agenda.pages import pages as agenda_pages
from wijkagenda.config import ROOT, Settings
from wijkagenda.consultations.desk import desk as consultations_desk
from wijkagenda.consultations.pages import pages as consultations_pages
from wijkagenda.db import db, refuse_forgetful_servers, sqlite_engine_options
from wijkagenda.feedback.desk import desk as feedback_desk
from wijkagenda.feedback.pages import pages as feedback_pages
from wijkagenda.jobs.subscriptions import connect_events
from wijkagenda.neighbourhoods.desk import desk as neighbourhoods_desk
from wijkagenda.neighbourhoods.pages import pages as neighbourhoods_pages
from wijkagenda.plan.desk import desk as plan_desk
from wijkagenda.plan.pages import pages as plan_pages
from wijkagenda.priorities.desk import desk as priorities_desk
from wijkagenda.priorities.pages import pages as priorities_pages
from wijkagenda.progress.desk import desk as progress_desk
from wijkagenda.progress.pages import pages as progress_pages
from wijkagenda.publication.pages import pages as publication_pages
from wijkagenda.rounds.desk import desk as rounds_desk
from wijkagenda.rounds.pages import pages as rounds_pages
from wijkagenda.site.desk import desk as site_desk
from wijkagenda.site.health import pages as health_pages
from wijkagenda.site.pages import pages as site_pages
from wijkagenda.site.staff import desk as staff_desk
from wijkagenda.voting.acts.desk import desk as voting_acts_desk
from wijkagenda.voting.archive.desk import desk as voting_archive_desk
from wijkagenda.voting.archive.pages import pages as voting_archive_pages
from wijkagenda.voting.ballot.pages import pages as voting_pages
from wijkagenda.voting.box.desk import desk as voting_box_desk
from wijkagenda.voting.count_sheet.desk import desk as voting_sheet_desk
from wijkagenda.voting.count_sheet.pages import pages as voting_sheet_pages
from wijkagenda.voting.desk import desk as voting_desk
from wijkagenda.voting.kiosk.desk import desk as voting_kiosk_desk
from wijkagenda.voting.kiosk.frame import init_kiosk
from wijkagenda.voting.kiosk.pages import pages as voting_kiosk_pages
from wijkagenda.voting.letters.desk import desk as voting_letters_desk
from wijkagenda.voting.paper.desk import desk as voting_paper_desk
from wijkagenda.voting.practice.pages import pages as voting_practice_pages
from wijkagenda.voting.recount.pages import pages as voting_recount_pages
from wijkagenda.voting.rehearsal.desk import desk as voting_rehearsal_desk
from wijkagenda.voting.remarks.desk import desk as voting_remarks_desk
from wijkagenda.voting.remarks.pages import pages as voting_remarks_pages
from wijkagenda.voting.result.pages import pages as voting_result_pages
from wijkagenda.voting.rules.desk import desk as voting_rules_desk
from wijkagenda.voting.rules.pages import pages as voting_rules_pages
from wijkagenda.web.access import init_access
from wijkagenda.web.addresses import init_addresses
from wijkagenda.web.errors import init_errors
from wijkagenda.web.headers import init_headers
from wijkagenda.web.i18n import init_i18n
from wijkagenda.web.limits import init_limits
from wijkagenda.web.sign_in import init_sign_in
from wijkagenda.web.templating import init_templating
from wijkagenda.wishes.desk import desk as wishes_desk
from wijkagenda.wishes.pages import pages as wishes_pages

RESIDENT_PAGES = (
    site_pages,
    neighbourhoods_pages,
    rounds_pages,
    wishes_pages,
    consultations_pages,
    priorities_pages,
    voting_pages,
    voting_practice_pages,
    voting_rules_pages,
    voting_result_pages,
    voting_recount_pages,
    voting_kiosk_pages,
    voting_remarks_pages,
    voting_sheet_pages,
    voting_archive_pages,
    agenda_pages,
    plan_pages,
    progress_pages,
    feedback_pages,
    publication_pages,
    health_pages,
)
DESK_PAGES = (
    site_desk,
    neighbourhoods_desk,
    rounds_desk,
    wishes_desk,
    consultations_desk,
    priorities_desk,
    voting_desk,
    voting_rules_desk,
    voting_rehearsal_desk,
    voting_box_desk,
    voting_acts_desk,
    voting_letters_desk,
    voting_kiosk_desk,
    voting_paper_desk,
    voting_remarks_desk,
    voting_sheet_desk,
    voting_archive_desk,
    agenda_desk,
    plan_desk,
    progress_desk,
    feedback_desk,
    staff_desk,
)


def create_app(settings: Settings | None = None) -> Flask:
    """A ready application; raises ConfigurationError when the environment cannot be used."""
    settings = settings or Settings.from_environment()
    app = Flask("wijkagenda", root_path=str(ROOT / "wijkagenda"), template_folder=str(ROOT / "templates"))
    app.config.update(settings.as_flask_config())
    connect_database(app, settings)
    connect_web(app, settings)
    connect_slices(app)
    connect_events(app, settings)
    return app


def connect_database(app: Flask, settings: Settings) -> None:
    """One session for every table, PostGIS or SpatiaLite."""
    if settings.is_sqlite:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = sqlite_engine_options()
    db.init_app(app)
    if not (settings.testing or settings.database_may_forget):
        with app.app_context():
            refuse_forgetful_servers(db.engine)
    app.extensions["wijkagenda.check_when_starting"] = partial(check_when_starting, app)


def check_when_starting(app: Flask) -> None:
    """Raise UnsafeDatabase before anybody is served; leaves no connection open. A database that is away is no reason."""
    with app.app_context():
        try:
            db.engine.connect().close()
        except OperationalError:
            return
        finally:
            db.engine.dispose()


def connect_web(app: Flask, settings: Settings) -> None:
    """The web kit, in the order in which it must wrap."""
    CSRFProtect(app)
    init_addresses(app)
    init_templating(app, settings)
    init_headers(app, settings)
    init_i18n(app)
    init_limits(app, settings)
    init_access(app)
    init_errors(app)
    init_sign_in(app, settings)
    init_kiosk(app)


def connect_slices(app: Flask) -> None:
    """Every route of every slice."""
    for blueprint in (*RESIDENT_PAGES, *DESK_PAGES):
        app.register_blueprint(blueprint)
