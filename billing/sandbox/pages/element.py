"""The frame of the Payment Element: the fields of one kind of method, and links to the other kinds."""

import json
from html import escape

from .. import accounts, cards, checkout_form
from ..kinds import KINDS
from ..state import Object, State
from . import methods
from .frame import field, page


def frame(state: State, intent: Object, kind: str, *, email: str, merchant: str) -> bytes:
    """The page in the frame; the button is on the page around it."""
    secret = escape(intent["client_secret"])
    asked = "" if email else field("email", "E-mail", {}, "", 'inputmode="email" maxlength="254"')
    later = intent["object"] == "setup_intent" or bool(intent["setup_future_usage"])
    return page(
        "Payment",
        f"""{_choice(intent, kind, secret)}
<form autocomplete="off">
<p class="alert" id="problem" role="alert" hidden></p>
<input type="hidden" name="client_secret" value="{secret}">
<input type="hidden" name="kind" value="{kind}">
{asked}
{methods.fields(kind, {}, "")}
{methods.agreement(kind, merchant, later=later)}
{_tests(state, kind)}
</form>""",
        head='\n<script src="/v3/element.js" defer></script>',
    )


def _choice(intent: Object, chosen: str, secret: str) -> str:
    names = intent["payment_method_types"]
    if len(names) == 1:
        return ""
    here = {chosen: ' aria-current="true"'}
    address = f"/v3/element?client_secret={secret}&amp;method="
    links = "".join(f'<li><a href="{address}{name}"{here.get(name, "")}>{KINDS[name].title}</a></li>' for name in names)
    return f'<nav class="choice" aria-label="Ways to pay"><ul>{links}</ul></nav>'


def _tests(state: State, kind: str) -> str:
    if KINDS[kind].redirects:
        return ""
    known: list[cards.Card] | list[accounts.Account] = (
        list(cards.CARDS) if kind == "card" else [account for account in accounts.ACCOUNTS if account.kind == kind]
    )
    rows = "".join(
        f"<tr><td>{escape(thing.title)}</td><td>"
        f"<button type=button data-fill='{escape(json.dumps(checkout_form.filled(state, {}, thing.slug)))}' "
        f'aria-label="Use {thing.last4}: {escape(thing.title)}">Use {thing.last4}</button></td></tr>'
        for thing in known
    )
    return f'<details class="tests"><summary>Test numbers</summary><table><tbody>{rows}</tbody></table></details>'
