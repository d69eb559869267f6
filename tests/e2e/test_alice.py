"""The whole path as alice walks it on a day: signs in, arranges, corrects, adds, looks up, pays, asks for help."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Account, Payment, Service, Xdr
from billing.operations.invoices import issue_invoice
from billing.periods import Period
from tests.factories import PASSWORD, CategoryFactory, LineFactory, RateFactory, TariffFactory
from tests.people import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(easycall, alice, bob) -> None:
    """EasyCall with three lines, prices, and a switch's file of calls from last month."""
    for place in range(3):
        LineFactory(customer=easycall, account_id=f"1212555010{place}", name=f"Desk {place}")
    tariff = TariffFactory()
    RateFactory(tariff=tariff, prefix="44", destination="United Kingdom", price_first="0.06", price_next="0.06")
    RateFactory(tariff=tariff, prefix="1", destination="USA", price_first="0.03", price_next="0.03")
    Account.objects.create(customer=easycall, tariff=tariff)
    CategoryFactory(name="Phone service")


def last_month(customer) -> Period:
    this = Period.month_with(timezone.now(), billing_day=customer.billing_day, zone=customer.zone)
    return Period.month_with(this.start - timedelta(days=1), billing_day=customer.billing_day, zone=customer.zone)


def switch_file(folder: Path, when: datetime) -> Path:
    """Forty calls to London and one that nobody answered, as our own format has them."""
    rows = [
        f"call-{n},12125550100,{(when + timedelta(minutes=20 * n)).isoformat()},300,12125550100,442071234567,"
        for n in range(40)
    ]
    rows.append(f"call-x,12125550101,{when.isoformat()},0,12125550101,12065550199,No answer")
    path = folder / "calls.csv"
    path.write_text("#selfcare-xdr v1\nexternal_id,account,started_at,seconds,cli,cld,cause\n" + "\n".join(rows) + "\n")
    return path


def test_the_whole_path(
    page: Page, live_server, sandbox, office, easycall, alice, dora, tmp_path, complaints, eager_tasks
):
    walk = Walk(page, live_server.url)
    walk.signs_in()
    walk.arranges_the_dashboard()
    walk.corrects_the_address()
    walk.adds_an_extension_and_a_huntgroup()
    period = last_month(easycall)
    file = switch_file(tmp_path, period.start + timedelta(days=3))
    for _twice in range(2):
        call_command("import_xdrs", str(file), format="portal", customer=str(easycall.pk), verbosity=0)
    assert Xdr.for_customer(easycall).count() == 41
    issue_invoice(customer=easycall, period=period, now=timezone.now())
    walk.looks_up_calls(tmp_path)
    walk.reads_the_invoice(tmp_path)
    walk.pays(easycall)
    walk.asks_for_help(tmp_path, dora)


