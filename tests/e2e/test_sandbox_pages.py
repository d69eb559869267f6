"""The sandbox's own pages by the rules of WCAG that a machine can check, light and dark, and on a phone."""

import time
from collections.abc import Iterator

import pytest
import requests
import stripe
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page

from billing.sandbox.paynearme.signature import sign
from billing.sandbox.server import Sandbox, start

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RULES = AXE_FILE_PATH.read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
YES = {"customer_acceptance": {"type": "online", "online": {"ip_address": "203.0.113.7", "user_agent": "test"}}}
BACK = "https://shop.example/back"


@pytest.fixture
def payment_sandbox() -> Iterator[Sandbox]:
    sandbox = start(port=0)
    yield sandbox
    sandbox.stop()


@pytest.fixture
def addresses(payment_sandbox: Sandbox) -> list[str]:
    """Every page, with something on it."""
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": payment_sandbox.url})
    customer = client.v1.customers.create({"email": "alice@example.com", "name": "Alice"})
    debit = {
        "amount": 2500,
        "customer": customer.id,
        "setup_future_usage": "off_session",
        "confirm": True,
        "mandate_data": YES,
        "return_url": BACK,
    }
    client.v1.payment_intents.create({**debit, "currency": "eur", "payment_method": "pm_success_de"})  # type: ignore[typeddict-item]
    card = {"amount": 900, "currency": "usd", "confirm": True, "off_session": True}
    for name in ("createDispute", "visa"):
        client.v1.payment_intents.create({**card, "payment_method": f"pm_card_{name}"})  # type: ignore[typeddict-item]
    ideal = client.v1.payment_intents.create(
        {
            "amount": 900,
            "currency": "eur",
            "payment_method_data": {"type": "ideal"},
            "confirm": True,
            "return_url": BACK,
        }
    )
    item = {"price_data": {"currency": "eur", "product_data": {"name": "Bill"}, "unit_amount": 4250}, "quantity": 1}
    options = {"payment_method_save": "enabled", "allow_redisplay_filters": ["unspecified"]}
    session = client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [item],
            "customer": customer.id,
            "success_url": BACK,
            "saved_payment_method_options": options,
        }  # type: ignore[typeddict-item]
    )
    number = client.v1.setup_intents.create(
        {
            "payment_method_data": {
                "type": "us_bank_account",
                "us_bank_account": {"routing_number": "110000000", "account_number": "000123456789"},
                "billing_details": {"name": "Alice"},
            },
            "confirm": True,
            "mandate_data": YES,
            "return_url": BACK,
        }
    )
    order = {
        "site_identifier": "S0000000001",
        "timestamp": str(int(time.time())),
        "version": "3.0",
        "order_amount": "42.50",
        "order_currency": "USD",
        "order_type": "any",
        "order_is_standing": "true",
        "site_customer_identifier": "easycall",
    }
    order["signature"] = sign(order, "paynearme_sandbox")
    cash = requests.post(f"{payment_sandbox.url}/paynearme/json-api/create_order", order, timeout=5).json()["order"]
    requests.post(cash["secure_smart_link"], {"amount": "10"}, timeout=5)
    requests.post(f"{payment_sandbox.url}/_sandbox/faults", json={"kind": "slow", "path": "/v2/*"}, timeout=5)
    mandate = next(iter(payment_sandbox.state.objects["mandate"]))
    return [
        payment_sandbox.url,
        f"{payment_sandbox.url}/nothing",
        *(f"{session.url}?method={name}" for name in session.payment_method_types),
        ideal.next_action.redirect_to_url.url,
        number.next_action.verify_with_microdeposits.hosted_verification_url,
        f"{payment_sandbox.url}/c/mandate/{mandate}",
        cash["secure_smart_link"],
        cash["slips"][0]["slip_url"],
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_the_pages_can_be_used_by_everybody(browser: Browser, addresses: list[str], width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # the rules are a script of the test's; the pages allow none
    )
    page = context.new_page()
    found = []
    for address in addresses:
        page.goto(address)
        found += violations(page, address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    context.close()
    assert not found, "\n" + "\n".join(found)


def violations(page: Page, address: str) -> list[str]:
    page.evaluate(RULES)
    said = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", TAGS
    )
    return [f"{address}: {rule['id']}: {node['html'][:200]}" for rule in said["violations"] for node in rule["nodes"]]
