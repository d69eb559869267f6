"""The pages people see, as HTML text; every value is escaped on its way in. No script anywhere."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path

from .cards import CARDS, Card
from .currencies import shown
from .faults import ALL_FAULTS
from .state import Object

STYLE = (Path(__file__).parent / "sandbox.css").read_bytes()
BANNER = "Test mode - no money moves"


def page(title: str, body: str, *, wide: bool = False) -> bytes:
    """A whole page around `body`, which is HTML already."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{escape(title)} - payment sandbox</title>
<link rel="stylesheet" href="/sandbox.css">
<link rel="icon" href="data:,">
</head>
<body>
<p class="banner" role="note"><strong>{BANNER}</strong></p>
<main{' class="wide"' if wide else ""}>
{body}
</main>
</body>
</html>
""".encode()


def message(title: str, text: str, *, link: str | None = None, link_text: str = "") -> bytes:
    """A page that says one thing, with at most one way on."""
    onward = f'<p><a class="button" href="{escape(link)}">{escape(link_text)}</a></p>' if link else ""
    return page(title, f"<section class=card><h1>{escape(title)}</h1><p>{escape(text)}</p>{onward}</section>")


def payment(
    session: Object, *, merchant: str, values: dict[str, str], error: str = "", fault: str = "", attempts: int
) -> bytes:
    """The page where the customer types a card. `fault` names the field that the error is about."""
    saving = session["mode"] == "setup"
    total = "" if saving else shown(session["amount_total"], session["currency"])
    title = "Save a card" if saving else f"Pay {merchant}"
    action = "Save card" if saving else f"Pay {total}"
    cancel = session["cancel_url"]
    way_back = f'<p class="back"><a href="{escape(cancel)}">Cancel and go back</a></p>' if cancel else ""
    alert = f'<p class="alert" id="problem" role="alert">{escape(error)}</p>' if error else ""
    email = _email_field(session, values, fault)
    body = f"""<div class="columns">
<section class="summary" aria-labelledby="what">
<p class="merchant">{escape(merchant)}</p>
<h1 id="what">{escape(title)}</h1>
{_summary(session, total)}
{way_back}
</section>
<section class="card" aria-label="Card details">
<form method="post" action="/c/pay/{escape(session["id"])}" autocomplete="off">
{alert}
<input type="hidden" name="attempt" value="{attempts}">
{email}
{_field("number", "Card number", values, fault, 'inputmode="numeric" maxlength="23"', "1234 1234 1234 1234")}
<div class="pair">
{_field("expiry", "Expiry date (MM / YY)", values, fault, 'inputmode="numeric" maxlength="9"', "MM / YY")}
{_field("cvc", "Security code (CVC)", values, fault, 'inputmode="numeric" maxlength="4"', "123")}
</div>
{_field("name", "Name on card", values, fault, 'maxlength="200"', "")}
<button class="pay" type="submit">{escape(action)}</button>
<details class="tests" open>
<summary>Test cards</summary>
<p>Choosing one fills in the form. Real cards are refused and never kept.</p>
<table><caption class="hidden">Test cards and what they do</caption>
<thead class="hidden"><tr><th scope="col">Card</th><th scope="col">Choose</th></tr></thead>
<tbody>{_card_choices()}</tbody></table>
</details>
</form>
</section>
</div>"""
    return page(title, body, wide=True)


def _summary(session: Object, total: str) -> str:
    if session["mode"] == "setup":
        return "<p>The card is stored for later payments. Nothing is charged now.</p>"
    currency = session["currency"]
    rows = "".join(
        f"<tr><td>{escape(item['description'])}{_note(item)}</td><td class=amount>{item['quantity']}</td>"
        f"<td class=amount>{shown(item['amount_total'], currency)}</td></tr>"
        for item in session["_line_items"]["data"]
    )
    return f"""<p class="total">{total}</p>
