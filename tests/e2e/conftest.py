"""What every browser test shares: a page that is signed in and lets no console error or policy violation pass."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from selfcare.models import User
from tests.people import signed_in


@pytest.fixture(scope="session")
def base_url() -> None:
    """None, as pytest-playwright has it; its own is declared in a way that pytest warns about."""


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains about; any complaint that a test leaves in the list fails it."""
    page.set_default_timeout(10_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []


@pytest.fixture
def sign_in(page: Page, live_server: Any, complaints: list[str]) -> Callable[[User], Page]:
    """Gives the browser the session of a user."""

    def sign_in(user: User) -> Page:
        session = signed_in(user).cookies["sid"].value
        page.context.add_cookies([{"name": "sid", "value": session, "url": live_server.url}])
        return page

    return sign_in
