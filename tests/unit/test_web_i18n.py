"""Texts in the language of the moment, in templates and in code."""

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale

from tests.conftest import settings_for
from wijkagenda.app import create_app
from wijkagenda.web.i18n import current_language, gettext, ngettext


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(settings_for("postgresql+psycopg://nobody@127.0.0.1:1/never_asked"))


def test_a_mail_in_another_language_leaves_the_page_in_its_own(app: Flask) -> None:
    with app.test_request_context("/", environ_overrides={"wijkagenda.language": "nl"}):
        assert (current_language(), gettext("Zoeken")) == ("nl", "Zoeken")
        with force_locale("en"):
            assert (current_language(), gettext("Zoeken")) == ("en", "Search")
            assert render_template_string("{{ _('Zoeken') }}") == "Search"
        assert render_template_string("{{ _('Zoeken') }}") == "Zoeken"


def test_what_is_filled_into_a_text_of_a_page_is_escaped(app: Flask) -> None:
    with app.test_request_context("/"):
        shown = render_template_string(
            "{{ _('Gemeente %(name)s', name='<b>') }} {{ _('Gemeente %(name)s', name='<i>'|safe) }}"
        )
    assert shown == "Gemeente &lt;b&gt; Gemeente <i>"


def test_a_percent_sign_is_written_twice_in_templates_and_shown_once(app: Flask) -> None:
    with app.test_request_context("/"):
        assert render_template_string("{{ _('63%% van de wensen') }}") == "63% van de wensen"


@pytest.mark.parametrize(
    ("language", "one", "more"), [("nl", "Nog 1 dag", "Nog 3 dagen"), ("en", "1 day left", "3 days left")]
)
def test_counted_texts_follow_the_number(app: Flask, language: str, one: str, more: str) -> None:
    with app.test_request_context("/", environ_overrides={"wijkagenda.language": language}):
        words = "Nog %(num)d dag", "Nog %(num)d dagen"
        assert [ngettext(*words, n) for n in (1, 3)] == [one, more]
        assert render_template_string("{{ ngettext(one, more, 3) }}", one=words[0], more=words[1]) == more
