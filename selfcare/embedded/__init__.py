"""PostgreSQL and Redis for a trial, kept under `var/` where no address is configured.

Meant for trying the portal on one machine and for its tests, not for an ITSP's customers: the
database asks for no password and is guarded by the permissions of its folder alone.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import quote

from selfcare.embedded.places import socket_dir
from selfcare.embedded.postgres import Cluster
from selfcare.embedded.redis import SOCKET

SANDBOX_SECRET = "whsec_selfcare_sandbox"  # noqa: S105  # signs play money only
SANDBOX_PAYNEARME = ("S0000000001", "paynearme_sandbox")  # site and secret, likewise
BASE_DIR = Path(__file__).resolve().parent.parent.parent


def var_dir() -> Path:
    """Where the portal keeps what it writes: SELFCARE_VAR, else `var/` beside manage.py."""
    path = Path(os.environ.get("SELFCARE_VAR") or BASE_DIR / "var").resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def trial_secret_key() -> str:
    """A secret key made on first use, so that sessions outlive a restart of the trial."""
    path = var_dir() / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(60))
    return path.read_text()


def database_url(**server_settings: str) -> str:
    """Start the embedded PostgreSQL, if it is not running, and give its address.

    It stops with the last process that asked for it. `server_settings` are those of
    postgresql.conf and hold for a start, not for a server that runs already.
    """
    cluster = Cluster(var_dir() / "postgres")
    cluster.start(**server_settings)
    return f"postgres://postgres@/postgres?host={quote(str(cluster.socket_dir))}"


def empty_database() -> None:
    """Throw away all that the embedded database holds; `RuntimeError` while a portal uses it."""
    Cluster(var_dir() / "postgres").empty()


def redis_url() -> str:
    """The address of the embedded Redis; the supervisor starts it, a page works without it."""
    return f"redis+socket://{socket_dir(var_dir() / 'redis') / SOCKET}"


def sandbox_file() -> Path:
    """Where the payment sandbox of a trial keeps what it knows."""
    return var_dir() / "sandbox.json"
