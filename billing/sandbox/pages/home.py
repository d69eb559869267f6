"""The front page: what happened last, what others may do about it, faults to order, and the test numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from ..accounts import ACCOUNTS, FAILURES, ROUTING
from ..cards import CARDS, DECLINES
from ..currencies import shown
from ..disputes import OVER
from ..faults import ALL_FAULTS, WEBHOOK_FAULTS
from ..state import Object
from . import methods
from .frame import clock, page, table
from .payment import number

PARTS = {
    "payments": "Payments",
    "stored": "Stored methods",
    "disputes": "Disputes",
    "cash": "PayNearMe",
    "events": "Events",
    "faults": "Faults",
    "numbers": "Test numbers",
}


@dataclass(frozen=True)
class Seen:
    """What the page shows, newest first; charges and mandates by id."""

    now: int
    payments: list[Object]
    charges: dict[str, Object]
    stored: list[Object]
    mandates: list[Object]
    disputes: list[Object]
    orders: list[Object]
    cash: list[Object]
    events: list[Object]
    faults: list[Object]
    endpoints: list[str]


def index(seen: Seen) -> bytes:
    """The whole page."""
    links = "".join(f'<li><a href="#{part}">{title}</a></li>' for part, title in PARTS.items())
    bodies = (_payments, _stored, _disputes, _cash, _events, _faults, _numbers)
    parts = "".join(
        f'<h2 id="{part}">{title}</h2>{body(seen)}' for (part, title), body in zip(PARTS.items(), bodies, strict=True)
    )
    return page(
        "Payment sandbox",
        f"""<h1>Payment sandbox</h1>
