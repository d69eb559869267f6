"""Typed readers for environment variables: a value that makes no sense stops the boot with its name."""

import os
from collections.abc import Iterable
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def read_file(default: Path) -> None:
    """Add the file that SELFCARE_ENV_FILE names, else `default` if it is there, to the environment.

    What the environment has already wins.
    """
    path = Path(text("SELFCARE_ENV_FILE") or default)
    if path.is_file():
        environ.Env.read_env(path)


def text(name: str, default: str = "") -> str:
    """The value of `name` without surrounding space, or `default` when it is not set."""
    return os.environ.get(name, default).strip()


def secret(name: str) -> str:
    """A secret from `name`, or from the file that `NAME_FILE` names (Docker and systemd credentials)."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error.strerror}") from error


def flag(name: str, default: bool = False) -> bool:
    """A yes/no value; anything else than 1/0, true/false, yes/no, on/off stops the boot."""
    value = text(name, "1" if default else "0").lower()
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no; use 1 or 0")
    return value in YES


def integer(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number between `low` and `high`, both included."""
    value = text(name, str(default))
    if not value.lstrip("-").isdigit() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name}={value!r} must be a whole number from {low} to {high}")
    return int(value)


def choice(name: str, default: str, allowed: Iterable[str]) -> str:
    """One of `allowed`."""
    value, allowed = text(name, default), sorted(allowed)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} must be one of: {', '.join(allowed)}")
    return value


def listing(name: str, default: str = "") -> list[str]:
    """Comma-separated values, empty ones left out."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]
