"""One run of `make bench`: seed, load in turn, print one table of ratios."""

import argparse
import gzip
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from urllib.request import Request, urlopen

from flask import Flask

from scripts.bench import seed as cities
from scripts.bench.ballots import BASE, CAST, bare_ballots, checked_ballot, prepared_ballots
from scripts.bench.ceilings import make_table
from scripts.bench.city import Seeded, Size
from scripts.bench.load import CONNECTIONS, SECONDS, SHORT_SECONDS, Rate, load_page, median, send_each, wrk_version
from scripts.bench.seed import MEASURED, SMALL, STANDARD, TENFOLD
from scripts.bench.servers import SECRET_KEY, WORKERS, Memory, Server, app_environment, own_services, serving
from scripts.bench.weight import first_visit
from tests import services
from tests.conftest import migrate, settings_for, with_driver
from tests.query_count import count_queries
from wijkagenda.app import create_app

PASSES = 3
BALLOTS_PER_PASS = 400
MEMORY_REQUESTS = 1_000
APP = "wijkagenda.app:create_app()"
WIJK, CITY = f"/wijken/{MEASURED}", "/"
LIST = f"/wijken/{MEASURED}/wensen?thema=safety&blad=2"
POINTS = f"/wijken/{MEASURED}/wensen.geojson"
ANEW, TENFOLD_CITY, VOTE = ", made anew", ", tenfold", "Casting a vote"
PAGES = {
    "Wijk page with its map": (WIJK, 0.25, 0.5),
    "Wishes list, page 2, with filter": (LIST, 0.20, 0.4),
    "City map": (CITY, 0.25, 0.5),
    "Map data, GeoJSON": (POINTS, 0.15, 0.4),
}
"""Name: path, ratio to the page ceiling that must be reached, and the one aimed at."""
VISITED = (WIJK, LIST, CITY, POINTS)


Loader = Callable[[], Rate]


@dataclass
class Built:
    """A seeded database with an app of our own on it, for counting queries."""

    size: Size
    url: str
    app: Flask
    seeded: Seeded


@dataclass
class Results:
    """Everything measured, by name."""

    rates: dict[str, list[Rate]] = field(default_factory=lambda: defaultdict(list))
    ratios: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    queries: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def median(self, name: str) -> Rate:
        return median(self.rates[name])

    def ratio(self, name: str) -> float:
        return statistics.median(self.ratios[name])

    def compare(self, name: str, other: str, load: Loader, other_load: Loader) -> None:
        """Load between two short loads of what it is compared with: what else the machine does hits both."""
        before, rate, after = other_load(), load(), other_load()
        self.rates[name].append(rate)
        self.rates[other] += [before, after]
        self.ratios[name].append(rate.per_second / ((before.per_second + after.per_second) / 2))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def build(name: str, size: Size, codes: int) -> Built:
    began = time.monotonic()
    url = services.new_database(name, template="migrated", migrate=migrate)
    settings = settings_for(with_driver(url), secret_key=SECRET_KEY, testing=False)
    app = create_app(settings)
    with app.app_context():
        seeded = cities.seed(size, settings, codes=codes)
    say(f"seeded in {time.monotonic() - began:.0f} s, {name}: {size}")
    return Built(size, url, app, seeded)


def count(built: Built, results: Results) -> None:
    """SQL statements per page (the page made anew) and per vote."""
    client = built.app.test_client()
    for name, (path, _must, _aim) in PAGES.items():
        client.get(path)  # what is read once per process is not of this page
        with count_queries() as counter:
            answer = client.get(f"{path}{'&' if '?' in path else '?'}n={time.monotonic_ns()}")
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        results.queries[name].append(len(counter))
    data = checked_ballot(client, built.seeded, built.seeded.codes[-1])
    with count_queries() as counter:
        answer = client.post(CAST, base_url=BASE, data=data)
    if answer.status_code != 302:
        raise RuntimeError(f"a vote was answered with {answer.status_code}: {answer.get_data(as_text=True)[:2000]}")
    results.queries[VOTE].append(len(counter))


@contextmanager
def servers(standard: Built, tenfold: Built, redis_url: str) -> Iterator[dict[str, Server]]:
    """All four at once; only the one that is loaded has anything to do."""
    make_table(standard.url)
    with ExitStack() as stack:
        yield {
            "page ceiling": stack.enter_context(serving("scripts.bench.ceilings:page_app()", env={})),
            "vote ceiling": stack.enter_context(
                serving("scripts.bench.ceilings:vote_app()", env={"DATABASE_URL": standard.url})
            ),
            "standard": stack.enter_context(serving(APP, env=app_environment(standard.url, redis_url))),
            "tenfold": stack.enter_context(serving(APP, env=app_environment(tenfold.url, redis_url))),
        }


