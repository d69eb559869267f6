"""PayNearMe: signed calls, the till, callbacks until they are acknowledged."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from billing.sandbox.paynearme import barcode
from billing.sandbox.paynearme.signature import is_signed, sign
from billing.sandbox.server import Sandbox

Until = Callable[[Callable[[], bool]], None]
SITE, SECRET = "S0000000001", "paynearme_sandbox"
ORDER = {
    "order_amount": "42.50",
    "order_currency": "USD",
    "order_type": "exact",
    "order_is_standing": "false",
    "site_customer_identifier": "easycall",
    "site_order_identifier": "invoice-7",
}


def call(
    sandbox: Sandbox, method: str, *, as_json: bool = True, secret: str = SECRET, **params: object
) -> requests.Response:
    sent: dict[str, object] = {"site_identifier": SITE, "timestamp": str(int(time.time())), "version": "3.0", **params}
    sent.setdefault("signature", sign(sent, secret))
    url = f"{sandbox.url}/paynearme/json-api/{method}"
    return requests.post(url, json=sent, timeout=5) if as_json else requests.post(url, sent, timeout=5)


def order_of(sandbox: Sandbox, **more: str) -> dict[str, str]:
    answer = call(sandbox, "create_order", **{**ORDER, **more})
    assert answer.status_code == 200, answer.text
    made: dict[str, str] = answer.json()["orders"][0]
    return made


def pay(sandbox: Sandbox, order: dict[str, str], amount: str, *, force: bool = False) -> requests.Response:
    """What the person at the till does, on the page the customer's link leads to."""
    form = {"amount": amount, **({"force": "1"} if force else {})}
    return requests.post(order["secure_smart_link"], form, allow_redirects=False, timeout=10)


def paid(sandbox: Sandbox, order: dict[str, str]) -> list[tuple[str, str]]:
    found = call(sandbox, "find_orders", pnm_order_identifier=order["pnm_order_identifier"]).json()["orders"][0]
    return [(p["payment_amount"], p["payment_status"]) for p in found["payments"]]


class Merchant:
    """A merchant's callback addresses: checks signatures, keeps what came, answers as told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.accept = True
        self.ignore_first = 0
        self.silent = False
        merchant = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                kind = self.path.strip("/").split("/")[-1]
                assert is_signed(given, SECRET)
                answer: dict[str, object] = {}
                if merchant.ignore_first > 0 and kind != "authorization":
                    merchant.ignore_first -= 1
                elif not merchant.silent:
                    merchant.calls.append((kind, given))
                    answer = {"pnm_order_identifier": given["pnm_order_identifier"]}
                    if kind == "authorization":
                        answer |= {"accept_payment": "yes" if merchant.accept else "no", "receipt": "Thank you <b>"}
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/pnm"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.calls]

    def of(self, kind: str) -> list[dict[str, str]]:
        return [given for name, given in self.calls if name == kind]


@pytest.fixture
def merchant(payment_sandbox: Sandbox) -> Iterator[Merchant]:
    merchant = Merchant()
    answer = requests.post(f"{payment_sandbox.url}/_sandbox/paynearme", json={"callback_url": merchant.url}, timeout=5)
    assert answer.status_code == 200
    yield merchant
    merchant.server.shutdown()
    merchant.server.server_close()


def test_the_documented_example_is_signed_alike() -> None:
    """https://apidocs.paynearme.com/devdocs/reference/hmac-signature-authentication"""
    params = {
        "site_identifier": "S2155373459",
        "timestamp": "1636142061",
        "version": "3.0",
        "order_amount": "500",
        "order_currency": "USD",
        "order_type": "any",
        "order_is_standing": "true",
        "site_customer_identifier": "11223344",
    }
    expected = "65c694f4b632187aa02fc4144cdd374373307f0a200448c9e53f2e47d84b3b82"
    assert sign(params, "ab7b539ea1317cca67c63c552") == expected
    assert sign({**params, "order_is_standing": True, "format": "json"}, "ab7b539ea1317cca67c63c552") == expected
    assert sign({**params, "order_amount": "501"}, "ab7b539ea1317cca67c63c552") != expected


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "form"])
def test_create_and_find(payment_sandbox: Sandbox, as_json: bool) -> None:
    answer = call(payment_sandbox, "create_order", as_json=as_json, **ORDER).json()
    assert answer["status"] == "ok"
    order = answer["orders"][0]
    assert order == answer["order"]
    assert (order["order_amount"], order["order_status"]) == ("42.50", "open")
    assert order["pnm_order_identifier"].isdecimal()
    found = call(payment_sandbox, "find_orders", as_json=as_json, site_order_identifier="invoice-7").json()["orders"]
    assert [o["pnm_order_identifier"] for o in found] == [order["pnm_order_identifier"]]
    least = call(payment_sandbox, "find_orders", site_customer_identifier="easycall", return_minimal_info="true")
    assert set(least.json()["orders"][0]) == {"pnm_order_identifier", "pnm_customer_identifier"}
    token = call(payment_sandbox, "get_smart_token", pnm_order_identifier=order["pnm_order_identifier"]).json()
    assert token["orders"][0]["secure_smart_token"] == order["secure_smart_token"]


