"""Every route of the platform with its guard, as lines of tests/house/routes.txt.

`.venv/bin/python -m tests.house.routes` writes the file anew; read its diff before committing it.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, Rule, UUIDConverter
from werkzeug.routing.converters import NumberConverter

from tests.conftest import settings_for
from wijkagenda.app import create_app
from wijkagenda.web.access import Guard, guard_of

TABLE = Path(__file__).with_name("routes.txt")
HEADING = """\
# Who may do what: method, path, endpoint, guard. A route that is not here, or has another guard, fails the tests.
# Written by: .venv/bin/python -m tests.house.routes
"""
SHOWN_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NUMBER, WORD, UUID = 1, "voorbeeld", "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Route:
    """One method of one path. `example` is an address that reaches it, whether or not the thing is there."""

    method: str
    path: str
    endpoint: str
    guard: Guard | None
    demo_only: bool
    example: str

    @property
    def line(self) -> str:
        guard = self.guard.description if self.guard else "NO GUARD"
        return "  ".join((self.method, self.path, self.endpoint, guard + (", demo only" if self.demo_only else "")))


def app_of(*, demo: bool) -> Flask:
    return create_app(settings_for("sqlite+pysqlite:///:memory:", demo=demo))


def _example(app: Flask, rule: Rule) -> str:
    values = {name: _example_value(converter) for name, converter in rule._converters.items()}
    with app.test_request_context():
        built = app.url_map.bind("localhost").build(rule.endpoint, values, method=_methods(rule)[0])
    return str(built)


def _example_value(converter: BaseConverter) -> Any:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    if isinstance(converter, NumberConverter):
        return converter.num_convert(NUMBER)
    return UUID if isinstance(converter, UUIDConverter) else WORD


def _methods(rule: Rule) -> list[str]:
    return [method for method in SHOWN_METHODS if method in (rule.methods or ())]


@cache
def all_routes() -> tuple[Route, ...]:
    """Every route of the demo, by path; it has what a real installation has, and a little more."""
    demo, real = app_of(demo=True), app_of(demo=False)
    in_real = {(rule.rule, rule.endpoint) for rule in real.url_map.iter_rules()}
    routes = [
        Route(
            method=method,
            path=rule.rule,
            endpoint=rule.endpoint,
            guard=guard_of(demo, rule.endpoint),
            demo_only=(rule.rule, rule.endpoint) not in in_real,
            example=_example(demo, rule),
        )
        for rule in demo.url_map.iter_rules()
        for method in _methods(rule)
    ]
    return tuple(sorted(routes, key=lambda route: (route.path, route.method, route.endpoint)))


def table() -> str:
    return HEADING + "".join(f"{route.line}\n" for route in all_routes())


if __name__ == "__main__":
    TABLE.write_text(table())
    print(f"{TABLE.name}: {len(all_routes())} routes")
