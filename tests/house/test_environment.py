"""Settings come from the environment; .env.example names them all, and odd values stop the boot."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from selfcare.embedded import BASE_DIR

NAME = re.compile(r"^#?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
READERS = {"text", "secret", "flag", "integer", "choice", "listing"}
PRODUCTION = {
    "ALLOWED_HOSTS": "portal.example.net",
    "DATABASE_URL": "postgres://selfcare:secret@db.example.net/selfcare",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.net:587",
    "PORTAL_URL": "https://portal.example.net",
    "REDIS_URL": "redis://redis.example.net:6379/0",
    "SECRET_KEY": "k3-9fJq0vYxW2mZ7bT5hRc8LsDgUeNaPiOuQwErTyVbKoMxCzAsHd1Fj",
    "STRIPE_SECRET_KEY": "sk_live_example",
    "STRIPE_WEBHOOK_SECRET": "whsec_example",
    "TRUSTED_PROXIES": "1",
}
ODD = [
    ({"DEBUG": "maybe"}, "DEBUG='maybe'"),
    ({"HTTPS": "2"}, "HTTPS='2'"),
    ({"SECRET_KEY": ""}, "SECRET_KEY is empty"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter"),
    ({"SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE: cannot read"),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
    ({"DATABASE_URL": "sqlite:///data.db"}, "DATABASE_URL must be a postgres"),
    ({"EMAIL_URL": ""}, "EMAIL_URL is empty"),
    ({"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY is empty"),
    ({"STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_WEBHOOK_SECRET is empty"),
    ({"PAYNEARME_SITE": "S0000000001"}, "PAYNEARME_SECRET is empty"),
    ({"PAYMENT_ELEMENT": "1"}, "STRIPE_PUBLISHABLE_KEY is empty"),
    ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES='-1'"),
    ({"MINIMUM_PAYMENT": "five"}, "MINIMUM_PAYMENT='five'"),
    ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL='LOUD'"),
    ({"SMS_URL": "ftp://sms.example.net"}, "SMS_URL must begin with"),
    ({"SMS_REQUEST": '{"to": "{to}"}'}, "SMS_REQUEST must be"),
    ({"SMS_EXPECT": "("}, "SMS_EXPECT is no regular expression"),
]


def names_read() -> set[str]:
    """The variables that the portal's settings ask for, found in the source."""
    found = set()
    own = BASE_DIR / "selfcare"
    for path in [own / "settings.py", *own.glob("*_provider*.py"), *(own / "embedded").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                caller, first = ast.unparse(node.func), node.args[0]
                is_reader = caller == "os.environ.get" or (
                    caller.startswith("environment.") and node.func.attr in READERS
                )
                if is_reader and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def boot(tmp_path: Path, command: list[str], **changes: str) -> "subprocess.CompletedProcess[str]":
    """Run manage.py as in production, with `changes` to the environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {
        **kept,
        "SELFCARE_ENV_FILE": os.devnull,
        "SELFCARE_VAR": str(tmp_path),
        "PYTHONHASHSEED": "0",  # sets print in the same order
        **PRODUCTION,
        **changes,
    }
    return subprocess.run(  # noqa: S603  # our own manage.py
        [sys.executable, "manage.py", *command], cwd=BASE_DIR, env=environment, capture_output=True, text=True
    )


def test_the_example_names_what_is_read_and_no_other() -> None:
    in_example = set(NAME.findall((BASE_DIR / ".env.example").read_text()))
    for_compose = set(re.findall(r"\$\{([A-Z_]+)", (BASE_DIR / "docker-compose.yml").read_text()))
    assert "SECRET_KEY" in names_read()
    assert in_example == names_read() | for_compose


def test_the_example_names_each_once() -> None:
    names = NAME.findall((BASE_DIR / ".env.example").read_text())
    assert len(names) == len(set(names))


def test_defaults_shown_in_the_example_are_the_settings_own(tmp_path: Path) -> None:
    shown = re.findall(r"^#([A-Z_]+)=(.+)$", (BASE_DIR / ".env.example").read_text(), re.MULTILINE)
    defaults = {name: value for name, value in shown if "example.net" not in value}
    assert {"STATEMENT_TIMEOUT", "HTTPS", "MINIMUM_PAYMENT"} <= defaults.keys()
    assert settings_of(tmp_path, **defaults) == settings_of(tmp_path)


def settings_of(tmp_path: Path, **changes: str) -> list[str]:
    done = boot(tmp_path, ["diffsettings", "--all"], **changes)
    assert done.returncode == 0, done.stderr
    return re.sub(r" at 0x[0-9a-f]+", "", done.stdout).splitlines()


@pytest.mark.parametrize(("changes", "said"), ODD, ids=[said for _, said in ODD])
def test_odd_values_stop_the_boot(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    done = boot(tmp_path, ["check"], **changes)
    assert done.returncode != 0
    assert said in done.stderr


def test_production_passes_djangos_own_deployment_check(tmp_path: Path) -> None:
    done = boot(tmp_path, ["check", "--deploy", "--fail-level", "WARNING"], STATIC_ROOT=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(PRODUCTION["SECRET_KEY"] + "\n")
    done = boot(tmp_path, ["check"], SECRET_KEY="", SECRET_KEY_FILE=str(tmp_path / "key"))
    assert done.returncode == 0, done.stderr


def test_production_starts_no_server_of_its_own(tmp_path: Path) -> None:
    assert boot(tmp_path, ["check"]).returncode == 0
    assert list(tmp_path.iterdir()) == []