def test_orders_since_a_day(payment_sandbox: Sandbox) -> None:
    order_of(payment_sandbox)
    requests.post(f"{payment_sandbox.url}/_sandbox/clock", json={"advance": 48 * 3600}, timeout=5)
    later = order_of(payment_sandbox)
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 48 * 3600))
    found = call(payment_sandbox, "find_orders", start_date=day).json()["orders"]
    assert [order["pnm_order_identifier"] for order in found] == [later["pnm_order_identifier"]]
    assert len(call(payment_sandbox, "find_orders", start_date="2020-01-01").json()["orders"]) == 2
    assert call(payment_sandbox, "find_orders", start_date="soon").status_code == 400


REFUSED = [
    ({"order_amount": ""}, "order_amount is required"),
    ({"order_amount": "-1"}, "order_amount"),
    ({"order_amount": "1.005"}, "order_amount"),
    ({"order_amount": "NaN"}, "order_amount"),
    ({"order_currency": "EUR"}, "order_currency"),
    ({"order_type": "some"}, "order_type"),
    ({"order_is_standing": "perhaps"}, "order_is_standing"),
    ({"site_customer_identifier": ""}, "site_customer_identifier is required"),
    ({"order_expiration_date": "2020-01-01"}, "order_expiration_date"),
    ({"order_expiration_date": "soon"}, "order_expiration_date"),
    ({"colour": "red"}, "Unknown parameter: colour"),
    ({"version": "2.0"}, "version"),
    ({"timestamp": "1636142061"}, "timestamp"),
    ({"timestamp": "now"}, "timestamp"),
    ({"site_identifier": "S9"}, "signature or site"),
    ({"signature": "00"}, "signature or site"),
]


@pytest.mark.parametrize(("change", "words"), REFUSED)
def test_refused_calls(payment_sandbox: Sandbox, change: dict[str, str], words: str) -> None:
    answer = call(payment_sandbox, "create_order", **{**ORDER, **change})
    assert (answer.status_code, answer.json()["status"]) == (400, "error")
    assert words in answer.json()["errors"][0]["description"]
    assert not payment_sandbox.state.objects["pnm_order"]


def test_calls_that_there_are_not(payment_sandbox: Sandbox) -> None:
    assert call(payment_sandbox, "rob_bank").status_code == 400
    assert call(payment_sandbox, "cancel_order", pnm_order_identifier="1").status_code == 400
    assert call(payment_sandbox, "find_orders").status_code == 400
    assert call(payment_sandbox, "find_payment", pnm_payment_identifier="1").status_code == 400
    assert (
        requests.post(f"{payment_sandbox.url}/paynearme/json-api/create_order", data="{", timeout=5).status_code == 400
    )


