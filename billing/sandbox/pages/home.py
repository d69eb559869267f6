"""The front page: what this is, what happened last, the test numbers."""

from html import escape

from ..cards import CARDS
from ..currencies import shown
from ..faults import ALL_FAULTS
from ..state import Object
from .frame import clock, page, table
from .payment import number


def index(*, payments: list[Object], events: list[Object], endpoints: list[str]) -> bytes:
    """The front page: what this is, what happened last, the test cards."""
    paid = "".join(
        f"<tr><td>{clock(p['created'])}</td><td>{p['status']}</td>"
        f"<td class=amount>{shown(p['amount'], p['currency'])}</td><td class=id>{p['id']}</td></tr>"
        for p in payments
    )
    told = "".join(
        f"<tr><td>{clock(e['created'])}</td><td>{e['type']}</td>"
        f"<td class=amount>{e['pending_webhooks']}</td><td class=id>{e['id']}</td></tr>"
        for e in events
    )
    where = "".join(f"<li>{escape(url)}</li>" for url in endpoints) or "<li>nowhere yet</li>"
    faults = "".join(
        f"<dt><code>{kind}</code></dt><dd>{escape(text.replace('`', ''))}</dd>" for kind, text in ALL_FAULTS.items()
    )
    return page(
        "Payment sandbox",
        f"""<h1>Payment sandbox</h1>
<p>This process speaks the payment provider's HTTP for development, demonstrations and tests. Any key that
begins with <code>sk_test_</code> is accepted. Everything it remembers is at
<a href="/_sandbox/state">/_sandbox/state</a>.</p>
<h2>Recent payments</h2>
{table(("Time (UTC)", "Status", "Amount", "Payment"), paid)}
<h2>Recent events</h2>
{table(("Time (UTC)", "Type", "To deliver", "Event"), told)}
<p>Webhooks go to:</p><ul>{where}</ul>
<h2>Test cards</h2>
<p>Any expiry date to come, any security code, any name.</p>
{table(("Card", "What happens"), card_rows())}
<h2>Faults on demand</h2>
<p><code>POST /_sandbox/faults</code> with JSON, for example
<code>{{"kind": "timeout_after", "path": "/v1/payment_intents*", "times": 1}}</code>.</p>
<dl>{faults}</dl>""",
        wide=True,
    )


def card_rows() -> str:
    """Rows of the table of test cards."""
    return "".join(f"<tr><td>{number(card)}</td><td>{escape(card.title)}</td></tr>" for card in CARDS)
