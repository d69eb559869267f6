"""A shop's page under a strict content security policy that pays through the sandbox's Payment Element."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe
from playwright.sync_api import FrameLocator, Page, expect

from billing.sandbox.server import Sandbox, start

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="en"><title>Shop</title><script src="{sandbox}/v3/"></script>
<div id="place"></div><button id="pay">Pay</button><p id="said"></p><script src="/shop.js"></script></html>"""
SCRIPT = """
const stripe = Stripe("pk_test_x");
const asked = new URLSearchParams(location.search);
const secret = asked.get("secret");
const elements = stripe.elements({clientSecret: secret, appearance: {theme: "night"}});
const said = document.querySelector("#said");
const element = elements.create("payment");
element.on("ready", () => { document.body.dataset.ready = "yes"; });
element.mount("#place");
document.querySelector("#pay").addEventListener("click", async () => {
  const confirm = secret.startsWith("pi_") ? stripe.confirmPayment : stripe.confirmSetup;
  await elements.submit();
  const outcome = await confirm({
    elements, confirmParams: {return_url: location.origin + "/back"}, redirect: asked.get("redirect") ?? "always",
  });
  const intent = outcome.paymentIntent ?? outcome.setupIntent;
  said.textContent = outcome.error ? `error ${outcome.error.decline_code ?? outcome.error.code}` : intent.status;
});
"""


class Shop:
    """A shop of two pages: one to pay on, one to come back to."""

    def __init__(self, sandbox: Sandbox) -> None:
        policy = f"default-src 'none'; script-src 'self' {sandbox.url}; frame-src {sandbox.url}; img-src 'self' data:"
        bodies = {
            "/": ("text/html", PAGE.format(sandbox=sandbox.url)),
            "/shop.js": ("text/javascript", SCRIPT),
            "/back": ("text/html", '<!doctype html><html lang="en"><title>Shop</title><h1>Welcome back</h1></html>'),
            "/favicon.ico": ("image/x-icon", ""),
        }

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, text = bodies[self.path.partition("?")[0]]
                body = text.encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Security-Policy", policy)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def payment_sandbox() -> Iterator[Sandbox]:
    sandbox = start(port=0)
    yield sandbox
    sandbox.stop()


@pytest.fixture
def client(payment_sandbox: Sandbox) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_x", base_addresses={"api": payment_sandbox.url}, max_network_retries=0)


@pytest.fixture
def shop(payment_sandbox: Sandbox) -> Iterator[Shop]:
    shop = Shop(payment_sandbox)
    yield shop
    shop.server.shutdown()
    shop.server.server_close()


def opened(page: Page, shop: Shop, secret: str, redirect: str = "always") -> FrameLocator:
    page.goto(f"{shop.url}/?secret={secret}&redirect={redirect}")
    expect(page.locator("body")).to_have_attribute("data-ready", "yes")
    return page.frame_locator("#place iframe")


def fill_card(frame: FrameLocator, number: str) -> None:
    frame.get_by_label("Card number").fill(number)
    frame.get_by_label("Expiry date").fill("12 / 40")
    frame.get_by_role("textbox", name="Security code").fill("123")
    frame.get_by_label("Name on card").fill("Alice Example")
    frame.get_by_label("E-mail").fill("alice@example.com")


def test_paying_by_card_and_coming_back(
    page: Page, complaints: list[str], shop: Shop, client: stripe.StripeClient
) -> None:
    intent = client.v1.payment_intents.create({"amount": 1900, "currency": "eur"})
    frame = opened(page, shop, intent.client_secret)
    fill_card(frame, "4242 4242 4242 4242")
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert f"payment_intent={intent.id}" in page.url
    assert "redirect_status=succeeded" in page.url
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_declined_then_paid_without_leaving(
    page: Page, complaints: list[str], shop: Shop, client: stripe.StripeClient
) -> None:
    intent = client.v1.payment_intents.create({"amount": 1900, "currency": "eur"})
    frame = opened(page, shop, intent.client_secret, "if_required")
    fill_card(frame, "4000 0000 0000 9995")
    page.get_by_role("button", name="Pay").click()
    expect(page.locator("#said")).to_have_text("error insufficient_funds")
    expect(frame.get_by_role("alert")).to_contain_text("insufficient funds")
    complaints.clear()  # the browser says each 402 on its console
    fill_card(frame, "4242 4242 4242 4242")
    page.get_by_role("button", name="Pay").click()
    expect(page.locator("#said")).to_have_text("succeeded")


def test_3d_secure_leaves_the_page_and_comes_back(
    page: Page, complaints: list[str], shop: Shop, client: stripe.StripeClient
) -> None:
    intent = client.v1.payment_intents.create({"amount": 1900, "currency": "eur"})
    fill_card(opened(page, shop, intent.client_secret, "if_required"), "4000 0027 6000 3184")
    page.get_by_role("button", name="Pay").click()
    page.get_by_role("button", name="Complete authentication").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_a_debit_by_a_test_number(page: Page, complaints: list[str], shop: Shop, client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "alice@example.com"})
    intent = client.v1.payment_intents.create({"amount": 1900, "currency": "eur", "customer": customer.id})
    frame = opened(page, shop, intent.client_secret, "if_required")
    frame.get_by_role("link", name="SEPA Direct Debit").click()
    frame.get_by_text("Test numbers").click()
    frame.get_by_role("button", name="Use 3000: Succeeds").click()
    expect(frame.get_by_label("IBAN")).to_have_value("DE89 3704 0044 0532 0130 00")
    page.get_by_role("button", name="Pay").click()
    expect(page.locator("#said")).to_have_text("processing")


def test_storing_a_card(page: Page, complaints: list[str], shop: Shop, client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "alice@example.com"})
    intent = client.v1.setup_intents.create({"customer": customer.id})
    frame = opened(page, shop, intent.client_secret, "if_required")
    expect(frame.get_by_label("E-mail")).to_have_count(0)
    frame.get_by_text("Test numbers").click()
    frame.get_by_role("button", name="Use 4242: Succeeds").click()
    page.get_by_role("button", name="Pay").click()
    expect(page.locator("#said")).to_have_text("succeeded")
    assert len(client.v1.payment_methods.list({"customer": customer.id}).data) == 1
