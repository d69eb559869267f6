"""The payment page of a checkout session: choose how, fill in, pay."""

from dataclasses import dataclass, field
from html import escape

from ..cards import CARDS, Card
from ..currencies import shown
from ..kinds import KINDS
from ..state import Object
from . import methods
from .frame import alert, page
from .frame import field as line


@dataclass(frozen=True)
class View:
    """What the page shows: the kind of method chosen, what was typed, what was wrong with it."""

    kind: str
    values: dict[str, str] = field(default_factory=dict)
    error: str = ""
    fault: str = ""
    stored: list[Object] = field(default_factory=list)


def payment(session: Object, view: View, *, merchant: str) -> bytes:
    """The page where the customer pays, or stores a way to pay."""
    saving = session["mode"] == "setup"
    total = "" if saving else shown(session["amount_total"], session["currency"])
    title = _title(view.kind) if saving else f"Pay {merchant}"
    cancel = session["cancel_url"]
    way_back = f'<p class="back"><a href="{escape(cancel)}">Cancel and go back</a></p>' if cancel else ""
    body = f"""<div class="columns">
<section class="summary" aria-labelledby="what">
<p class="merchant">{escape(merchant)}</p>
<h1 id="what">{escape(title)}</h1>
{_summary(session, total)}
{way_back}
</section>
<section class="card" aria-label="How to pay">
{_choice(session, view.kind)}
{_stored(session, view, total)}
<form method="post" action="/c/pay/{escape(session["id"])}" autocomplete="off">
{alert(view.error)}
<input type="hidden" name="attempt" value="{session["_attempts"]}">
<input type="hidden" name="kind" value="{view.kind}">
{_email_field(session, view)}
{methods.fields(view.kind, view.values, view.fault)}
{_save_box(session)}
{methods.agreement(view.kind, merchant, later=saving or _later(session))}
<button class="pay" type="submit">{escape(_action(view.kind, total))}</button>
{_tests(view.kind)}
</form>
</section>
</div>"""
    return page(title, body, wide=True)


def _title(kind: str) -> str:
    return "Save a card" if kind == "card" else f"Save {KINDS[kind].title}"


def _action(kind: str, total: str) -> str:
    if not total:
        return "Save card" if kind == "card" else f"Save {KINDS[kind].title}"
    return f"Pay {total}" if not KINDS[kind].redirects else f"Go on to {KINDS[kind].title}"


def _later(session: Object) -> bool:
    return "setup_future_usage" in session["_intent_data"]


def _choice(session: Object, chosen: str) -> str:
    names = session["payment_method_types"]
    if len(names) == 1:
        return ""
    here = {chosen: ' aria-current="true"'}
    links = "".join(
        f'<li><a href="/c/pay/{escape(session["id"])}?method={name}"{here.get(name, "")}>{KINDS[name].title}</a></li>'
        for name in names
    )
    return f'<nav class="choice" aria-label="Ways to pay"><ul>{links}</ul></nav>'


def _stored(session: Object, view: View, total: str) -> str:
    if not view.stored:
        return ""
    buttons = "".join(
        f'<button class="plain" name="stored" value="{escape(method["id"])}">'
        f"Pay {total} with {escape(methods.name_of(method))}</button>"
        for method in view.stored
    )
    return (
        f'<form method="post" action="/c/pay/{escape(session["id"])}" class="stored">'
        f'<input type="hidden" name="attempt" value="{session["_attempts"]}">{buttons}</form><p>Or pay anew:</p>'
    )


def _save_box(session: Object) -> str:
    options = session["saved_payment_method_options"] or {}
    if session["mode"] == "setup" or options.get("payment_method_save") != "enabled":
        return ""
    return (
        '<p class="tick"><input type="checkbox" id="save" name="save" value="1">'
        '<label for="save">Save this for my next payment</label></p>'
    )


def _summary(session: Object, total: str) -> str:
    if session["mode"] == "setup":
        return "<p>This is stored for later payments. Nothing is charged now.</p>"
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


def _email_field(session: Object, view: View) -> str:
    if session["_known_email"]:
        return f'<p class="field"><span class="label">E-mail</span> {escape(session["_known_email"])}</p>'
    return line("email", "E-mail", view.values, view.fault, 'inputmode="email" maxlength="254"')


def _tests(kind: str) -> str:
    if KINDS[kind].redirects:
        return ""
    title = "Test cards" if kind == "card" else "Test accounts"
    real = "Real cards are refused and never kept." if kind == "card" else "Real accounts are refused and never kept."
    return f"""<details class="tests" open>
<summary>{title}</summary>
<p>Choosing one fills in the form. {real}</p>
<table><caption class="hidden">{title} and what they do</caption>
<thead class="hidden"><tr><th scope="col">Number</th><th scope="col">Choose</th></tr></thead>
<tbody>{_card_choices() if kind == "card" else methods.account_choices(kind)}</tbody></table>
</details>"""


def _card_choices() -> str:
    return "".join(
        f"<tr><td>{escape(card.title)}<br>{number(card)}</td><td>"
        f'<button type="submit" name="fill" value="{card.slug}" formnovalidate '
        f'aria-label="Use this card: {escape(card.title)}, ending in {card.last4}">Use this card</button>'
        "</td></tr>"
        for card in CARDS
    )


def number(card: Card) -> str:
    """A card's number to read, with its brand."""
    return f"<span class=number>{card.spaced}</span> <small>{card.brand}</small>"
