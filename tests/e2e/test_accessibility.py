"""Every page by the rules of WCAG 2.2 AA that a machine can check: light and dark, wide and on a phone."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from django.urls import reverse
from playwright.sync_api import Browser, Page

from selfcare.models import User
from tests.e2e.conftest import give_session

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RULES = AXE_FILE_PATH.read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 780}}


# What depends on the theme; the rest of the rules would say the same twice.
COLOURS = ["color-contrast", "link-in-text-block"]


@pytest.mark.parametrize("size", SIZES)
def test_every_page_can_be_used_by_everybody(size, browser: Browser, live_server, alice: User, pages):
    context = browser.new_context(
        viewport=SIZES[size], color_scheme="light", reduced_motion="reduce"
    )  # a fading colour has no contrast
    page = context.new_page()
    found = []
    for name in ("account_login", "account_reset_password", "account_reset_password_done"):
        page.goto(live_server.url + reverse(name))
        found += violations(page, name)
    give_session(context, alice, live_server.url)
    for name, address in (pages | {"error 404": "/no/such/page/"}).items():
        page.goto(live_server.url + address)
        found += violations(page, name)
    found += of_what_opens(page, live_server.url + pages["centrex:lines"])
    found += of_a_refused_form(page, live_server.url + pages["centrex:extension-add"])
    context.close()
    assert not found, "\n" + "\n".join(found)


def of_what_opens(page: Page, address: str) -> list[str]:
    """Menus and drawers, each of them open."""
    page.goto(address)
    found = []
    for name in page.eval_on_selector_all("[popover][id]", "all => all.map(one => one.id)"):
        page.evaluate("id => document.getElementById(id).showPopover()", name)
        found += violations(page, f"{name} is open", within=f"#{name}")
        page.evaluate("id => document.getElementById(id).hidePopover()", name)
    return found


def of_a_refused_form(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.locator(".form-buttons .btn-primary").click()
    page.locator("#error-summary").wait_for()
    return violations(page, "a refused form")


def violations(page: Page, name: str, *, within: str = "html") -> list[str]:
    """One line for each element that breaks a rule, in light and in dark: page, rule, element, why."""
    page.evaluate(RULES)
    found = broken(page, f"{name}, light", within, {"type": "tag", "values": TAGS})
    page.emulate_media(color_scheme="dark")
    page.locator("[data-bs-theme=dark]").wait_for(state="attached")
    found += broken(page, f"{name}, dark", within, {"type": "rule", "values": COLOURS})
    page.emulate_media(color_scheme="light")
    return found


def broken(page: Page, name: str, within: str, rules: dict[str, Any]) -> list[str]:
    answer = page.evaluate(
        "([within, rules]) => axe.run(within, {runOnly: rules, resultTypes: ['violations'], preload: false})",
        [within, rules],
    )
    return [
        f"{name}: {rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