<table class="items"><caption class="hidden">What you pay for</caption>
<thead><tr><th scope="col">Item</th><th scope="col" class=amount>Quantity</th>
<th scope="col" class=amount>Amount</th></tr></thead>
<tbody>{rows}</tbody>
<tfoot><tr><th scope="row" colspan="2">Total</th><td class=amount>{total}</td></tr></tfoot></table>"""


def _note(item: Object) -> str:
    return f"<br><small>{escape(item['_note'])}</small>" if item.get("_note") else ""


def _email_field(session: Object, values: dict[str, str], fault: str) -> str:
    if session["_known_email"]:
        return f'<p class="field"><span class="label">E-mail</span> {escape(session["_known_email"])}</p>'
    return _field("email", "E-mail", values, fault, 'inputmode="email" maxlength="254"', "")


def _field(name: str, label: str, values: dict[str, str], fault: str, more: str, example: str) -> str:
    wrong = ' aria-invalid="true" aria-describedby="problem"' if fault == name else ""
    hint = f' placeholder="{example}"' if example else ""
    return (
        f'<p class="field"><label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" type="text" required value="{escape(values.get(name, ""))}" '
        f'autocomplete="off" {more}{hint}{wrong}></p>'
    )


def _card_choices() -> str:
    """Rows of the payment page: what a card does, its number, a button that fills it in."""
    return "".join(
        f"<tr><td>{escape(card.title)}<br>{_number(card)}</td><td>"
        f'<button type="submit" name="fill" value="{card.slug}" formnovalidate '
        f'aria-label="Use this card: {escape(card.title)}, ending in {card.last4}">Use this card</button>'
        "</td></tr>"
        for card in CARDS
    )


def _card_rows() -> str:
    return "".join(f"<tr><td>{_number(card)}</td><td>{escape(card.title)}</td></tr>" for card in CARDS)


def _number(card: Card) -> str:
    return f"<span class=number>{card.spaced}</span> <small>{card.brand}</small>"


def challenge(intent: Object, *, merchant: str) -> bytes:
    """The bank's 3-D Secure page: complete or fail."""
    what = (
        f"{merchant} asks for {shown(intent['amount'], intent['currency'])}."
        if intent["object"] == "payment_intent"
        else f"{merchant} wants to store your card for later payments."
    )
    return page(
        "3-D Secure",
        f"""<section class="card"><h1>3-D Secure</h1>
<p>{escape(what)} Your test bank wants to know whether it is you.</p>
<form method="post" action="/c/challenge/{escape(intent["id"])}">
<button class="pay" name="outcome" value="complete">Complete authentication</button>
<button class="plain" name="outcome" value="fail">Fail authentication</button>
</form></section>""",
    )


def index(*, payments: list[Object], events: list[Object], endpoints: list[str]) -> bytes:
    """The front page: what this is, what happened last, the test cards."""
    paid = "".join(
        f"<tr><td>{_time(p['created'])}</td><td>{p['status']}</td>"
        f"<td class=amount>{shown(p['amount'], p['currency'])}</td><td class=id>{p['id']}</td></tr>"
        for p in payments
    )
    told = "".join(
        f"<tr><td>{_time(e['created'])}</td><td>{e['type']}</td>"
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
{_table(("Time (UTC)", "Status", "Amount", "Payment"), paid)}
<h2>Recent events</h2>
{_table(("Time (UTC)", "Type", "To deliver", "Event"), told)}
<p>Webhooks go to:</p><ul>{where}</ul>
<h2>Test cards</h2>
<p>Any expiry date to come, any security code, any name.</p>
{_table(("Card", "What happens"), _card_rows())}
<h2>Faults on demand</h2>
<p><code>POST /_sandbox/faults</code> with JSON, for example
<code>{{"kind": "timeout_after", "path": "/v1/payment_intents*", "times": 1}}</code>.</p>
<dl>{faults}</dl>""",
        wide=True,
    )


def _table(heads: tuple[str, ...], rows: str) -> str:
    if not rows:
        return "<p>None yet.</p>"
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    table = f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll" tabindex="0">{table}</div>'


def _time(created: int) -> str:
    return datetime.fromtimestamp(created, tz=UTC).strftime("%Y-%m-%d %H:%M:%S")
