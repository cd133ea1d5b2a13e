"""Settings: typed, from the environment only.

`Settings.from_environment()` refuses to start half-configured: every problem is listed at once in
one `ConfigurationError`. docs/running.md documents every name; a test keeps the two in step.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent

DATABASE_SCHEMES = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite+pysqlite",
    "spatialite": "sqlite+pysqlite",
}
TRUE = {"1", "true", "yes", "ja", "on"}
FALSE = {"", "0", "false", "no", "nee", "off"}


class ConfigurationError(RuntimeError):
    """The environment cannot be used. `problems` holds one sentence per problem.

    A RuntimeError, because gunicorn says those in plain words and shows a traceback of every other.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("wijkagenda cannot start:\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything the platform can be told from outside."""

    secret_key: str
    database_url: str
    redis_url: str | None = None
    smtp_url: str | None = None
    mail_from: str = "wijkagenda@localhost"
    public_url: str = "http://127.0.0.1:8000"
    municipality_name: str = "Markerstad"
    municipality_theme: str = "markerstad"
    municipality_phone: str = "14 0300"
    demo: bool = False
    trusted_proxies: int = 0
    geocoder_url: str | None = None
    rate_limits: bool = True
    letters_folder: Path = ROOT / "var" / "letters"
    database_may_forget: bool = False
    testing: bool = False

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment; raises ConfigurationError that names every problem."""
        env = os.environ if environ is None else environ
        problems: list[str] = []
        demo = _boolean(env, "WIJKAGENDA_DEMO", problems)
        secret_key = env.get("SECRET_KEY", "")
        if len(secret_key) < 32:
            problems.append("SECRET_KEY is missing or shorter than 32 characters.")
        database_url = _database_url(env.get("DATABASE_URL", ""), problems)
        redis_url = env.get("REDIS_URL") or None
        if redis_url and not _is_address(redis_url, {"redis", "rediss", "unix"}):
            problems.append("REDIS_URL must be an address that begins with redis://, rediss:// or unix://.")
        smtp_url = env.get("SMTP_URL") or None
        if smtp_url and not _is_address(smtp_url, {"smtp", "smtps", "smtp+starttls"}):
            problems.append("SMTP_URL must be an address that begins with smtp://, smtps:// or smtp+starttls://.")
        public_url = env.get("PUBLIC_URL", "http://127.0.0.1:8000" if demo else "").rstrip("/")
        if not _is_address(public_url, {"http", "https"}):
            problems.append("PUBLIC_URL is missing: the address residents see, such as https://wijkagenda.example.")
        if not demo:
            # A half-configured server would take wishes and votes and tell nobody.
            if not redis_url:
                problems.append("REDIS_URL is missing: mail and other work after a visit needs it.")
            if not smtp_url:
                problems.append("SMTP_URL is missing: residents must get their answers by mail.")
            if not env.get("MAIL_FROM"):
                problems.append("MAIL_FROM is missing: the address mail is sent from.")
            if not env.get("MUNICIPALITY_NAME"):
                problems.append("MUNICIPALITY_NAME is missing.")
        proxies = env.get("TRUSTED_PROXIES", "0")
        if not proxies.isdigit():
            problems.append("TRUSTED_PROXIES must be a number: how many proxies stand before the platform.")
            proxies = "0"
        rate_limits = not _boolean(env, "RATE_LIMITS_OFF", problems)
        if not rate_limits and not demo:
            problems.append("RATE_LIMITS_OFF is for the demo and for measuring only.")
        database_may_forget = _boolean(env, "DATABASE_MAY_FORGET", problems)
        if problems:
            raise ConfigurationError(problems)
        return cls(
            secret_key=secret_key,
            database_url=database_url,
            redis_url=redis_url,
            smtp_url=smtp_url,
            mail_from=env.get("MAIL_FROM", "wijkagenda@markerstad.example"),
            public_url=public_url,
            municipality_name=env.get("MUNICIPALITY_NAME", "Markerstad"),
            municipality_theme=env.get("MUNICIPALITY_THEME", "markerstad"),
            municipality_phone=env.get("MUNICIPALITY_PHONE", "14 0300"),
            demo=demo,
            trusted_proxies=int(proxies),
            geocoder_url=env.get("GEOCODER_URL") or None,
            rate_limits=rate_limits,
            database_may_forget=database_may_forget,
            letters_folder=Path(env.get("LETTERS_FOLDER") or ROOT / "var" / "letters"),
        )

    def as_flask_config(self) -> dict[str, object]:
        """The names Flask and its extensions expect."""
        return {
            "SETTINGS": self,
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            # Errors of the database are logged: never with what people typed.
            # And a server that does not answer must not keep everybody waiting.
            "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True, "connect_args": {"connect_timeout": 10}},
            "SESSION_COOKIE_NAME": "__Host-wijkagenda" if self.https else "wijkagenda",
            "SESSION_COOKIE_SECURE": self.https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_PATH": "/",
            # A copied or forgotten cookie ends with the working day.
            "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
            "WTF_CSRF_TIME_LIMIT": None,
            # Pages that send no referrer must still be able to post; the token itself is the proof.
            "WTF_CSRF_SSL_STRICT": False,
            "BABEL_DEFAULT_LOCALE": "nl",
            "BABEL_DEFAULT_TIMEZONE": "Europe/Amsterdam",
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
            "MAX_CONTENT_LENGTH": 4 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 512 * 1024,
            "TESTING": self.testing,
        }


def environment_with(**more: str) -> dict[str, str]:
    """The environment of this process with `more` in it, for a program that we start."""
    return {**os.environ, **more}


def _boolean(env: Mapping[str, str], name: str, problems: list[str]) -> bool:
    value = env.get(name, "").strip().lower()
    if value not in TRUE | FALSE:
        problems.append(f"{name} must be 1 or 0.")
    return value in TRUE


def _is_address(given: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(given)
        # Reading a port that is no number raises; later it would, far from whoever can mend it.
        return parts.scheme in schemes and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _database_url(given: str, problems: list[str]) -> str:
    """Turn the usual spellings into the driver we use; '' after noting a problem."""
    if not given:
        problems.append("DATABASE_URL is missing: postgresql://… or sqlite:////path/to/file.")
        return ""
    scheme, separator, rest = given.partition("://")
    if not separator or scheme not in DATABASE_SCHEMES:
        problems.append("DATABASE_URL must begin with postgresql:// or sqlite:///.")
        return ""
    try:
        url = make_url(f"{DATABASE_SCHEMES[scheme]}://{rest}")
    except (ArgumentError, ValueError):
        problems.append("DATABASE_URL cannot be read: postgresql://name:password@host:5432/database.")
        return ""
    if url.drivername.startswith("sqlite") and not Path(url.database or "").is_absolute():
        # Another folder, another database: what was typed yesterday would seem gone.
        problems.append("DATABASE_URL needs the whole path of the file: sqlite:////path/to/file (four slashes).")
    return f"{DATABASE_SCHEMES[scheme]}://{rest}"
