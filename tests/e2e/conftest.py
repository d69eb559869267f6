"""What every browser test shares: a page that is signed in and lets no console error or policy violation pass."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from billing.gateways.stripe import client
from billing.sandbox.server import Sandbox, start
from selfcare.models import Customer, User
from tests.house.samples import ROWS, SAMPLES
from tests.house.test_urls import PLAIN
from tests.people import signed_in

SECRET = "whsec_walk"


@pytest.fixture(scope="session")
def base_url() -> None:
    """None, as pytest-playwright has it; its own is declared in a way that pytest warns about."""


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains about; any complaint that a test leaves in the list fails it."""
    page.set_default_timeout(10_000)
    said = complaints_of(page)
    yield said
    assert said == []


def complaints_of(page: Page) -> list[str]:
    """A list that fills with what the browser complains about."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def sign_in(page: Page, live_server: Any, complaints: list[str]) -> Callable[[User], Page]:
    """Gives the browser the session of a user."""

    def sign_in(user: User) -> Page:
        give_session(page.context, user, live_server.url)
        return page

    return sign_in


def give_session(context: BrowserContext, user: User, address: str) -> None:
    """Sign `user` in for all pages of the context."""
    context.add_cookies([{"name": "sid", "value": signed_in(user).cookies["sid"].value, "url": address}])


@pytest.fixture
def pages(easycall: Customer, alice: User, as_alice: Client) -> dict[str, str]:
    """The address of every page that alice can look at, by its name; each list has rows, each record is there."""
    for add_row in ROWS.values():
        add_row(easycall, alice)
    addresses = {name: reverse(name) for name in PLAIN}
    addresses |= {name: reverse(name, args=make(easycall, alice)) for name, (make, _status) in SAMPLES.items()}
    return {name: address for name, address in sorted(addresses.items()) if is_page(as_alice, address)}


def is_page(client: Client, address: str) -> bool:
    """Whether a browser shows what is at `address`, rather than saving it or going elsewhere."""
    answer = client.get(address)
    answer.close()  # or the file of a download stays open
    shown = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return shown and "attachment" not in answer.get("Content-Disposition", "")


@pytest.fixture
def sandbox(settings, live_server) -> Iterator[Sandbox]:
    """The payment provider, which tells this portal of every payment."""
    notices = f"{live_server.url}/payments/webhooks/stripe/"
    sandbox = start(port=0, webhooks=[notices], webhook_secret=SECRET, delays=(0.2, 0.5))
    settings.STRIPE_API_BASE, settings.STRIPE_WEBHOOK_SECRET = sandbox.url, SECRET
    settings.PORTAL_URL = live_server.url
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"].append(sandbox.url)
    settings.CONTENT_SECURITY_POLICY = policy
    yield sandbox
    client.client_of.cache_clear()
    sandbox.stop()