class Walk:
    """What alice does, page after page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def opens(self, tab: str, item: str | None = None) -> None:
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=tab).click()
        if item:
            self.page.get_by_role("navigation", name="Pages of this tab").get_by_role("link", name=item).click()

    def signs_in(self) -> None:
        page = self.page
        page.goto(f"{self.address}/billing/invoices/")
        page.get_by_label("Login").fill("alice")
        page.get_by_role("textbox", name="Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Invoices")).to_be_visible()  # where she wanted to go

    def arranges_the_dashboard(self) -> None:
        page = self.page
        self.opens("Dashboard")
        titles = page.locator(".window h2")
        expect(titles).to_have_text(["Contact Information", "Brief Billing Information", "Spending", "Recent Calls"])
        page.get_by_role("button", name="Move Recent Calls up").press("Enter")  # by keyboard
        expect(titles).to_have_text(["Contact Information", "Brief Billing Information", "Recent Calls", "Spending"])
        page.get_by_role("button", name="Minimise Contact Information").click()
        expect(page.get_by_role("link", name="Edit contact details")).to_have_count(0)
        grips = page.locator(".grip")
        with page.expect_response("**/windows/"):
            grips.nth(1).drag_to(grips.nth(0))
        page.reload()
        expect(titles.first).to_have_text("Brief Billing Information")
        page.get_by_role("button", name="Put the windows back to default").click()
        expect(titles).to_have_text(["Contact Information", "Brief Billing Information", "Spending", "Recent Calls"])

    def corrects_the_address(self) -> None:
        page = self.page
        self.opens("My Profile")
        page.get_by_label("City").fill("Albany")
        page.get_by_label("Phone", exact=True).fill("12")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        expect(page.get_by_label("City")).to_have_value("Albany")  # what was typed is kept
        page.get_by_label("Phone", exact=True).fill("(212) 555-0142")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Your details were saved.")).to_be_visible()
        expect(page.get_by_label("Phone", exact=True)).to_have_value(re.compile(r"212"))

    def adds_an_extension_and_a_huntgroup(self) -> None:
        page = self.page
        self.opens("IP Centrex", "Extensions")
        page.get_by_role("link", name="Add Extension").first.click()
        page.get_by_label("Extension Number").fill("201")
        page.get_by_label("Extension Name").fill("Front desk")
        page.get_by_label("Assigned To Phone Line").select_option(label="12125550100 (Desk 0)")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("cell", name="Front desk", exact=True)).to_be_visible()
        self.opens("IP Centrex", "Huntgroups")
        page.get_by_role("link", name="Add Huntgroup").first.click()
        page.get_by_label("Huntgroup Number").fill("201")
        page.get_by_label("Huntgroup Name").fill("Sales")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_contain_text("201")  # one number space
        page.get_by_label("Huntgroup Number").fill("88")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Empty Huntgroup")).to_be_visible()
        page.get_by_role("link", name=re.compile("Configure")).first.click()
        page.get_by_label("Add an extension").select_option(label="201 Front desk")
        page.get_by_role("button", name="Add extension").click()
        page.get_by_label("Ring Time, sec: 201 Front desk").fill("25")
        page.locator(".form-buttons").get_by_role("button", name="Save").click()
        expect(page.get_by_text("“88 Sales” was saved.")).to_be_visible()

    def looks_up_calls(self, folder: Path) -> None:
        page = self.page
        self.opens("Billing Information", "Transactions")
        page.get_by_role("link", name="Last month").click()
        calls = page.get_by_role("row").filter(has_text="Voice Calls")
        expect(calls).to_contain_text("40")
        expect(calls).to_contain_text("12.00000 USD")  # 40 calls of 5 minutes at 0.06
        page.get_by_label("Show Failed Transactions").check()
        page.get_by_role("button", name="Show Records").click()
        expect(calls).to_contain_text("41")
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        download.value.save_as(folder / "records.csv")
        text = (folder / "records.csv").read_text(encoding="utf-8-sig")
        assert len(text.splitlines()) == 1 + 41  # the head and each call; 12.00 needs no row of rounding
        page.get_by_role("link", name="Voice Calls").first.click()
        expect(page.get_by_role("heading", name="Voice Calls")).to_be_visible()
        expect(page.locator(".portal-table tbody tr")).to_have_count(41)

    def reads_the_invoice(self, folder: Path) -> None:
        page = self.page
        self.opens("Billing Information", "Invoices")
        expect(page.get_by_role("row").nth(1)).to_contain_text("Unpaid")
        page.locator(".portal-table tbody a").first.click()
        expect(page.get_by_text("12.00 USD").first).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download PDF").click()
        download.value.save_as(folder / "invoice.pdf")
        assert (folder / "invoice.pdf").read_bytes().startswith(b"%PDF-")

    def pays(self, easycall) -> None:
        page = self.page
        expect(page.locator(".money-words")).to_contain_text("12.00 USD")
        self.opens("Billing Information", "Make a Payment")
        expect(page.get_by_label("Amount, USD")).to_have_value("12.00")
        page.get_by_role("button", name="Pay Now").click()
        page.get_by_label("Card number").fill("4242424242424242")
        page.get_by_label("Expiry").fill("12 / 34")
        page.get_by_label("CVC").fill("123")
        page.get_by_label("Name on card").fill("Alice Morgan")
        page.locator("button.pay").click()
        page.wait_for_url(f"{self.address}/billing/payments/**")
        expect(page.get_by_role("main")).to_contain_text("Paid")
        expect(page.locator(".money-words")).to_contain_text("0.00 USD")
        payment = Payment.objects.get()
        assert payment.state == Payment.State.SUCCEEDED
        page.wait_for_timeout(1500)  # the provider's own notices come as well, and book nothing more
        booked = Xdr.for_customer(easycall).filter(service_id=Service.PAYMENTS)
        assert [row.amount for row in booked] == [Decimal(-12)]
        self.opens("Billing Information", "Invoices")
        expect(page.get_by_role("row").nth(1)).to_contain_text("Paid")

    def asks_for_help(self, folder: Path, dora) -> None:
        page = self.page
        (folder / "trace.txt").write_text("line 1\n")
        self.opens("Trouble Tickets")
        page.get_by_role("link", name="Create Ticket").first.click()
        page.get_by_label("Subject").fill("Echo on calls")
        page.get_by_label("Category").select_option(label="Phone service")
        page.get_by_label("Message").fill("We hear ourselves.")
        page.locator("input[type=file]").set_input_files(folder / "trace.txt")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name=re.compile("Echo on calls"))).to_be_visible()
        expect(page.get_by_role("link", name=re.compile("trace.txt"))).to_be_visible()
        self.staff_answers(dora)
        page.reload()
        expect(page.get_by_text("Please turn the volume down.")).to_be_visible()
        expect(page.get_by_text("Old handset, known fault.")).to_have_count(0)
        page.get_by_label("Message").fill("That helped, thank you.")
        page.get_by_role("button", name="Send reply").click()
        expect(page.get_by_text("That helped, thank you.")).to_be_visible()
        page.get_by_role("button", name="Close ticket").click()
        expect(page.locator(".badge").first).to_have_text("Closed")
        page.get_by_role("button", name="Reopen").click()
        expect(page.locator(".badge").first).to_have_text("Open")

    def staff_answers(self, dora) -> None:
        """Staff answer and comment in the administration, in a browser of their own."""
        context = self.page.context.browser.new_context()
        context.add_cookies([{"name": "sid", "value": signed_in(dora).cookies["sid"].value, "url": self.address}])
        desk = context.new_page()
        desk.goto(f"{self.address}/admin/tickets/ticket/")
        desk.locator("#result_list tbody a").first.click()
        desk.get_by_label("Reply to the customer").fill("Please turn the volume down.")
        desk.locator("[name=_continue]").click()
        desk.get_by_label("Internal comment").fill("Old handset, known fault.")
        desk.locator("[name=_continue]").click()
        expect(desk.get_by_text("Old handset, known fault.").first).to_be_visible()
        context.close()
