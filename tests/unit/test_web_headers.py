"""Who comes without TLS is sent on to the address residents know, whatever the request says."""

import pytest
from flask import Flask

from tests.conftest import settings_for
from wijkagenda.web.headers import init_headers


@pytest.fixture
def site() -> Flask:
    app = Flask("headers")
    settings = settings_for("sqlite://", public_url="https://wijkagenda.example")
    app.config.update(settings.as_flask_config())
    init_headers(app, settings)
    app.add_url_rule("/wijken/<slug>", "wijk", lambda slug: slug)
    return app


@pytest.mark.parametrize(
    ("path", "goes_to"),
    [
        ("/wijken/molenwijk?blad=2", "https://wijkagenda.example/wijken/molenwijk?blad=2"),
        ("/wijken/caf%C3%A9", "https://wijkagenda.example/wijken/caf%C3%A9"),
        ("/%2Fkwaad.example/x", "https://wijkagenda.example/kwaad.example/x"),
    ],
)
def test_the_way_to_https_leads_home(site: Flask, path: str, goes_to: str) -> None:
    answer = site.test_client().get(path, headers={"Host": "kwaad.example", "X-Forwarded-Host": "kwaad.example"})
    assert (answer.status_code, answer.headers["Location"]) == (302, goes_to)


def test_who_has_tls_stays(site: Flask) -> None:
    for options in ({"base_url": "https://wijkagenda.example"}, {"headers": {"X-Forwarded-Proto": "https"}}):
        assert site.test_client().get("/wijken/molenwijk", **options).status_code == 200
