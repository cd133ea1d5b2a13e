"""What every template knows: assets by logical name, the site, the actor."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask

from wijkagenda.config import ROOT, Settings
from wijkagenda.web.access import current_actor
from wijkagenda.web.clock import now, today

DIST = ROOT / "wijkagenda" / "static" / "dist"


class AssetsMissing(RuntimeError):
    """The front-end assets were not built: run `make setup`."""


@dataclass(frozen=True)
class Site:
    """The municipality's name, telephone number and theme, for every page; `name` is the same in every language."""

    municipality_name: str
    phone: str
    theme: str
    demo: bool
    name: str = "Wijkagenda"


@cache
def _manifest(path: Path) -> dict[str, str]:
    if not path.exists():
        raise AssetsMissing("wijkagenda/static/dist/manifest.json is missing: run `make setup`")
    return json.loads(path.read_text())


def asset(name: str) -> str:
    """The address of a built file: asset('site.css') -> /static/dist/site-1a2b3c.css."""
    return f"/static/dist/{_manifest(DIST / 'manifest.json')[name]}"


def init_templating(app: Flask, settings: Settings) -> None:
    """Give templates their globals."""
    site = Site(
        municipality_name=settings.municipality_name,
        phone=settings.municipality_phone,
        theme=settings.municipality_theme,
        demo=settings.demo,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, site=site, current_actor=current_actor, now=now, today=today)
