"""What was typed on the payment page, as the data of a payment method."""

import re
from collections.abc import Mapping

from . import accounts, cards
from .customers import EMAIL
from .errors import card_error, invalid
from .state import Object, State

EXPIRY = re.compile(r"\s*(\d{1,2})\s*[/ -]?\s*(\d{4}|\d{2})\s*")
# which field of the form a refused parameter stands in
FIELDS = {
    "exp_month": "expiry",
    "exp_year": "expiry",
    "us_bank_account[routing_number]": "routing",
    "us_bank_account[account_number]": "account",
    "sepa_debit[iban]": "iban",
    "billing_details[name]": "name",
    "billing_details[email]": "email",
}
KEPT = ("name", "email", "bank")


def method_data(session: Object, form: Mapping[str, str], kind: str) -> Object:
    """The data of a payment method of this kind; 400 or 402 for what was typed wrong."""
    email = session["_known_email"] or form.get("email", "").strip()
    if not EMAIL.fullmatch(email):
        raise invalid("Enter your e-mail address.", param="email")
    name = form.get("name", "").strip()
    data: Object = {"type": kind, "billing_details": {"name": name, "email": email}}
    if kind == "card":
        data["card"] = _card(form)
    if not name and kind != "paypal":
        words = "the name on the card" if kind == "card" else "the name of the account's owner"
        raise invalid(f"Enter {words}.", param="name")
    if kind == "us_bank_account":
        # The page stands for Financial Connections, which verifies the account at once.
        data["_verified"] = True
        data[kind] = {
            "routing_number": form.get("routing", "").strip(),
            "account_number": form.get("account", "").strip(),
        }
    elif kind == "sepa_debit":
        data[kind] = {"iban": form.get("iban", "").strip()}
    elif kind == "ideal":
        data[kind] = {"bank": form.get("bank", "")} if form.get("bank") else {}
    return data


def _card(form: Mapping[str, str]) -> Object:
    date = EXPIRY.fullmatch(form.get("expiry", ""))
    if date is None:
        raise card_error("Enter the expiry date as MM / YY.", code="invalid_expiry_year", param="exp_year")
    return {
        "number": form.get("number", "").strip(),
        "exp_month": int(date[1]),
        "exp_year": int(date[2]),
        "cvc": form.get("cvc", "").strip(),
    }


def filled(state: State, form: Mapping[str, str], slug: str) -> dict[str, str]:
    """The form as a chosen test card or test account fills it in."""
    person = {
        "name": form.get("name", "").strip() or "Test Customer",
        "email": form.get("email", "").strip() or "customer@example.com",
    }
    if slug in cards.BY_SLUG:
        card = cards.BY_SLUG[slug]
        return {"number": card.spaced, "expiry": f"12 / {_year(state):02}", "cvc": card.cvc, **person}
    account = accounts.BY_SLUG[slug]
    if account.kind == "sepa_debit":
        return {"iban": account.shown, **person}
    return {"routing": accounts.ROUTING, "account": account.number, **person}


def known(slug: str) -> bool:
    """Whether a test card or test account goes by that name."""
    return slug in cards.BY_SLUG or slug in accounts.BY_SLUG


def _year(state: State) -> int:
    """The last two digits of a year well ahead."""
    return (state.now() // 31_556_952 + 1970 + 3) % 100
