"""Whose calls PayNearMe's part of the sandbox takes, and where its callbacks go."""

from dataclasses import dataclass


@dataclass
class Settings:
    """Whose calls are taken, and where the callbacks go: to `callback_url` + authorization/, confirmation/, reverse/.

    authorize: whether the till asks before it takes money.
    """

    site: str = "S0000000001"
    secret: str = "paynearme_sandbox"  # noqa: S105 - a development secret, printed at start
    callback_url: str = ""
    authorize: bool = True
