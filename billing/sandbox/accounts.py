"""Test bank accounts: what each one does, by number and by test id.

A number is looked at once and never kept: a payment method keeps the account's slug, its last four digits and a
fingerprint.
"""

import hashlib
from dataclasses import dataclass

from .errors import invalid

DAY = 24 * 3600
ROUTING = "110000000"
# failure code -> words
FAILURES = {
    "account_closed": "The customer's bank account has been closed.",
    "no_account": "The customer's bank account could not be found.",
    "insufficient_funds": "The customer's account has insufficient funds to cover this payment.",
    "debit_not_authorized": "The customer has notified their bank that this payment was unauthorized.",
    "invalid_currency": "The customer's bank account does not take this currency.",
    "charge_exceeds_source_limit": "The payment exceeds what this account may pay in a week.",
    "charge_exceeds_weekly_limit": "The payment exceeds what may be taken from this account in a week.",
    "generic_decline": "The bank did not take the payment.",
}


@dataclass(frozen=True)
class Account:
    """A test account. `failure` is the bank's refusal; a `dispute` reason takes a success back, `late` days after it.

    slow: takes twice as long; stuck: the bank never answers by itself.
    """

    slug: str
    kind: str
    number: str
    title: str
    test_ids: tuple[str, ...] = ()
    failure: str = ""
    dispute: str = ""
    late: int = 0
    slow: bool = False
    stuck: bool = False

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def shown(self) -> str:
        """The number to read: IBANs in groups of four."""
        if self.kind == "us_bank_account":
            return self.number
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(f"payment sandbox {self.slug}".encode()).hexdigest()[:16]


def _us(number: str, slug: str, title: str, **more: object) -> Account:
    return Account(f"us_{slug}", "us_bank_account", number, title, (f"pm_usBankAccount_{slug}",), **more)  # type: ignore[arg-type]


def _sepa(number: str, slug: str, title: str, **more: object) -> Account:
    return Account(f"sepa_{slug}", "sepa_debit", number, title, (f"pm_{slug}_de",), **more)  # type: ignore[arg-type]


US_ACCOUNTS = (
    _us("000123456789", "success", "Succeeds"),
    _us("000222222227", "insufficientFunds", "Returned: insufficient funds", failure="insufficient_funds"),
    _us("000111111113", "accountClosed", "Returned: account closed", failure="account_closed"),
    _us("000111111116", "noAccount", "Returned: no such account", failure="no_account"),
    _us("000333333335", "debitNotAuthorized", "Returned: not authorised", failure="debit_not_authorized"),
    _us("000444444440", "invalidCurrency", "Returned: wrong currency", failure="invalid_currency"),
    _us("000777777771", "weeklyLimitExceeded", "Returned: weekly limit", failure="charge_exceeds_source_limit"),
    _us("000000000009", "processing", "Stays in processing", stuck=True),
    _us("000555555559", "dispute", "Succeeds, disputed at once", dispute="debit_not_authorized"),
    _us("000888888884", "lateReturn", "Succeeds, returned 30 days later", dispute="insufficient_funds", late=30),
)
IBANS = (
    _sepa("DE89370400440532013000", "success", "Succeeds"),
    _sepa("DE08370400440532013003", "successDelayed", "Succeeds, after twice the time", slow=True),
    _sepa("DE62370400440532013001", "failed", "Fails", failure="generic_decline"),
    _sepa(
        "DE78370400440532013004", "failedDelayed", "Fails, after twice the time", failure="generic_decline", slow=True
    ),
    _sepa("DE65370400440002222227", "insufficientFunds", "Fails: insufficient funds", failure="insufficient_funds"),
    _sepa(
        "DE65370400440000343434",
        "exceedsWeeklyVolumeLimit",
        "Fails: over a limit",
        failure="charge_exceeds_source_limit",
    ),
    _sepa(
        "DE27370400440000121212",
        "exceedsWeeklyTransactionLimit",
        "Fails: weekly limit",
        failure="charge_exceeds_weekly_limit",
    ),
    _sepa("DE35370400440532013002", "disputed", "Succeeds, disputed at once", dispute="customer_initiated"),
    _sepa(
        "DE26370400440000888888",
        "lateRefund",
        "Succeeds, taken back 6 weeks later",
        dispute="customer_initiated",
        late=42,
    ),
)
# The account behind every iDEAL payment, in which a later SEPA debit is taken.
BEHIND_IDEAL = IBANS[0]
ACCOUNTS = (*US_ACCOUNTS, *IBANS)
BY_SLUG = {account.slug: account for account in ACCOUNTS}
BY_TEST_ID = {name: account for account in ACCOUNTS for name in account.test_ids}
BY_TEST_ID["pm_usBankAccount"] = US_ACCOUNTS[0]


def us_account(routing: str, number: str) -> Account:
    """The US test account; 400 for any other routing or account number."""
    digits = number.replace(" ", "").replace("-", "")
    if routing.replace(" ", "") != ROUTING:
        raise invalid(
            f"Unknown routing number. This is a test: the routing number is {ROUTING}.",
            param="us_bank_account[routing_number]",
            code="routing_number_invalid",
        )
    for account in US_ACCOUNTS:
        if account.number == digits:
            return account
    raise invalid(
        "This is a test, and the account number is not one of the test accounts.",
        param="us_bank_account[account_number]",
        code="account_number_invalid",
    )


def iban(text: str) -> Account:
    """The test account of that IBAN; 400 for a mistyped one and for one that is not a test IBAN."""
    compact = text.replace(" ", "").upper()
    if not _checks(compact):
        raise invalid("The IBAN you provided is invalid.", param="sepa_debit[iban]", code="invalid_bank_account_iban")
    for account in IBANS:
        if account.number == compact:
            return account
    raise invalid(
        "This is a test, and the IBAN is not one of the test IBANs.",
        param="sepa_debit[iban]",
        code="invalid_bank_account_iban",
    )


def _checks(compact: str) -> bool:
    """ISO 13616: letters as numbers, country and check digits last, remainder 1 of 97."""
    if not (compact.isascii() and compact.isalnum() and 15 <= len(compact) <= 34):
        return False
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1