def test_paying_asks_and_tells(payment_sandbox: Sandbox, merchant: Merchant, until: Until) -> None:
    order = order_of(payment_sandbox)
    assert pay(payment_sandbox, order, "42.50").status_code == 303
    until(lambda: merchant.kinds() == ["authorization", "confirmation"])
    asked, told = merchant.calls[0][1], merchant.calls[1][1]
    assert told["pnm_payment_identifier"] == asked["pnm_payment_identifier"]
    assert (told["payment_amount"], told["payment_currency"], told["status"]) == ("42.50", "USD", "approve")
    assert (told["site_order_identifier"], told["site_customer_identifier"]) == ("invoice-7", "easycall")
    page = requests.get(order["secure_smart_link"], timeout=5).text
    assert "Thank you &lt;b&gt;" in page
    payment = call(payment_sandbox, "find_payment", pnm_payment_identifier=told["pnm_payment_identifier"]).json()
    assert payment["payment"]["payment_status"] == "approved"
    assert paid(payment_sandbox, order) == [("42.50", "approved")]


@pytest.mark.parametrize(
    ("order_type", "amount", "taken"),
    [
        ("exact", "42.49", False),
        ("exact", "42.51", False),
        ("up-to", "10.00", True),
        ("up-to", "42.51", False),
        ("any", "99.99", True),
        ("any", "0", False),
        ("any", "ten", False),
    ],
)
def test_less_and_more(payment_sandbox: Sandbox, order_type: str, amount: str, taken: bool) -> None:
    order = order_of(payment_sandbox, order_type=order_type)
    answer = pay(payment_sandbox, order, amount)
    assert answer.status_code == (303 if taken else 400)
    assert ('role="alert"' in answer.text) is not taken
    assert paid(payment_sandbox, order) == ([(amount, "approved")] if taken else [])


def test_twice_and_after_closing(payment_sandbox: Sandbox, merchant: Merchant, until: Until) -> None:
    once = order_of(payment_sandbox)
    assert pay(payment_sandbox, once, "42.50").status_code == 303
    assert pay(payment_sandbox, once, "42.50").status_code == 400
    assert pay(payment_sandbox, once, "42.50", force=True).status_code == 303
    until(lambda: len(merchant.of("confirmation")) == 2)
    assert len({given["pnm_payment_identifier"] for given in merchant.of("confirmation")}) == 2
    standing = order_of(payment_sandbox, order_is_standing="true")
    for _ in range(2):
        assert pay(payment_sandbox, standing, "42.50").status_code == 303
    canceled = order_of(payment_sandbox)
    number = canceled["pnm_order_identifier"]
    assert (
        call(payment_sandbox, "cancel_order", pnm_order_identifier=number).json()["order"]["order_status"] == "closed"
    )
    assert call(payment_sandbox, "cancel_order", pnm_order_identifier=number).status_code == 400
    assert pay(payment_sandbox, canceled, "42.50").status_code == 400
    assert pay(payment_sandbox, canceled, "42.50", force=True).status_code == 303
    assert (
        call(payment_sandbox, "uncancel_order", pnm_order_identifier=number).json()["order"]["order_status"] == "open"
    )


def test_an_order_expires(payment_sandbox: Sandbox) -> None:
    tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 24 * 3600))
    order = order_of(payment_sandbox, order_expiration_date=tomorrow)
    requests.post(f"{payment_sandbox.url}/_sandbox/clock", json={"advance": 3 * 24 * 3600}, timeout=5)
    found = call(payment_sandbox, "find_orders", pnm_order_identifier=order["pnm_order_identifier"]).json()["orders"][0]
    assert (found["order_status"], found["order_closed_reason"]) == ("closed", "expired")
    assert pay(payment_sandbox, order, "42.50").status_code == 400


def test_a_merchant_who_declines(payment_sandbox: Sandbox, merchant: Merchant, until: Until) -> None:
    merchant.accept = False
    order = order_of(payment_sandbox)
    pay(payment_sandbox, order, "42.50")
    until(lambda: merchant.kinds() == ["authorization", "confirmation"])
    assert merchant.of("confirmation")[0]["status"] == "decline"
    assert paid(payment_sandbox, order) == [("42.50", "rejected")]
    merchant.accept = True
    assert pay(payment_sandbox, order, "42.50").status_code == 303
    assert paid(payment_sandbox, order)[-1] == ("42.50", "approved")


