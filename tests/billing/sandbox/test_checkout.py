"""The hosted payment page, by plain HTTP form posts as a browser without JavaScript sends them."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests
import stripe

from billing.sandbox.server import Sandbox

SUCCESS = "https://shop.example/done?session={CHECKOUT_SESSION_ID}"
CANCEL = "https://shop.example/cart"
CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 40", "cvc": "123", "name": "Alice Example"}
ITEM = {
    "price_data": {"currency": "eur", "product_data": {"name": "Top-up <b>"}, "unit_amount": 1000},
    "quantity": 2,
}


def session_for(client: stripe.StripeClient, **more: object) -> stripe.checkout.Session:
    params = {
        "mode": "payment",
        "line_items": [ITEM],
        "success_url": SUCCESS,
        "cancel_url": CANCEL,
        "customer_email": "alice@example.com",
        "metadata": {"attempt": "a1"},
        "payment_intent_data": {"metadata": {"attempt": "a1"}},
        **more,
    }
    return client.v1.checkout.sessions.create({k: v for k, v in params.items() if v is not None})


def setup_for(client: stripe.StripeClient, customer: str) -> stripe.checkout.Session:
    return client.v1.checkout.sessions.create(
        {"mode": "setup", "currency": "eur", "customer": customer, "success_url": SUCCESS}
    )


def attempt_number(page: str) -> str:
    found = re.search(r'name="attempt" value="(\d+)"', page)
    assert found is not None
    return found[1]


def submit(url: str, **form: str) -> requests.Response:
    """Press Pay on the page as it is shown now."""
    attempt = attempt_number(requests.get(url, timeout=5).text)
    return requests.post(url, {**CARD, "attempt": attempt, **form}, allow_redirects=False, timeout=5)


def charges(sandbox: Sandbox) -> list[str]:
    return [c["status"] for c in sandbox.state.objects["charge"].values()]


def test_the_page_shows_what_is_paid(client: stripe.StripeClient) -> None:
    session = session_for(client)
    assert session.id.startswith("cs_test_")
    assert (session.amount_total, session.payment_status, session.status) == (2000, "unpaid", "open")
    answer = requests.get(session.url, timeout=5)
    assert "Test mode - no money moves" in answer.text
    assert "Top-up &lt;b&gt;" in answer.text
    assert "20.00 EUR" in answer.text
    assert "alice@example.com" in answer.text
    assert CANCEL in answer.text
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    style = requests.get(session.url.split("/c/")[0] + "/sandbox.css", timeout=5)
    assert style.headers["Content-Type"].startswith("text/css")


def test_paying(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    session = session_for(client)
    answer = submit(session.url)
    assert answer.status_code == 303
    assert answer.headers["Location"] == SUCCESS.replace("{CHECKOUT_SESSION_ID}", session.id)
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge", "line_items"]})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.payment_intent.status == "succeeded"
    assert paid.payment_intent.metadata["attempt"] == "a1"
    assert paid.payment_intent.latest_charge.amount == 2000
    assert paid.customer_details.email == "alice@example.com"
    assert paid.line_items.data[0].quantity == 2
    assert charges(payment_sandbox) == ["succeeded"]
    again = requests.get(session.url, timeout=5)
    assert "Nothing more will be charged" in again.text


def test_a_card_of_the_table_fills_in_the_form(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    session = session_for(client)
    page = requests.post(session.url, {"fill": "insufficient_funds", "name": "Bob"}, timeout=5).text
    assert 'value="4000 0000 0000 9995"' in page
    assert 'value="Bob"' in page
    filled = dict(re.findall(r'<input id="(\w+)" name="\w+" type="text" required value="([^"]*)"', page))
    declined = submit(session.url, **filled)
    assert declined.status_code == 402
    assert charges(payment_sandbox) == ["failed"]


def test_declined_then_paid_on_the_same_page(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    session = session_for(client)
    declined = submit(session.url, number="4000000000000002")
    assert declined.status_code == 402
    assert 'role="alert"' in declined.text
    assert "Your card was declined." in declined.text
    assert "4000000000000002" not in declined.text
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert submit(session.url).status_code == 303
    assert charges(payment_sandbox) == ["failed", "succeeded"]
    assert len(payment_sandbox.state.objects["payment_intent"]) == 1


WRONG = [
    ({"number": "4242424242424241"}, "number", "incorrect"),
    ({"number": "4539578763621486"}, "number", "not one of the test cards"),
    ({"expiry": "13/40"}, "expiry", "expiration month"),
    ({"expiry": "01/20"}, "expiry", "expiration year"),
    ({"expiry": "soon"}, "expiry", "MM / YY"),
    ({"cvc": "12"}, "cvc", "security code"),
    ({"name": " "}, "name", "name on the card"),
]


@pytest.mark.parametrize(("form", "field", "text"), WRONG)
def test_mistakes_are_said_at_their_field(
    client: stripe.StripeClient, payment_sandbox: Sandbox, form: dict[str, str], field: str, text: str
) -> None:
    session = session_for(client)
    answer = submit(session.url, **form)
    assert text in html.unescape(answer.text)
    assert re.search(rf'<input id="{field}"[^>]*aria-invalid="true"', answer.text)
    assert not payment_sandbox.state.objects["payment_intent"]


@pytest.mark.parametrize("outcome", ["complete", "fail"])
def test_three_d_secure(client: stripe.StripeClient, payment_sandbox: Sandbox, outcome: str) -> None:
    session = session_for(client)
    answer = submit(session.url, number="4000002760003184")
    challenge = payment_sandbox.url + answer.headers["Location"]
    assert "/c/challenge/pi_" in challenge
    assert charges(payment_sandbox) == []
    after = requests.post(challenge, {"outcome": outcome}, allow_redirects=False, timeout=5)
    if outcome == "complete":
        assert after.headers["Location"] == SUCCESS.replace("{CHECKOUT_SESSION_ID}", session.id)
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
        return
    page = requests.get(payment_sandbox.url + after.headers["Location"], timeout=5)
    assert "unable to authenticate" in page.text
    assert submit(session.url).status_code == 303
    assert charges(payment_sandbox) == ["succeeded"]


@pytest.mark.parametrize("number", ["4242424242424242", "4000000000000002"])
def test_the_same_form_sent_many_times_is_one_attempt(
    client: stripe.StripeClient, payment_sandbox: Sandbox, number: str
) -> None:
    session = session_for(client)
    form = {**CARD, "number": number, "attempt": "0"}
    together = Barrier(16)

    def press(_: int) -> int:
        together.wait()
        return requests.post(session.url, form, allow_redirects=False, timeout=10).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(press, range(16)))
    assert len(charges(payment_sandbox)) == 1
    assert set(answers) == ({303} if number.startswith("4242") else {402, 409})


def test_storing_a_card_without_paying(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    customer = client.v1.customers.create({"email": "alice@example.com", "name": "Alice"})
    session = setup_for(client, customer.id)
    assert session.setup_intent.startswith("seti_")
    assert "Nothing is charged now" in requests.get(session.url, timeout=5).text
    assert submit(session.url).status_code == 303
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert (done.status, done.payment_status) == ("complete", "no_payment_required")
    stored = client.v1.payment_methods.list({"customer": customer.id}).data
    assert [m.id for m in stored] == [done.setup_intent.payment_method]
    assert stored[0].billing_details.name == "Alice Example"
    assert charges(payment_sandbox) == []


def test_paying_and_storing_for_later(client: stripe.StripeClient) -> None:
    session = session_for(client, payment_intent_data={"setup_future_usage": "off_session"})
    submit(session.url)
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent", "customer"]})
    assert done.customer.email == "alice@example.com"
    assert done.payment_intent.customer == done.customer.id
    assert len(client.v1.payment_methods.list({"customer": done.customer.id}).data) == 1


def test_an_unknown_buyer_gives_an_e_mail_address(client: stripe.StripeClient) -> None:
    session = session_for(client, customer_email=None)
    assert "e-mail address" in submit(session.url).text
    assert submit(session.url, email="bob@example.com").status_code == 303
    assert client.v1.checkout.sessions.retrieve(session.id).customer_details.email == "bob@example.com"


def test_a_session_ends_after_a_day(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    session = session_for(client)
    submit(session.url, number="4000000000000002")
    requests.post(f"{payment_sandbox.url}/_sandbox/clock", json={"advance": 24 * 3600 + 1}, timeout=5)
    ended = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (ended.status, ended.payment_intent.status) == ("expired", "canceled")
    answer = requests.post(session.url, {**CARD, "attempt": "1"}, allow_redirects=False, timeout=5)
    assert answer.status_code == 410
    assert "expired" in answer.text
    assert charges(payment_sandbox) == ["failed"]


def test_a_session_is_ended_by_the_shop_once(client: stripe.StripeClient) -> None:
    session = session_for(client)
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)
    assert [s.id for s in client.v1.checkout.sessions.list({"status": "expired"}).data] == [session.id]


REFUSED = [
    ({"payment_method_types": ["card"]}, "payment_method_types_no_longer_supported"),
    ({"mode": "gift"}, None),
    ({"mode": "subscription"}, "sandbox_unsupported"),
    ({"success_url": None}, "parameter_missing"),
    ({"success_url": "javascript:alert(1)"}, "url_invalid"),
    ({"line_items": None}, "parameter_missing"),
    ({"line_items": [{**ITEM, "colour": "red"}]}, "parameter_unknown"),
    (
        {"line_items": [{"price_data": {"product_data": {"name": "x"}, "unit_amount": 100}}]},
        "parameter_missing",
    ),
    ({"line_items": [{**ITEM, "price_data": {**ITEM["price_data"], "unit_amount": 20}}]}, "amount_too_small"),
    ({"customer": "cus_none", "customer_email": None}, "resource_missing"),
]


@pytest.mark.parametrize(("change", "code"), REFUSED)
def test_refused_sessions(client: stripe.StripeClient, change: dict[str, object], code: str | None) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        session_for(client, **change)
    assert refused.value.code == code


def test_pages_that_are_not_there(payment_sandbox: Sandbox) -> None:
    for path in ("/c/pay/cs_test_none", "/c/challenge/pi_none", "/c/pay/cus_1", "/nothing"):
        assert requests.get(payment_sandbox.url + path, timeout=5).status_code == 404


def test_the_way_back_may_have_any_letters_but_splits_no_header(client: stripe.StripeClient) -> None:
    session = session_for(client, success_url="https://shop.example/zurück?a=1\r\nX-Evil: 1")
    answer = submit(session.url)
    assert answer.headers["Location"] == "https://shop.example/zur%C3%BCck?a=1%0D%0AX-Evil: 1"
    assert "X-Evil" not in answer.headers
