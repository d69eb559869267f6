"""The hosted payment page for everything that is no card, and for methods stored before."""

import re

import pytest
import requests
import stripe

from billing.sandbox.server import Sandbox

SUCCESS = "https://shop.example/done?session={CHECKOUT_SESSION_ID}"
CARD = {"kind": "card", "number": "4242424242424242", "expiry": "12 / 40", "cvc": "123", "name": "Alice"}
US = {"kind": "us_bank_account", "routing": "110000000", "account": "000123456789", "name": "Alice"}
SEPA = {"kind": "sepa_debit", "iban": "DE89 3704 0044 0532 0130 00", "name": "Alice"}
IDEAL = {"kind": "ideal", "bank": "ing", "name": "Alice"}
PAYPAL = {"kind": "paypal"}
DAY = 24 * 3600


def session_for(client: stripe.StripeClient, currency: str = "eur", **more: object) -> stripe.checkout.Session:
    item = {"price_data": {"currency": currency, "product_data": {"name": "Bill"}, "unit_amount": 2000}, "quantity": 1}
    whose = {} if "customer" in more else {"customer_email": "alice@example.com"}
    return client.v1.checkout.sessions.create(
        {"mode": "payment", "line_items": [item], "success_url": SUCCESS, **whose, **more}  # type: ignore[typeddict-item]
    )


def submit(url: str, form: dict[str, str]) -> requests.Response:
    found = re.search(r'name="attempt" value="(\d+)"', requests.get(url, timeout=5).text)
    assert found is not None
    return requests.post(url, {"attempt": found[1], **form}, allow_redirects=False, timeout=5)


def types(client: stripe.StripeClient) -> list[str]:
    return [event.type for event in client.v1.events.list({"limit": 100}).data][::-1]


def test_the_page_offers_what_fits_the_currency(client: stripe.StripeClient) -> None:
    euros = session_for(client)
    page = requests.get(euros.url, timeout=5).text
    assert euros.payment_method_types == ["card", "sepa_debit", "ideal", "paypal"]
    assert all(f"?method={name}" in page for name in euros.payment_method_types)
    assert "us_bank_account" not in page
    assert 'id="iban"' in requests.get(f"{euros.url}?method=sepa_debit", timeout=5).text
    dollars = session_for(client, "usd", allowed_payment_method_types=["us_bank_account", "sepa_debit"])
    assert dollars.payment_method_types == ["us_bank_account"]
    assert 'id="routing"' in requests.get(dollars.url, timeout=5).text


@pytest.mark.parametrize(("currency", "form", "failing"), [("eur", SEPA, "iban"), ("usd", US, "account")])
@pytest.mark.parametrize("fails", [False, True])
def test_debits_are_known_days_later(
    client: stripe.StripeClient,
    payment_sandbox: Sandbox,
    currency: str,
    form: dict[str, str],
    failing: str,
    fails: bool,
) -> None:
    bad = {"iban": "DE62370400440532013001", "account": "000222222227"}
    session = session_for(client, currency)
    assert submit(session.url, {**form, **({failing: bad[failing]} if fails else {})}).status_code == 303
    waiting = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert waiting.payment_intent.status == "processing"
    assert types(client)[-1] == "checkout.session.completed"
    requests.post(f"{payment_sandbox.url}/_sandbox/clock", json={"advance": 5 * DAY}, timeout=5)
    after = client.v1.checkout.sessions.retrieve(session.id)
    assert after.payment_status == ("unpaid" if fails else "paid")
    ending = "failed" if fails else "succeeded"
    requests.post(f"{payment_sandbox.url}/_sandbox/clock", json={"advance": 5 * DAY}, timeout=5)
    assert types(client).count(f"checkout.session.async_payment_{ending}") == 1


@pytest.mark.parametrize("form", [IDEAL, PAYPAL], ids=["ideal", "paypal"])
def test_redirects_and_back(client: stripe.StripeClient, payment_sandbox: Sandbox, form: dict[str, str]) -> None:
    session = session_for(client)
    for outcome in ("fail", "complete"):
        page = payment_sandbox.url + submit(session.url, form).headers["Location"]
        after = requests.post(page, {"outcome": outcome}, allow_redirects=False, timeout=5)
        paid = client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
        assert paid is (outcome == "complete")
        if outcome == "fail":
            again = requests.get(payment_sandbox.url + after.headers["Location"], timeout=5).text
            assert "did not approve" in again
    assert after.headers["Location"] == SUCCESS.replace("{CHECKOUT_SESSION_ID}", session.id)