def test_a_merchant_who_cannot_be_asked(payment_sandbox: Sandbox, merchant: Merchant) -> None:
    merchant.silent = True
    order = order_of(payment_sandbox)
    pay(payment_sandbox, order, "42.50")
    assert paid(payment_sandbox, order) == [("42.50", "rejected")]
    assert "could not be asked" in requests.get(order["secure_smart_link"], timeout=5).text


def test_told_until_acknowledged(payment_sandbox: Sandbox, merchant: Merchant, until: Until) -> None:
    merchant.ignore_first = 3
    pay(payment_sandbox, order_of(payment_sandbox), "42.50")
    until(lambda: merchant.kinds() == ["authorization", "confirmation"])
    assert merchant.ignore_first == 0

    def tries() -> list[int]:
        log = list(payment_sandbox.sender.log)
        return [entry["try"] for entry in log if entry["type"] == "paynearme.confirmation"]

    until(lambda: tries() == [1, 2, 3, 4])
    assert payment_sandbox.till.queue.waiting() == 0


def test_nobody_to_tell_any_more(payment_sandbox: Sandbox, merchant: Merchant, until: Until) -> None:
    merchant.ignore_first = 1000
    pay(payment_sandbox, order_of(payment_sandbox), "42.50")
    until(lambda: merchant.ignore_first < 1000)
    url = f"{payment_sandbox.url}/_sandbox/paynearme"
    assert requests.post(url, json={"callback_url": "ftp://x"}, timeout=5).status_code == 400
    assert requests.post(url, json={"authorize": "no"}, timeout=5).status_code == 400
    assert requests.post(url, json={"callback_url": "", "authorize": False}, timeout=5).status_code == 200
    until(lambda: payment_sandbox.till.queue.waiting() == 0)
    assert merchant.of("confirmation") == []


@pytest.mark.parametrize("reason", ["cancel", "refund", "chargeback", "return"])
def test_money_given_back(payment_sandbox: Sandbox, merchant: Merchant, until: Until, reason: str) -> None:
    pay(payment_sandbox, order_of(payment_sandbox), "42.50")
    until(lambda: merchant.kinds() == ["authorization", "confirmation"])
    number = merchant.calls[0][1]["pnm_payment_identifier"]
    url = f"{payment_sandbox.url}/_sandbox/pnm_payments/{number}/reverse"
    assert requests.post(url, json={"reason": "boredom"}, timeout=5).status_code == 400
    assert requests.post(url, json={"reason": reason}, timeout=5).status_code == 200
    assert requests.post(url, json={"reason": reason}, timeout=5).status_code == 400
    until(lambda: len(merchant.of("reverse")) == 1)
    reverse = merchant.of("reverse")[0]
    assert (reverse["reverse_type"], reverse["pnm_payment_identifier"]) == (reason, number)