def load(one_pass: int, running: dict[str, Server], ballots: list[bytes], results: Results) -> None:
    """One pass over everything, in turn."""
    bare, ours, tenfold = running["page ceiling"], running["standard"], running["tenfold"]

    def ceiling() -> Rate:
        return load_page(bare, "/", seconds=SHORT_SECONDS)

    for name, (path, _must, _aim) in PAGES.items():
        for suffix, unique in (("", False), (ANEW, True)):
            full = partial(load_page, path=path, unique=unique)
            results.compare(f"{name}{suffix}", "page ceiling", partial(full, ours), ceiling)
            if path != POINTS:
                short = partial(full, ours, seconds=SHORT_SECONDS)
                results.compare(
                    f"{name}{suffix}{TENFOLD_CITY}", f"{name}{suffix}, short", partial(full, tenfold), short
                )
    with urlopen(ours.address + POINTS) as answer:
        newest = {"If-None-Match": answer.headers["ETag"]}
    results.compare("Map data, 304", "page ceiling", partial(load_page, ours, POINTS, headers=newest), ceiling)
    mine = ballots[one_pass * BALLOTS_PER_PASS : (one_pass + 1) * BALLOTS_PER_PASS]
    results.compare(
        VOTE,
        "vote ceiling",
        lambda: send_each(ours, mine, b"302"),
        lambda: send_each(running["vote ceiling"], bare_ballots(BALLOTS_PER_PASS // 2), b"200"),
    )


def memory_after(built: Built, redis_url: str) -> Memory:
    """Of the largest worker of a fresh server after 1,000 requests over all pages."""
    with serving(APP, env=app_environment(built.url, redis_url)) as server:
        for i in range(MEMORY_REQUESTS):
            path = VISITED[i % len(VISITED)]
            # Every second one is made anew.
            address = f"{path}{'&' if '?' in path else '?'}n={i}" if i % 2 else path
            with urlopen(Request(server.address + address, headers={"Accept-Encoding": "gzip"})) as answer:
                answer.read()
        return server.memory()


def zipped_kilobytes(server: Server, path: str) -> float:
    with urlopen(Request(server.address + path, headers={"Accept-Encoding": "gzip"})) as answer:
        body = answer.read()
        return len(body if answer.headers["Content-Encoding"] == "gzip" else gzip.compress(body)) / 1000


def measure(passes: int) -> str:
    results = Results()
    with own_services():
        redis_url = services.redis_url()
        small = build("small", SMALL, codes=1)
        standard = build("standard", STANDARD, codes=passes * BALLOTS_PER_PASS + 1)
        tenfold = build("tenfold", TENFOLD, codes=1)
        for built in (small, standard, tenfold):
            count(built, results)
        ballots = prepared_ballots(standard.app, standard.seeded, standard.seeded.codes[:-1])
        say(f"{len(ballots)} ballots ready")
        with servers(standard, tenfold, redis_url) as running:
            for one_pass in range(passes):
                load(one_pass, running, ballots, results)
                say(f"pass {one_pass + 1} of {passes} done")
            points = zipped_kilobytes(running["standard"], POINTS)
            weights = {
                name: first_visit(running["standard"], path) for name, path in (("Wijk page", WIJK), ("City map", CITY))
            }
        memory = memory_after(standard, redis_url)
    rows = [*_page_rows(results), *_vote_rows(results), *_growth_rows(results), *_query_rows(results)]
    rows.append(("Map data, gzip", "", f"{points:.1f} KB", "at most 25 KB", _passed(points <= 25)))
    for name, weight in weights.items():
        told = f"{weight.kilobytes:.0f} KB, {weight.requests} requests, {weight.other_hosts} other hosts"
        good = weight.kilobytes <= 400 and weight.requests <= 15 and not weight.other_hosts
        rows.append(
            (f"{name}, first visit", "", told, "at most 400 KB (200), 15 requests (10), 0 hosts", _passed(good))
        )
    rows.append(
        (
            f"Worker after {MEMORY_REQUESTS:,} requests",
            "",
            f"{memory.resident:.0f} MB resident, shared memory counted in full",
            "at most 110 MB (85)",
            _passed(memory.resident <= 110),
        )
    )
    rows.append(
        (
            "The same, shared memory divided among its users",
            "",
            f"{memory.share:.0f} MB, of which {memory.own:.0f} MB its own",
            "at most 110 MB (85)",
            _passed(memory.share <= 110),
        )
    )
    return _heading(passes) + _table(rows)


Row = tuple[str, str, str, str, str]


def _told(rate: Rate) -> str:
    return f"{rate.per_second:,.0f}/s; p50 {rate.p50:.1f} ms, p99 {rate.p99:.1f} ms; {rate.cpu:.1f} ms cpu"


def _rate_row(results: Results, name: str, shown: str, must: float, aim: float | None) -> Row:
    ratio = results.ratio(name)
    wanted = f"{must:g} x" + (f" ({aim:g} x)" if aim else "")
    return (shown, f"{ratio:.2f} x", _told(results.median(name)), wanted, _passed(ratio >= must))


def _page_rows(results: Results) -> list[Row]:
    rows: list[Row] = [
        ("**Page ceiling**: bare Flask, 32 KB template", "1", _told(results.median("page ceiling")), "", "")
    ]
    for name, (_path, must, aim) in PAGES.items():
        rows.append(_rate_row(results, name, f"{name}, as visitors get it (kept)", must, aim))
        rows.append(_rate_row(results, f"{name}{ANEW}", f"{name}, made anew each time", must, aim))
    rows.append(_rate_row(results, "Map data, 304", "Map data, 304", 1.0, None))
    for suffix in ("", ANEW):
        wijk = results.median(f"Wijk page with its map{suffix}")
        share = wijk.p99 / wijk.p50
        rows.append((f"Wijk page{suffix or ', kept'}: p99 / p50", f"{share:.1f}", "", "at most 5", _passed(share <= 5)))
    return rows


def _vote_rows(results: Results) -> list[Row]:
    told = _told(results.median("vote ceiling"))
    return [
        ("**Vote ceiling**: bare Flask, ORM insert and commit", "1", told, "", ""),
        _rate_row(results, VOTE, f"{VOTE} (code, token, checks, commit)", 0.5, 0.8),
    ]


def _growth_rows(results: Results) -> list[Row]:
    return [
        _rate_row(
            results, f"{name}{suffix}{TENFOLD_CITY}", f"Ten times the city: {name}{suffix or ', kept'}", 0.8, 0.95
        )
        for name, (path, _must, _aim) in PAGES.items()
        for suffix in ("", ANEW)
        if path != POINTS
    ]


def _query_rows(results: Results) -> list[Row]:
    rows: list[Row] = []
    for name, counts in results.queries.items():
        most, aim = (6, 4) if name == VOTE else (12, 6)
        good = max(counts) <= most and len(set(counts)) == 1
        told = " / ".join(str(count) for count in counts)
        rows.append((f"SQL statements: {name}", "", told, f"at most {most} ({aim}), flat", _passed(good)))
    return rows


def _passed(good: bool) -> str:
    return "yes" if good else "**no**"


def _heading(passes: int) -> str:
    return f"""# Bench

gunicorn with {WORKERS} sync workers; {os.cpu_count()} processor cores shared by server, database and load; {CONNECTIONS} connections over
loopback. {passes} passes of {SECONDS} s per page, each between two of {SHORT_SECONDS} s of what it is compared with; medians. Pages loaded with
{wrk_version()}, ballots with a client of our own. PostgreSQL with fsync on. Slow-down for who tries too often is off.
"Kept" is what a visitor gets: a finished page of the present version of the data. "Made anew" defeats that with a different
address each time (queries, template, gzip). "ms cpu" is processor time of the web workers per request, which other work on the
machine hardly changes.

Seeded: {STANDARD}.
SQL statements are counted in three cities: {SMALL.neighbourhoods} wijken with {SMALL.wishes} wishes / {STANDARD.neighbourhoods} with {STANDARD.wishes} / {TENFOLD.neighbourhoods} with
{TENFOLD.wishes:,}; the last is the tenfold city ({TENFOLD.city_wishes:,} wishes, {TENFOLD.ballots:,} ballots).

"""


def _table(rows: list[Row]) -> str:
    lines = ["| What | Ratio | Measured | Must reach (aim) | Reached |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passes", type=int, default=PASSES, help="how often everything is loaded (default 3)")
    began = time.monotonic()
    table = measure(parser.parse_args().passes)
    print(table)
    say(f"{time.monotonic() - began:.0f} seconds in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
