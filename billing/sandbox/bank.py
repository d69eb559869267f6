"""What the bank behind a payment method says when it is asked for money, or for leave to ask later."""

from . import accounts, cards, kinds
from .accounts import Account
from .state import Object

APPROVED = ""
CHALLENGE = "challenge"  # the customer must answer on a page first: 3-D Secure, his bank's, PayPal's
VERIFY = "verify"  # two small deposits show first that the account is his
PENDING = "pending"  # the bank answers days later
NEVER_OFF_SESSION = "authentication_required"


def verdict(method: Object, *, off_session: bool, saving_only: bool = False, microdeposits: bool = False) -> str:
    """One of the words above, or a decline code."""
    kind = kinds.of(method)
    if kind.debit:
        if microdeposits or not method["_verified"]:
            return VERIFY
        return APPROVED if saving_only else PENDING
    if method["_decline"] and not saving_only:
        return str(method["_decline"])
    if kind.redirects:
        if not off_session:
            return CHALLENGE
        return APPROVED if method["_authenticated"] else NEVER_OFF_SESSION
    return _card(method, off_session=off_session, saving_only=saving_only)


def _card(method: Object, *, off_session: bool, saving_only: bool) -> str:
    card = cards.of(method)
    if card.decline and not card.challenge and not (saving_only and card.attaches):
        return card.decline
    if not card.challenge:
        return APPROVED
    if not off_session:
        return CHALLENGE
    if card.challenge == "until_set_up" and method["_authenticated"]:
        return card.decline
    return NEVER_OFF_SESSION


def after_challenge(method: Object, *, saving_only: bool = False) -> str:
    """The decline code, or none, once the customer has proved who he is."""
    if method["type"] != "card" or saving_only:
        return APPROVED
    return cards.of(method).decline


def account_of(method: Object) -> Account:
    """The test account behind a debit, which says how it behaves."""
    return accounts.BY_SLUG[method["_account"]]
