"""The payment provider's own pages as a person fills them in, and its clock."""

from __future__ import annotations

import re

import requests
from playwright.sync_api import FrameLocator, Page

from billing.sandbox.server import Sandbox

CARD, ALWAYS_ASKS = "4242424242424242", "4000002760003184"
DAY = 86_400


def fill_in_card(page: Page | FrameLocator, number: str = CARD, *, cvc: str = "123") -> None:
    """The fields of a card, on the provider's page or in its form in ours."""
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry").fill("12 / 40")
    page.get_by_label("CVC").fill(cvc)
    page.get_by_label("Name on card").fill("Alice Morgan")


def fill_in_email(page: Page | FrameLocator) -> None:
    """Asked for where the provider does not know the payer."""
    field = page.get_by_label("E-mail")
    if field.count():
        field.fill("alice@example.com")


def press_pay(page: Page) -> None:
    page.locator("button.pay").click()


def confirm_at_bank(page: Page) -> None:
    """Say yes on the page of the bank or the wallet."""
    page.get_by_role("button", name=re.compile("Complete authentication|Approve|Agree and pay")).click()


def days_pass(sandbox: Sandbox, days: int = 5) -> None:
    """Let the provider's clock go on: banks answer, and it tells us."""
    answer = requests.post(f"{sandbox.url}/_sandbox/clock", json={"advance": days * DAY}, timeout=10)
    assert answer.status_code == 200, answer.text
