"""The fields of each kind of payment method, what the customer agrees to, and how a stored one is called."""

from html import escape

from ..accounts import ACCOUNTS
from ..kinds import KINDS
from ..method_data import IDEAL_BANKS
from ..state import Object
from .frame import field


def fields(kind: str, values: dict[str, str], fault: str) -> str:
    """The fields to fill in for this kind of method."""
    return {"card": _card, "us_bank_account": _us, "sepa_debit": _sepa, "ideal": _ideal, "paypal": _none}[kind](
        values, fault
    )


def _card(values: dict[str, str], fault: str) -> str:
    digits = 'inputmode="numeric" maxlength="23"'
    return f"""{field("number", "Card number", values, fault, digits, "1234 1234 1234 1234")}
<div class="pair">
{field("expiry", "Expiry date (MM / YY)", values, fault, 'inputmode="numeric" maxlength="9"', "MM / YY")}
{field("cvc", "Security code (CVC)", values, fault, 'inputmode="numeric" maxlength="4"', "123")}
</div>
{field("name", "Name on card", values, fault, 'maxlength="200"')}"""


def _us(values: dict[str, str], fault: str) -> str:
    return f"""{field("routing", "Routing number", values, fault, 'inputmode="numeric" maxlength="9"', "110000000")}
{field("account", "Account number", values, fault, 'inputmode="numeric" maxlength="17"', "000123456789")}
{field("name", "Name of the account's owner", values, fault, 'maxlength="200"')}"""


def _sepa(values: dict[str, str], fault: str) -> str:
    return f"""{field("iban", "IBAN", values, fault, 'maxlength="42"', "DE89 3704 0044 0532 0130 00")}
{field("name", "Name of the account's owner", values, fault, 'maxlength="200"')}"""


def _ideal(values: dict[str, str], fault: str) -> str:
    chosen = {values.get("bank"): " selected"}
    banks = "".join(
        f'<option value="{name}"{chosen.get(name, "")}>{name.replace("_", " ").title()}</option>'
        for name in IDEAL_BANKS
    )
    return f"""<p class="field"><label for="bank">Your bank</label><select id="bank" name="bank">{banks}</select></p>
{field("name", "Name of the account's owner", values, fault, 'maxlength="200"')}"""


def _none(_values: dict[str, str], _fault: str) -> str:
    return "<p>You approve the payment on PayPal's page.</p>"


def agreement(kind: str, merchant: str, *, later: bool) -> str:
    """What pressing the button agrees to, where a debit is taken by it."""
    if not (KINDS[kind].debit or (later and KINDS[kind].redirects)):
        return ""
    often = "now and whenever a payment is due" if later else "once"
    return (
        f'<p class="agreement"><small>By pressing the button you allow {escape(merchant)} to debit your account '
        f"{often}. You can take this back at any time.</small></p>"
    )


def account_choices(kind: str) -> str:
    """Rows of the payment page: what a test account does, its number, a button that fills it in."""
    return "".join(
        f"<tr><td>{escape(account.title)}<br><span class=number>{account.shown}</span></td><td>"
        f'<button type="submit" name="fill" value="{account.slug}" formnovalidate '
        f'aria-label="Use this account: {escape(account.title)}, ending in {account.last4}">Use</button>'
        "</td></tr>"
        for account in ACCOUNTS
        if account.kind == kind
    )


def name_of(method: Object) -> str:
    """A stored method in words: `Visa ending in 4242`."""
    kind = method["type"]
    if kind == "card":
        return f"{method['card']['brand'].title()} ending in {method['card']['last4']}"
    last4 = method[kind].get("last4")
    return f"{KINDS[kind].title} ending in {last4}" if last4 else KINDS[kind].title
