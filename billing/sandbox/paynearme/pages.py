"""The pages of an order: the customer's slip with its bar code, and the till where the cash is paid."""

from decimal import Decimal
from html import escape
from urllib.parse import parse_qsl

from ..pages.frame import alert, clock, field, page, table
from ..replies import Reply, Request, not_found, redirect
from ..state import Object
from . import barcode, orders
from .orders import Refused
from .till import Till

TYPES = {"exact": "exactly", "up-to": "at most", "any": "any amount, for example"}


class Pages:
    """Answers `/paynearme/pay/<token>`, `slip/<token>` and `barcode/<token>.svg`. Takes the state's lock itself."""

    def __init__(self, till: Till, *, merchant: str) -> None:
        self.till = till
        self.state = till.state
        self.merchant = merchant

    def answer(self, request: Request) -> Reply:
        """A page to look at, or what came of a payment at the till."""
        kind, _, token = request.path.removeprefix("/paynearme/").partition("/")
        with self.state.lock:
            orders.expire_due(self.state)
            order = orders.find(self.state, secure_smart_token=token.removesuffix(".svg"))
        if order is None:
            return not_found()
        if kind == "barcode":
            return Reply(200, barcode.svg(order["barcode"]), "image/svg+xml")
        if kind == "slip":
            return Reply(200, self._slip(order))
        if kind != "pay":
            return not_found()
        if request.method == "POST":
            return self._paid(order, dict(parse_qsl(request.body, keep_blank_values=True)))
        return Reply(200, self._pay(order, {"amount": order["order_amount"]}))

    def _paid(self, order: Object, form: dict[str, str]) -> Reply:
        try:
            amount = orders.money(form.get("amount", "").replace(",", "."), "The amount")
            self.till.pay(order, amount, force=bool(form.get("force")))
        except Refused as refusal:
            return Reply(400, self._pay(order, form, error=str(refusal)))
        return redirect(f"/paynearme/pay/{order['secure_smart_token']}#payments")

    def _pay(self, order: Object, values: dict[str, str], *, error: str = "") -> bytes:
        with self.state.lock:
            rows = "".join(_row(payment) for payment in orders.payments_of(self.state, order))
        heads = ("Time (UTC)", "Payment", "Amount", "State", "Receipt")
        return page(
            "Pay in cash",
            f"""<div class="columns"><section class="summary">
{self._what(order)}
</section>
<section class="card" aria-labelledby="till"><h2 id="till">At the till (test)</h2>
<form method="post" action="/paynearme/pay/{escape(order["secure_smart_token"])}">
{alert(error)}
{field("amount", "Amount in cash, USD", values, "amount" if error else "", 'inputmode="decimal" maxlength="12"')}
<p class="tick"><input type="checkbox" id="force" name="force" value="1">
<label for="force">Take it against the rules: a wrong amount, a closed order, once more</label></p>
<button class="pay">Pay at the till</button></form></section></div>
<h2 id="payments">Payments</h2>{table(heads, rows)}""",
            wide=True,
        )

    def _slip(self, order: Object) -> bytes:
        return page("Payment slip", f'<section class="card">{self._what(order)}</section>')

    def _what(self, order: Object) -> str:
        state = order["order_status"]
        reason = f" ({order['order_closed_reason']})" if order["order_closed_reason"] else ""
        until = f"<dt>Pay until</dt><dd>{order['order_expiration_date']}</dd>" if order["order_expiration_date"] else ""
        token = escape(order["secure_smart_token"])
        digits = order["barcode"]
        return f"""<p class="merchant">{escape(self.merchant)}</p><h1>Pay in cash</h1>
<p>Show this bar code at the till of a shop that takes PayNearMe, and pay {TYPES[order["order_type"]]}:</p>
<p class="total">{order["order_amount"]} USD</p>
<p><img class="barcode" src="/paynearme/barcode/{token}.svg" alt="Bar code {digits}"></p>
<p class="number">{" ".join(digits[i : i + 6] for i in range(0, len(digits), 6))}</p>
<dl><dt>For</dt><dd>{escape(order["site_order_description"] or order["site_order_identifier"] or "-")}</dd>
<dt>Order</dt><dd class="id">{order["pnm_order_identifier"]}</dd>
<dt>State</dt><dd>{state}{reason}</dd>{until}</dl>"""


def _row(payment: Object) -> str:
    return (
        f"<tr><td>{clock(payment['created'])}</td><td class=id>{payment['pnm_payment_identifier']}</td>"
        f"<td class=amount>{Decimal(payment['payment_amount']):,.2f} USD</td><td>{payment['payment_status']}</td>"
        f"<td>{escape(payment['receipt'])}</td></tr>"
    )