<p>This process plays Stripe and PayNearMe for development, demonstrations and tests. Any key that begins with
<code>sk_test_</code> is accepted. Everything it remembers is at <a href="/_sandbox/state">/_sandbox/state</a>.</p>
<nav class="choice" aria-label="Parts of this page"><ul>{links}</ul></nav>
<p>The sandbox's clock says {clock(seen.now)} UTC.
{"".join(act("clock", f"{days} days on", "payments", days=str(days)) for days in (1, 4, 30))}</p>
{parts}""",
        wide=True,
    )


def act(call: str, label: str, back: str, *, inside: str = "", **fields: str) -> str:
    """A button that makes a control call; `inside` holds fields to choose, the others are fixed."""
    fixed = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in {"call": call, "back": back, **fields}.items()
    )
    return f'<form method="post" action="/do" class="act">{fixed}{inside}<button>{escape(label)}</button></form>'


def choose(name: str, label: str, options: Iterable[str]) -> str:
    """A short list to choose from; the label is for those who hear the page."""
    choices = "".join(f"<option>{escape(option)}</option>" for option in options)
    return f'<select name="{name}" aria-label="{label}">{choices}</select>'


def _payments(seen: Seen) -> str:
    rows = "".join(
        f"<tr><td>{clock(p['created'])}</td><td>{p['status']}</td>"
        f"<td class=amount>{shown(p['amount'], p['currency'])}</td><td>{_payment_acts(seen, p)}</td>"
        f"<td class=id>{p['id']}</td></tr>"
        for p in seen.payments
    )
    return table(("Time (UTC)", "Status", "Amount", "What may happen", "Payment"), rows)


def _payment_acts(seen: Seen, payment: Object) -> str:
    if payment["status"] == "processing":
        call = f"payment_intents/{payment['id']}/answer"
        failing = choose("outcome", "How the bank refuses", FAILURES)
        return act(call, "Bank pays", "payments", outcome="succeeded") + act(
            call, "Bank refuses", "payments", inside=failing
        )
    charge = seen.charges.get(payment["latest_charge"] or "")
    if payment["status"] == "succeeded" and charge and not charge["disputed"]:
        return act(f"charges/{charge['id']}/dispute", "Dispute", "disputes")
    return ""


def _stored(seen: Seen) -> str:
    rows = "".join(
        f"<tr><td>{escape(methods.name_of(m))}</td><td>{_stored_acts(m)}</td>"
        f"<td>{escape(m['_decline'] or 'in order')}</td><td class=id>{m['customer']}</td></tr>"
        for m in seen.stored
    )
    held = "".join(
        f"<tr><td>{clock(m['created'])}</td><td>{m['payment_method_details']['type']}</td><td>{m['status']}</td>"
        f"<td>{_mandate_acts(m)}</td><td class=id>{m['id']}</td></tr>"
        for m in seen.mandates
    )
    return (
        table(("Method", "Later charges", "State", "Customer"), rows)
        + "<h3>Mandates</h3>"
        + table(("Given (UTC)", "Kind", "State", "What may happen", "Mandate"), held)
    )


def _mandate_acts(mandate: Object) -> str:
    return act(f"mandates/{mandate['id']}/revoke", "Revoke", "stored") if mandate["status"] == "active" else ""


def _stored_acts(method: Object) -> str:
    call = f"payment_methods/{method['id']}"
    codes = FAILURES if "_account" in method else DECLINES
    acts = act(f"{call}/decline", "Refuse", "stored", inside=choose("code", "Why it is refused", codes))
    if method["_decline"]:
        acts += act(f"{call}/decline", "Mend", "stored", code="")
    if method["type"] == "card":
        acts += act(f"{call}/renew", "Renew", "stored")
    return acts


def _disputes(seen: Seen) -> str:
    rows = "".join(
        f"<tr><td>{clock(d['created'])}</td><td>{d['reason']}</td>"
        f"<td class=amount>{shown(d['amount'], d['currency'])}</td><td>{d['status']}</td>"
        f"<td>{_dispute_acts(d)}</td><td class=id>{d['id']}</td></tr>"
        for d in seen.disputes
    )
    return table(("Time (UTC)", "Reason", "Amount", "Status", "What may happen", "Dispute"), rows)


def _dispute_acts(dispute: Object) -> str:
    if dispute["status"] in OVER:
        return ""
    call = f"disputes/{dispute['id']}/decide"
    return act(call, "Merchant wins", "disputes", outcome="won") + act(call, "Payer wins", "disputes", outcome="lost")


def _cash(seen: Seen) -> str:
    rows = "".join(
        f"<tr><td>{clock(o['created'])}</td><td class=amount>{o['order_amount']} USD</td><td>{o['order_status']}</td>"
        f'<td><a href="/paynearme/pay/{escape(o["secure_smart_token"])}">Go to the till</a></td>'
        f"<td class=id>{o['pnm_order_identifier']}</td></tr>"
        for o in seen.orders
    )
    paid = "".join(
        f"<tr><td>{clock(p['created'])}</td><td class=amount>{p['payment_amount']} USD</td>"
        f"<td>{p['payment_status']}</td><td>{_cash_acts(p)}</td><td class=id>{p['pnm_payment_identifier']}</td></tr>"
        for p in seen.cash
    )
    return (
        table(("Time (UTC)", "Amount", "State", "Till", "Order"), rows)
        + "<h3>Paid in cash</h3>"
        + table(("Time (UTC)", "Amount", "State", "What may happen", "Payment"), paid)
    )


def _cash_acts(payment: Object) -> str:
    if payment["payment_status"] != "approved":
        return ""
    reasons = choose("reason", "Why the money goes back", ("refund", "cancel", "chargeback", "return"))
    return act(f"pnm_payments/{payment['pnm_payment_identifier']}/reverse", "Give back", "cash", inside=reasons)


def _events(seen: Seen) -> str:
    rows = "".join(
        f"<tr><td>{clock(e['created'])}</td><td>{e['type']}</td><td class=amount>{e['pending_webhooks']}</td>"
        f"<td>{act('events/' + e['id'] + '/resend', 'Send again', 'events')}</td><td class=id>{e['id']}</td></tr>"
        for e in seen.events
    )
    where = "".join(f"<li>{escape(url)}</li>" for url in seen.endpoints) or "<li>nowhere yet</li>"
    address = '<input type="text" name="url" aria-label="Address" placeholder="http://127.0.0.1:8000/hook" required>'
    return (
        table(("Time (UTC)", "Type", "To deliver", "By hand", "Event"), rows)
        + f"<p>Webhooks go to:</p><ul>{where}</ul>"
        + act("webhooks", "Send there too", "events", inside=address)
    )


def _faults(seen: Seen) -> str:
    rows = "".join(
        f"<tr><td>{f['kind']}</td><td>{escape(f['event'] if f['kind'] in WEBHOOK_FAULTS else f['path'])}</td>"
        f"<td class=amount>{f['times']}</td><td class=amount>{f['seconds']:g} s</td></tr>"
        for f in seen.faults
    )
    times = '<label>times <input type="text" name="times" value="1" inputmode="numeric" class="short"></label>'
    wait = '<label>wait (s) <input type="text" name="seconds" value="5" inputmode="decimal" class="short"></label>'
    storm = (
        '<label>or all, for (s) <input type="text" name="lasting" value="0" inputmode="decimal" class="short"></label>'
    )
    paths = ("/v1/*", "/v1/payment_intents*", "/v1/checkout/sessions*", "/paynearme/*")
    events = ("*", "payment_intent.*", "checkout.session.*", "paynearme.*")
    asked = [kind for kind in ALL_FAULTS if kind not in WEBHOOK_FAULTS]
    request = choose("kind", "Fault of a request", asked) + choose("path", "Which requests", paths)
    webhook = choose("kind", "Fault of a webhook", WEBHOOK_FAULTS) + choose("event", "Which webhooks", events)
    what = "".join(
        f"<dt><code>{kind}</code></dt><dd>{escape(text.replace('`', ''))}</dd>" for kind, text in ALL_FAULTS.items()
    )
    ordering = act("faults", "Order", "faults", inside=request + times + storm + wait)
    webhooks = act("faults", "Order", "faults", inside=webhook + times + wait)
    clearing = act("faults", "Clear all", "faults", clear="1") if seen.faults else ""
    return (
        f"<p>The next requests go wrong:</p>{ordering}<p>The next webhooks go wrong:</p>{webhooks}"
        f"<h3>In force</h3>{table(('Fault', 'Where', 'Times left', 'Seconds'), rows)}{clearing}"
        f"<details><summary>What each does</summary><dl>{what}</dl></details>"
    )


def _numbers(_seen: Seen) -> str:
    cards = "".join(f"<tr><td>{number(card)}</td><td>{escape(card.title)}</td></tr>" for card in CARDS)
    accounts = "".join(
        f"<tr><td><span class=number>{account.shown}</span></td><td>{escape(account.title)}</td></tr>"
        for account in ACCOUNTS
    )
    return (
        "<p>Any expiry date to come, any security code, any name.</p>"
        + table(("Card", "What happens"), cards)
        + f"<p>Bank accounts; the US routing number is {ROUTING}.</p>"
        + table(("Account or IBAN", "What happens"), accounts)
    )
