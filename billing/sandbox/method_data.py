"""New payment methods out of what was sent: a token, a test number, a test account, or just a name of a kind."""

from datetime import UTC, datetime

from . import accounts, cards
from .accounts import Account
from .errors import card_error, invalid, unsupported
from .kinds import KINDS
from .parts import merge_metadata, refuse
from .state import Object, State

YEARS_AHEAD = 50
IDEAL_BANKS = {
    "abn_amro": "ABNANL2A",
    "asn_bank": "ASNBNL21",
    "bunq": "BUNQNL2A",
    "ing": "INGBNL2A",
    "knab": "KNABNL2H",
    "rabobank": "RABONL2U",
    "triodos_bank": "TRIONL2U",
}
USUAL_IDEAL_BANK = "ing"


def from_data(state: State, data: Object) -> Object:
    """A new payment method from `type` and the part of that name; also what `payment_method_data` carries."""
    kind = data.get("type", "")
    if kind not in KINDS:
        raise unsupported("type", f"The payment sandbox plays {', '.join(KINDS)}; '{kind}' is not played.")
    for name in KINDS:
        if name != kind and name in data:
            raise invalid(f"You sent {name}, but the type is {kind}.", param=name)
    return MAKERS[kind](state, data)


def _card(state: State, data: Object) -> Object:
    given = data.get("card") or {}
    refuse(given, ("networks",))
    if "token" in given:
        card = cards.BY_TOKEN.get(given["token"])
        if card is None:
            raise invalid(f"No such token: '{given['token']}'", param="card[token]", code="resource_missing")
        return keep_card(state, card, data)
    for name in ("number", "exp_month", "exp_year"):
        _needed(given, name, f"card[{name}]")
    card = cards.by_number(given["number"])
    month, year = expiry(state, given["exp_month"], given["exp_year"])
    if "cvc" in given:
        security_code(card, given["cvc"])
    return keep_card(state, card, data, month=month, year=year, cvc_given="cvc" in given)


def _us_bank_account(state: State, data: Object) -> Object:
    given = data.get("us_bank_account") or {}
    refuse(given, ("financial_connections_account",))
    for name in ("account_number", "routing_number"):
        _needed(given, name, f"us_bank_account[{name}]")
    _needed(data.get("billing_details") or {}, "name", "billing_details[name]")
    account = accounts.us_account(given["routing_number"], given["account_number"])
    return keep_account(
        state,
        account,
        data,
        verified=bool(data.get("_verified")),
        account_holder_type=given.get("account_holder_type", "individual"),
        account_type=given.get("account_type", "checking"),
    )


def _sepa_debit(state: State, data: Object) -> Object:
    given = data.get("sepa_debit") or {}
    _needed(given, "iban", "sepa_debit[iban]")
    for name in ("name", "email"):
        _needed(data.get("billing_details") or {}, name, f"billing_details[{name}]")
    return keep_account(state, accounts.iban(given["iban"]), data)


def _ideal(state: State, data: Object) -> Object:
    bank = (data.get("ideal") or {}).get("bank", USUAL_IDEAL_BANK)
    return _keep(state, "ideal", {"bank": bank, "bic": IDEAL_BANKS.get(bank)}, data)


def _paypal(state: State, data: Object) -> Object:
    return _keep(state, "paypal", {"country": None, "payer_email": None, "payer_id": None}, data)


MAKERS = {
    "card": _card,
    "us_bank_account": _us_bank_account,
    "sepa_debit": _sepa_debit,
    "ideal": _ideal,
    "paypal": _paypal,
}


def _needed(given: Object, name: str, where: str) -> None:
    if not given.get(name):
        raise invalid(f"Missing required param: {where}.", param=where, code="parameter_missing")


def expiry(state: State, month: int, year: int) -> tuple[int, int]:
    """Month and year of four digits; 402 for a date that is no date or is past on the sandbox's clock."""
    if not 1 <= month <= 12:
        raise card_error("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")
    full_year = year + 2000 if year < 100 else year
    today = datetime.fromtimestamp(state.now(), tz=UTC)
    if not (today.year, today.month) <= (full_year, month) <= (today.year + YEARS_AHEAD, 12):
        raise card_error("Your card's expiration year is invalid.", code="invalid_expiry_year", param="exp_year")
    return month, full_year


def security_code(card: cards.Card, cvc: str) -> None:
    """402 unless the code has the brand's number of digits."""
    if not (cvc.isascii() and cvc.isdecimal() and len(cvc) == len(card.cvc)):
        raise card_error("Your card's security code is invalid.", code="invalid_cvc", param="cvc")


def keep_card(
    state: State,
    card: cards.Card,
    data: Object,
    *,
    month: int = 12,
    year: int | None = None,
    cvc_given: bool = True,
) -> Object:
    """A card payment method; by test id and token it is good until December of next year."""
    next_year = datetime.fromtimestamp(state.now(), tz=UTC).year + 1
    details = {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "unchecked" if cvc_given else None,
        },
        "country": "US",
        "display_brand": card.brand,
        "exp_month": month,
        "exp_year": year or next_year,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
    return _keep(state, "card", details, data, _card=card.slug)


def keep_account(
    state: State,
    account: Account,
    data: Object,
    *,
    verified: bool = True,
    generated_from: Object | None = None,
    **more: str,
) -> Object:
    """A bank account as payment method, of whichever of the two kinds the account is."""
    if account.kind == "us_bank_account":
        details: Object = {
            "account_holder_type": more.get("account_holder_type", "individual"),
            "account_type": more.get("account_type", "checking"),
            "bank_name": "TEST BANK",
            "financial_connections_account": None,
            "fingerprint": account.fingerprint,
            "last4": account.last4,
            "networks": {"preferred": "ach", "supported": ["ach"]},
            "routing_number": accounts.ROUTING,
            "status_details": {},
        }
    else:
        details = {
            "bank_code": account.number[4:12],
            "branch_code": "",
            "country": account.number[:2],
            "fingerprint": account.fingerprint,
            "generated_from": generated_from or {"charge": None, "setup_attempt": None},
            "last4": account.last4,
        }
    return _keep(state, account.kind, details, data, _account=account.slug, _verified=verified)


def _keep(state: State, kind: str, details: Object, data: Object, **notes: object) -> Object:
    billing = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    return state.add(
        "payment_method",
        {
            "allow_redisplay": data.get("allow_redisplay", "unspecified"),
            "billing_details": {**billing, **(data.get("billing_details") or {})},
            kind: details,
            "customer": None,
            "metadata": merge_metadata({}, data.get("metadata")),
            "type": kind,
            "_authenticated": False,
            "_decline": "",
            "_spent": False,
            **notes,
        },
    )


def named(state: State, method_id: str, *, param: str = "payment_method") -> Object:
    """The payment method of that id; `pm_card_visa` and its like make a new one each time."""
    person = {"billing_details": {"name": "Test Customer", "email": "customer@example.com"}}
    if (card := cards.BY_TEST_ID.get(method_id)) is not None:
        return keep_card(state, card, {})
    if (account := accounts.BY_TEST_ID.get(method_id)) is not None:
        return keep_account(state, account, person)
    return state.get("payment_method", method_id, param=param)