@pytest.mark.parametrize(
    ("amount", "expected"), [({}, "42.50"), ({"refund_amount": "2.50", "refund_currency": "USD"}, "2.50")]
)
def test_refunds_by_a_call(
    payment_sandbox: Sandbox, merchant: Merchant, until: Until, amount: dict[str, str], expected: str
) -> None:
    pay(payment_sandbox, order_of(payment_sandbox), "42.50")
    until(lambda: merchant.kinds() == ["authorization", "confirmation"])
    number = merchant.calls[0][1]["pnm_payment_identifier"]
    more = {"refund_amount": "42.51", "refund_currency": "USD"}
    assert call(payment_sandbox, "refund_payment", pnm_payment_identifier=number, **more).status_code == 400
    assert call(payment_sandbox, "refund_payment", pnm_payment_identifier=number, refund_amount="1").status_code == 400
    done = call(payment_sandbox, "refund_payment", pnm_payment_identifier=number, **amount).json()["payment"]
    assert (done["payment_status"], done["refund"]["refund_amount"]) == ("refunded", expected)
    assert call(payment_sandbox, "refund_payment", pnm_payment_identifier=number, **amount).status_code == 400
    until(lambda: len(merchant.of("reverse")) == 1)
    assert merchant.of("reverse")[0]["reverse_amount"] == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"kind": "webhook_duplicate", "copies": 3}, 3),
        ({"kind": "webhook_late", "seconds": 0.3}, 1),
        ({"kind": "webhook_lost"}, 0),
    ],
)
def test_faults_of_callbacks(
    payment_sandbox: Sandbox, merchant: Merchant, until: Until, rule: dict[str, object], expected: int
) -> None:
    requests.post(f"{payment_sandbox.url}/_sandbox/faults", json={**rule, "event": "paynearme.*"}, timeout=5)
    pay(payment_sandbox, order_of(payment_sandbox), "42.50")
    until(lambda: len(merchant.of("confirmation")) == expected)
    until(lambda: payment_sandbox.till.queue.waiting() == 0)
    assert len(merchant.of("confirmation")) == expected
    (callback,) = payment_sandbox.state.objects["pnm_callback"]
    requests.post(f"{payment_sandbox.url}/_sandbox/pnm_callbacks/{callback}/resend", json={}, timeout=5)
    until(lambda: len(merchant.of("confirmation")) == expected + 1)


@pytest.mark.parametrize(
    ("kind", "status", "made"),
    [("rate_limit", 429, 0), ("error_before", 500, 0), ("error_after", 500, 1), ("reset_after", 0, 1)],
)
def test_faults_of_calls(payment_sandbox: Sandbox, kind: str, status: int, made: int) -> None:
    rule = {"kind": kind, "path": "/paynearme/*"}
    requests.post(f"{payment_sandbox.url}/_sandbox/faults", json=rule, timeout=5)
    try:
        answered = call(payment_sandbox, "create_order", **ORDER).status_code
    except requests.ConnectionError:
        answered = 0
    assert answered == status
    assert len(payment_sandbox.state.objects["pnm_order"]) == made


def test_paying_by_a_control_call(payment_sandbox: Sandbox) -> None:
    order = order_of(payment_sandbox, order_is_standing="true")
    url = f"{payment_sandbox.url}/_sandbox/pnm_orders/{order['pnm_order_identifier']}/pay"
    assert requests.post(url, json={"amount": "1.00"}, timeout=5).status_code == 400
    assert requests.post(url, json={"amount": "1.00", "force": True}, timeout=5).status_code == 200
    assert requests.post(url, json={}, timeout=5).json()["done"]["payment_amount"] == "42.50"
    assert paid(payment_sandbox, order) == [("1.00", "approved"), ("42.50", "approved")]


def test_the_slip(payment_sandbox: Sandbox) -> None:
    order = order_of(payment_sandbox, site_order_description="Bill <7>")
    slip = order["slips"][0]  # type: ignore[index]
    page = requests.get(slip["slip_url"], timeout=5).text  # type: ignore[index]
    assert "Bill &lt;7&gt;" in page
    assert "42.50 USD" in page
    picture = requests.get(slip["barcode_url"], timeout=5)  # type: ignore[index]
    assert picture.headers["Content-Type"] == "image/svg+xml"
    for path in ("pay/none", "slip/none", "barcode/none.svg", f"drawer/{order['secure_smart_token']}"):
        assert requests.get(f"{payment_sandbox.url}/paynearme/{path}", timeout=5).status_code == 404


def test_the_bar_code_is_code_128() -> None:
    """Every symbol is 11 modules of an even number of bar modules, all differ; the check symbol is the weighted sum."""
    assert len(set(barcode.WIDTHS)) == len(barcode.WIDTHS) == 106
    for widths in barcode.WIDTHS:
        assert sum(map(int, widths)) == 11
        assert sum(map(int, widths[::2])) % 2 == 0
    assert barcode.symbols("0102") == [105, 1, 2, (105 + 1 * 1 + 2 * 2) % 103]
    with pytest.raises(ValueError, match="pairs"):
        barcode.symbols("123")
