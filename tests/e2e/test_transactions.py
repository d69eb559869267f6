"""Transactions in the browser: by keyboard alone, on a phone and on a desk, on paper, and kept as files."""

import csv
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Xdr
from selfcare.export import MOST_AT_ONCE, Copied
from tests.e2e.test_accessibility import SIZES, violations
from tests.factories import ExtensionFactory, LineFactory, XdrFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALLS = 60


@pytest.fixture
def calls(easycall) -> None:
    """One call an hour; call n is to the number 493023125000 + n and costs n hundredths."""
    line = LineFactory(customer=easycall, account_id="12125550100")
    ExtensionFactory(customer=easycall, number="201", name="Anna", line=line)
    now = timezone.now()
    for n in range(CALLS):
        at = now - timedelta(hours=n)
        end = at + timedelta(seconds=61)
        XdrFactory(
            customer=easycall,
            line=line,
            started_at=at,
            ended_at=end,
            cli=line.account_id,
            cld=f"{493023125000 + n}",
            destination="Germany, Berlin",
            country="DE",
            quantity=61,
            charged_quantity=61,
            amount=f"{n / 100:.2f}",
        )


@pytest.fixture
def totals(live_server, alice, calls, sign_in) -> Page:
    page = sign_in(alice)
    first = timezone.localtime(timezone.now() - timedelta(days=4))
    page.goto(f"{live_server.url}/billing/transactions/?from_date={first:%Y-%m-%d}")
    return page


@pytest.fixture
def details(totals) -> Page:
    totals.get_by_role("link", name="Show Details").first.click()
    return totals


def rows(page: Page):
    return page.locator("main tbody tr")


def reach(page: Page, name: str) -> None:
    """Press Tab until the element with this name has the focus."""
    for _press in range(150):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "() => { const at = document.activeElement; return at.ariaLabel || at.labels?.[0]?.innerText"
            " || at.innerText || ''; }"
        )
        if label.strip() == name:
            return
    pytest.fail(f"Tab does not reach {name}")


def test_a_keyboard_is_enough(totals):
    reach(totals, "Show records for")
    totals.keyboard.press("ArrowDown")
    totals.keyboard.press("ArrowDown")
    reach(totals, "Line, extension or number")
    totals.keyboard.type("201")
    totals.keyboard.press("Enter")
    expect(totals.locator("tfoot")).to_contain_text("Total Transactions: 60")
    reach(totals, "Show Details: Voice Calls")
    totals.keyboard.press("Enter")
    expect(rows(totals)).to_have_count(50)
    reach(totals, "Amount")
    totals.keyboard.press("Enter")
    expect(rows(totals).first).to_contain_text("0.00000 USD")
    reach(totals, "Next page")
    totals.keyboard.press("Enter")
    expect(rows(totals)).to_have_count(10)
    expect(rows(totals).last).to_contain_text("0.59000 USD")


def test_one_goes_to_a_date_and_opens_a_row(details, easycall):
    at = Xdr.objects.get(cld="493023125024").started_at.astimezone(easycall.zone)
    details.get_by_label("Go to date").fill(f"{at:%Y-%m-%dT%H:%M:%S}")
    details.get_by_role("button", name="Go", exact=True).click()
    expect(rows(details).first).to_contain_text("+49 30 23125024")
    expect(details.get_by_text("25 – 60 of 60")).to_be_visible()
    rows(details).first.get_by_role("link", name="Details").click()
    expect(details.get_by_role("heading", name="Why this price")).to_be_visible()
    details.get_by_role("link", name="Report a problem").click()
    expect(details.get_by_label("About")).to_have_value(
        re.compile(r"Transaction \d+, Voice Calls, .*, \+49 30 23125024")
    )


def test_files_are_kept_and_a_refusal_is_read_on_the_page(totals, easycall):
    with totals.expect_download() as waiting:
        totals.get_by_role("link", name="CSV").click()
    kept = list(csv.DictReader(waiting.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert [row["cli_name"] for row in kept] == ["201 Anna"] * CALLS
    with totals.expect_download() as waiting:
        totals.get_by_role("link", name="XLSX").click()
    assert waiting.value.suggested_filename.endswith(".xlsx")
    running = [Copied("COPY (SELECT 1) TO STDOUT", owner=f"customer {easycall.pk}") for _turn in range(MOST_AT_ONCE)]
    totals.get_by_role("link", name="CSV").click()
    expect(totals.get_by_text("3 downloads are being made for you already.")).to_be_visible()
    for parts in running:
        parts.close()


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_fifty_rows_fit_the_screen_and_the_rules(size, totals):
    totals.set_viewport_size(SIZES[size])
    totals.emulate_media(reduced_motion="reduce")
    found = violations(totals, f"totals, {size}")
    totals.get_by_role("link", name="Show Details" if size == "wide" else "Voice Calls").first.click()
    expect(rows(totals)).to_have_count(50)
    found += violations(totals, f"rows, {size}")
    assert totals.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    rows(totals).first.get_by_role("link", name="Details").click()
    found += violations(totals, f"row, {size}")
    assert totals.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    assert not found, "\n".join(found)


def test_on_paper_are_the_rows_and_no_buttons(details):
    details.emulate_media(media="print")
    expect(rows(details).first).to_be_visible()
    for hidden in (".jump", ".pager", ".side", ".top-bar", ".head-button"):
        expect(details.locator(hidden).first).to_be_hidden()
    assert len(details.pdf()) > 10_000
