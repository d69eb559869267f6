"""Kinds of payment method: what each can do, and which of them an intent or a session offers.

Rules of 2026-10-28.endive: without filters every kind that fits is offered; `allowed_payment_method_types` filters
silently and excludes the other filters; `automatic_payment_methods[allow_redirects]=never` drops what redirects.
"""

from dataclasses import dataclass

from .currencies import KNOWN
from .errors import invalid
from .state import Object

PAYPAL_CURRENCIES = frozenset(
    ("aud", "cad", "chf", "czk", "dkk", "eur", "gbp", "hkd", "nok", "nzd", "pln", "sek", "sgd", "usd")
)


@dataclass(frozen=True)
class Kind:
    """One kind. `debit`: the bank answers days later, and a mandate is needed; `redirects`: to a page of its own.

    direct: can itself be stored and charged again (iDEAL stores a SEPA debit instead).
    """

    name: str
    title: str
    currencies: frozenset[str]
    debit: bool = False
    redirects: bool = False
    direct: bool = True


KINDS = {
    kind.name: kind
    for kind in (
        Kind("card", "Card", KNOWN),
        Kind("us_bank_account", "US bank account", frozenset(("usd",)), debit=True),
        Kind("sepa_debit", "SEPA Direct Debit", frozenset(("eur",)), debit=True),
        Kind("ideal", "iDEAL", frozenset(("eur",)), redirects=True, direct=False),
        Kind("paypal", "PayPal", PAYPAL_CURRENCIES, redirects=True),
    )
}
EXCLUSIVE = ("automatic_payment_methods", "excluded_payment_method_types", "payment_method_configuration")


def of(method: Object) -> Kind:
    """The kind of a payment method."""
    return KINDS[method["type"]]


def offered(params: Object, currency: str | None) -> list[str]:
    """Names of the kinds that the sent filters leave; no currency fits all. 400 when none is left."""
    allowed = params.get("allowed_payment_method_types")
    if allowed is not None:
        for name in EXCLUSIVE:
            if name in params:
                raise invalid(
                    f"You may only specify one of these parameters: allowed_payment_method_types, {name}.",
                    param="allowed_payment_method_types",
                )
    automatic = params.get("automatic_payment_methods") or {}
    excluded = params.get("excluded_payment_method_types") or []
    names = [
        kind.name
        for kind in KINDS.values()
        if (currency is None or currency in kind.currencies)
        and (allowed is None or kind.name in allowed)
        and kind.name not in excluded
        and not (kind.redirects and automatic.get("allow_redirects") == "never")
        and (kind.name == "card" or automatic.get("enabled", True))
    ]
    if not names:
        money = f" in {currency.upper()}" if currency else ""
        played = ", ".join(KINDS)
        raise invalid(
            f"No payment method is left{money}. The payment sandbox plays {played}; US bank accounts take USD "
            "only, SEPA Direct Debit and iDEAL take EUR only.",
            param="allowed_payment_method_types",
        )
    return names


def filtered(params: Object) -> bool:
    """Whether a filter other than the automatic choice was sent."""
    return any(n in params for n in ("allowed_payment_method_types", "excluded_payment_method_types"))