@pytest.mark.parametrize("form", [US, SEPA, IDEAL, PAYPAL], ids=lambda form: str(form["kind"]))
def test_storing_without_paying(client: stripe.StripeClient, payment_sandbox: Sandbox, form: dict[str, str]) -> None:
    customer = client.v1.customers.create({"email": "alice@example.com", "name": "Alice"})
    currency = "usd" if form is US else "eur"
    session = client.v1.checkout.sessions.create(
        {"mode": "setup", "currency": currency, "customer": customer.id, "success_url": SUCCESS}
    )
    answer = submit(session.url, form)
    if form["kind"] in ("ideal", "paypal"):
        requests.post(
            payment_sandbox.url + answer.headers["Location"], {"outcome": "complete"}, timeout=5, allow_redirects=False
        )
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert (done.status, done.payment_status) == ("complete", "no_payment_required")
    (method,) = client.v1.payment_methods.list({"customer": customer.id}).data
    assert method.type == ("sepa_debit" if form is IDEAL else form["kind"])
    later = client.v1.payment_intents.create(
        {"amount": 700, "currency": currency, "customer": customer.id, "payment_method": method.id}
    )
    charged = client.v1.payment_intents.confirm(later.id, {"off_session": True})
    assert charged.status == ("succeeded" if form is PAYPAL else "processing")


def test_paying_and_storing_a_debit_for_later(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "alice@example.com"})
    session = session_for(client, customer=customer.id, payment_intent_data={"setup_future_usage": "off_session"})
    assert "whenever a payment is due" in requests.get(f"{session.url}?method=sepa_debit", timeout=5).text
    submit(session.url, SEPA)
    (method,) = client.v1.payment_methods.list({"customer": customer.id}).data
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert done.payment_intent.payment_method == method.id


def test_a_ticked_box_stores_and_the_next_page_offers_it(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    customer = client.v1.customers.create({"email": "alice@example.com"})
    options = {"customer": customer.id, "saved_payment_method_options": {"payment_method_save": "enabled"}}
    first = session_for(client, **options)
    assert 'id="save"' in requests.get(first.url, timeout=5).text
    submit(first.url, CARD)
    assert not client.v1.payment_methods.list({"customer": customer.id}).data
    second = session_for(client, **options)
    submit(second.url, {**CARD, "save": "1"})
    (method,) = client.v1.payment_methods.list({"customer": customer.id}).data
    assert method.allow_redisplay == "always"
    third = session_for(client, **options)
    assert "Visa ending in 4242" in requests.get(third.url, timeout=5).text
    assert submit(third.url, {"stored": method.id}).status_code == 303
    assert client.v1.checkout.sessions.retrieve(third.id).payment_status == "paid"
    assert submit(session_for(client).url, {"stored": method.id}).status_code == 400
    assert len(payment_sandbox.state.objects["charge"]) == 3


def test_saving_needs_a_customer(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        session_for(client, saved_payment_method_options={"payment_method_save": "enabled"})


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({**SEPA, "iban": "DE00"}, "iban"),
        ({**SEPA, "name": " "}, "name"),
        ({**US, "routing": "1"}, "routing"),
        ({**US, "account": "1"}, "account"),
    ],
)
def test_mistakes_are_said_at_their_field(
    client: stripe.StripeClient, payment_sandbox: Sandbox, form: dict[str, str], field: str
) -> None:
    session = session_for(client, "usd" if form["kind"] == "us_bank_account" else "eur")
    answer = submit(session.url, form)
    assert answer.status_code == 400
    assert re.search(rf'<input id="{field}"[^>]*aria-invalid="true"', answer.text)
    assert not payment_sandbox.state.objects["payment_intent"]


@pytest.mark.parametrize(("slug", "field"), [("sepa_insufficientFunds", "iban"), ("us_accountClosed", "account")])
def test_a_test_account_fills_in_the_form(client: stripe.StripeClient, slug: str, field: str) -> None:
    kind = "sepa_debit" if field == "iban" else "us_bank_account"
    session = session_for(client, "eur" if field == "iban" else "usd")
    page = requests.post(session.url, {"fill": slug, "kind": kind}, timeout=5).text
    assert re.search(rf'id="{field}"[^>]*value="[^"]*(2227|1113|22 27)"', page)
