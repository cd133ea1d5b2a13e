"""Settings that cannot be used are named all at once, in sentences, by the console and by the web process."""

import subprocess
import sys

import pytest

from wijkagenda.config import ROOT, ConfigurationError, Settings

USABLE = {
    "SECRET_KEY": "k" * 40,
    "DATABASE_URL": "postgresql://name:password@127.0.0.1:5432/wijkagenda",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SMTP_URL": "smtp://127.0.0.1:25",
    "MAIL_FROM": "wijkagenda@gemeente.example",
    "PUBLIC_URL": "https://wijkagenda.gemeente.example",
    "MUNICIPALITY_NAME": "Markerstad",
}


def problems_of(**changes: str) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_environment(USABLE | changes)
    return refused.value.problems


def test_a_full_environment_is_usable() -> None:
    assert Settings.from_environment(USABLE).database_url.startswith("postgresql+psycopg://")


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_environment({})
    named = " ".join(refused.value.problems)
    assert all(name in named for name in USABLE)


@pytest.mark.parametrize(
    "name, value",
    [
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://127.0.0.1/wijkagenda"),
        ("DATABASE_URL", "postgresql://name:password@127.0.0.1:abc/wijkagenda"),
        ("DATABASE_URL", "sqlite:///wijkagenda.sqlite"),
        ("DATABASE_URL", "sqlite://"),
        ("REDIS_URL", "redis://127.0.0.1:abc"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("SMTP_URL", "smtp://127.0.0.1:abc"),
        ("PUBLIC_URL", "wijkagenda.example"),
        ("PUBLIC_URL", "https://wijkagenda.example:abc"),
        ("TRUSTED_PROXIES", "one"),
        ("RATE_LIMITS_OFF", "1"),
        ("WIJKAGENDA_DEMO", "perhaps"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    (problem,) = problems_of(**{name: value})
    assert name in problem


@pytest.mark.parametrize(
    "command", [["wijkagenda.cli", "staff", "list"], ["gunicorn", "--bind=127.0.0.1:0", "wijkagenda.app:create_app()"]]
)
def test_what_starts_without_settings_says_so_without_a_traceback(command: list[str]) -> None:
    module, *arguments = command
    start = "import sys; from wijkagenda.cli import main; main(sys.argv[1:])"
    how = ["-c", start] if module == "wijkagenda.cli" else ["-m", module]
    done = subprocess.run(
        [sys.executable, *how, *arguments], cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, timeout=60
    )
    said = done.stdout + done.stderr
    assert done.returncode in {1, 2}
    assert "wijkagenda cannot start:" in said and "SECRET_KEY" in said
    assert "Traceback" not in said
