"""Who sends text messages, as the environment says; see .env.example for each name with its meaning."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from selfcare import environment

USUAL_REQUEST = '{"to": "{to}", "text": "{text}", "id": "{id}"}'
FORM = "form:"
HTTP, SMPP = ("http", "https"), ("smpp", "smpps")
PORTS = {"smpp": 2775, "smpps": 3550}


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of text messages; without a `url` there is none.

    `request` is what a web service gets, with the places {to} {text} {id} {sender}; `as_form` sends it as a form.
    `expect` must be found in its answer. `countries` (ISO 3166) are those to which messages may go; none: the
    customer's own and the telephone company's.
    """

    url: str = ""
    token: str = ""
    sender: str = ""
    request: Any = field(default_factory=lambda: json.loads(USUAL_REQUEST))
    as_form: bool = False
    expect: str = ""
    countries: tuple[str, ...] = ()

    @property
    def address(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def is_smpp(self) -> bool:
        return self.address.scheme in SMPP

    @property
    def host_and_port(self) -> tuple[str, int]:
        """Where an SMS centre listens."""
        address = self.address
        return address.hostname or "", address.port or PORTS[address.scheme]

    @property
    def login(self) -> tuple[str, str]:
        """The name and the password for an SMS centre."""
        return unquote(self.address.username or ""), unquote(self.address.password or "")


def from_environment() -> Provider:
    """The provider that the environment names; what makes no sense stops the boot."""
    request = environment.text("SMS_REQUEST", USUAL_REQUEST)
    return Provider(
        url=_url(environment.secret("SMS_URL")),
        token=environment.secret("SMS_TOKEN"),
        sender=environment.text("SMS_SENDER"),
        request=_request(request.removeprefix(FORM)),
        as_form=request.startswith(FORM),
        expect=_expression(environment.text("SMS_EXPECT")),
        countries=tuple(country.upper() for country in environment.listing("SMS_COUNTRIES")),
    )


def _url(url: str) -> str:
    """The message never repeats the address: it may hold a password."""
    try:
        address = urlsplit(url)
        known = not url or (address.scheme in HTTP + SMPP and bool(address.hostname) and address.port != 0)
    except ValueError:
        known = False
    if not known:
        raise ImproperlyConfigured("SMS_URL must begin with https://, smpp:// or smpps:// and name a host")
    return url


def _request(text: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"SMS_REQUEST is no JSON: {error}") from error
    if not isinstance(found, dict) or "{to}" not in text or "{text}" not in text:
        raise ImproperlyConfigured("SMS_REQUEST must be a JSON object with {to} and {text} in it")
    return found


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ImproperlyConfigured(f"SMS_EXPECT is no regular expression: {error}") from error
    return text
