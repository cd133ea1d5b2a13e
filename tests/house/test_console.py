"""`wijkagenda …` on a database that is away, broken or empty: one sentence, and nothing changed."""

from pathlib import Path
from tempfile import gettempdir

import pysqlite3.dbapi2 as sqlite
import pytest
from click.testing import CliRunner, Result

from wijkagenda.cli import main

SETTINGS = {"SECRET_KEY": "k" * 40, "WIJKAGENDA_DEMO": "1", "REDIS_URL": "", "SMTP_URL": ""}


def wijkagenda(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=SETTINGS | {"DATABASE_URL": url}, prog_name="wijkagenda")


COMMANDS = [["staff", "list"], ["staff", "add", "tess@gemeente.example", "Tess"], ["demo", "load"], ["demo", "people"]]

NEVER = f"{gettempdir()}/wijkagenda-never.dump"


def assert_plain(done: Result, words: str) -> None:
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), done.exception
    assert words in done.output and "Er is niets veranderd." in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_empty_database_asks_for_its_tables(command: list[str], tmp_path: Path) -> None:
    assert_plain(wijkagenda(f"sqlite:///{tmp_path}/empty.sqlite", *command), "wijkagenda db upgrade")


@pytest.mark.parametrize("command", [*COMMANDS, ["db", "upgrade"], ["db", "backup", NEVER]], ids=" ".join)
@pytest.mark.parametrize("what", ["no database", "no folder", "nobody answers"])
def test_a_database_that_cannot_be_used_is_said_in_a_sentence(what: str, command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Beste buren, dit is een brief en geen database. " * 100)
    before = file.read_bytes()
    url = {
        "no database": f"sqlite:///{file}",
        "no folder": f"sqlite:///{tmp_path}/away/wijkagenda.sqlite",
        "nobody answers": "postgresql://name:secret@127.0.0.1:1/wijkagenda",
    }[what]
    done = wijkagenda(url, *command)
    assert_plain(done, "DATABASE_URL")
    assert "secret" not in done.output
    assert not list(Path(NEVER).parent.glob("wijkagenda-never*"))
    assert file.read_bytes() == before and [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_database_of_another_version_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/newer.sqlite"
    assert wijkagenda(url, "db", "upgrade").exit_code == 0
    with sqlite.connect(tmp_path / "newer.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
    assert_plain(wijkagenda(url, "db", "upgrade"), "past niet bij deze versie")


@pytest.mark.parametrize(
    "email, name, words",
    [
        ("tess", "Tess", "Dit mailadres klopt niet"),
        ("te ss@gemeente.example", "Tess", "Dit mailadres klopt niet"),
        ("a" * 300 + "@gemeente.example", "Tess", "Dit mailadres klopt niet"),
        ("tess@gemeente.example", " ", "Vul de naam in"),
        ("tess@gemeente.example", "a" * 121, "Deze naam is te lang"),
    ],
)
def test_a_colleague_who_could_not_sign_in_is_not_added(email: str, name: str, words: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/staff.sqlite"
    assert wijkagenda(url, "db", "upgrade").exit_code == 0
    assert_plain(wijkagenda(url, "staff", "add", email, name), words)
    assert wijkagenda(url, "staff", "list").output == ""


def test_help_is_there_before_there_are_settings() -> None:
    done = CliRunner().invoke(main, ["--help"], env=dict.fromkeys(SETTINGS, "") | {"DATABASE_URL": ""})
    assert done.exit_code == 0
    assert "staff" in done.output and "cannot start" not in done.output and "limiter" not in done.output


def test_who_has_no_role_yet_is_not_told_to_have_one_everywhere(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/staff.sqlite"
    assert wijkagenda(url, "db", "upgrade").exit_code == 0
    assert wijkagenda(url, "staff", "add", "tess@gemeente.example", "Tess").exit_code == 0
    assert "Tess           nog geen rol" in wijkagenda(url, "demo", "people").output
