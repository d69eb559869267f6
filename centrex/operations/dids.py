"""External numbers: reserving one while the customer makes up his mind, giving it to him, assigning it, taking it back.

What it costs is billing's (`billing.operations.did_orders`). Everybody locks the customer first, then the number.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import Did, FeatureSetting, Line
from centrex.routing.features import Identity
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

RESERVED_FOR = timedelta(minutes=10)
MOST_RESERVED = 10


class NotForSale(Refused):
    """The number is sold, frozen, in another currency, or reserved for somebody else."""

    def __init__(self) -> None:
        super().__init__(_("This number is not free any more. Nothing was charged. Please choose another one."))


class TimeIsOver(Refused):
    """The reservation ran out before the customer bought the number."""

    def __init__(self) -> None:
        super().__init__(_("Your reservation has ended, so nothing was bought and nothing was charged."))


@transaction.atomic
def reserve(*, user: User, customer: Customer, did_id: int, now: datetime) -> Did:
    """Keep a free number for `customer` for ten minutes; one that he has reserved already keeps its time.

    Refused when it is not for sale to him, or when he has reserved as many as he may.
    """
    _lock_customer(customer)
    did = _locked(did_id)
    if did is None or not _is_offered(did, customer, now):
        raise NotForSale
    if did.reserved_for_id == customer.pk and _is_reserved(did, now):
        return did
    if Did.objects.reserved_by(customer, now=now).count() >= MOST_RESERVED:
        raise Refused(
            _("You have reserved %(count)s numbers. Buy or cancel one of them before you choose another.")
            % {"count": MOST_RESERVED}
        )
    did.reserved_for, did.reserved_until = customer, now + RESERVED_FOR
    did.save(update_fields=["reserved_for", "reserved_until"])
    AuditEvent.write(user=user, customer=customer, action="reserve", record=did)
    return did


@transaction.atomic
def cancel_reservation(*, user: User, customer: Customer, did_id: int) -> None:
    """Give back a number that `customer` reserved and did not buy; nothing happens when he has no reservation."""
    did = _locked(did_id)
    if did is None or did.reserved_for_id != customer.pk:
        return
    did.reserved_for = did.reserved_until = None
    did.save(update_fields=["reserved_for", "reserved_until"])
    AuditEvent.write(user=user, customer=customer, action="cancel reservation", record=did)


@transaction.atomic
def take(*, customer: Customer, did_id: int, now: datetime) -> Did:
    """Make a number that `customer` has reserved his own, assigned to no line yet; the buyer writes down who did it.

    Raises TimeIsOver after the reservation's end, NotForSale for what he has not reserved.
    """
    did = _locked(did_id)
    if did is None or did.reserved_for_id != customer.pk or not _is_offered(did, customer, now):
        raise NotForSale
    if not _is_reserved(did, now):
        raise TimeIsOver
    did.customer, did.reserved_for, did.reserved_until = customer, None, None
    did.save(update_fields=["customer", "reserved_for", "reserved_until"])
    return did


@transaction.atomic
def assign(*, user: User, did: Did, line: Line | None) -> Did:
    """Let a number of a customer's ring one of his own lines, or none; calls to it go there from now on."""
    current = _locked(did.pk)
    if current is None or current.customer_id != did.customer_id:
        raise Refused(_("This number is not yours any more."))
    if line is not None and line.customer_id != current.customer_id:
        raise Refused(_("Choose one of your own phone lines."), field="line")
    old = Did(line=current.line)
    current.line = line
    changes = differences(old, current, ["line"])
    if changes:
        current.save(update_fields=["line"])
        action = "assign" if line else "unassign"
        AuditEvent.write(user=user, action=action, record=current, changes=changes)
    return current


@transaction.atomic
def add_to_line(*, user: User, did: Did, line: Line, version: int | None) -> Did:
    """Let a number ring `line`, as on the line's own page; Outdated when somebody saved the line since `version`."""
    return assign(user=user, did=did, line=Line.locked(line.pk, version))


@transaction.atomic
def put_back(*, user: User, customer: Customer, did_id: int) -> Did:
    """Take a number from `customer` and its line; it is for sale again at once. Refused when it is not his."""
    did = _locked(did_id)
    if did is None or did.customer_id != customer.pk:
        raise Refused(_("This number is not yours any more."))
    changes = {str(_("Assigned to")): [str(did.line), ""]} if did.line else {}
    did.customer = did.line = None
    did.save(update_fields=["customer", "line"])
    show_no_more(customer, did.number)
    AuditEvent.write(user=user, customer=customer, action="release", record=did, changes=changes)
    return did


def show_no_more(customer: Customer, number: str) -> None:
    """Phone lines that showed `number` show their own again: nobody calls under a number that is not his."""
    shown = FeatureSetting.for_customer(customer).filter(name=Identity.NAME, values__number=number)
    for row in shown.select_for_update():
        row.values = row.values | {"number": ""}
        row.save(update_fields=["values"])


def consequences_of_releasing(did: Did) -> list[str]:
    """What else a release changes, sentence by sentence."""
    lost = [_("Phone line %(line)s loses it.") % {"line": did.line}] if did.line else []
    return [
        *lost,
        *_consequences_for_callers(did),
        _("Calls to %(number)s no longer reach you.") % {"number": did},
        _("It is for sale again at once: somebody else may take it, and you may not get it back."),
    ]


def _consequences_for_callers(did: Did) -> list[str]:
    """What changes for the lines that show the number when they call."""
    if did.customer is None:
        return []
    settings = FeatureSetting.for_customer(did.customer).filter(name=Identity.NAME, values__number=did.number)
    lines = [str(row.line) for row in settings.exclude(line=None).select_related("line").order_by("line__account_id")]
    return [_("Phone line %(line)s shows its own number again when it calls.") % {"line": line} for line in lines]


def _lock_customer(customer: Customer) -> None:
    """Let one act at a time count what this customer has reserved."""
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer.pk)


def _locked(did_id: int) -> Did | None:
    """The number's row, locked until the transaction ends: the one thing that lets two buyers in only one by one."""
    found: Did | None = Did.objects.select_for_update(of=("self",)).select_related("line").filter(pk=did_id).first()
    return found


def _is_offered(did: Did, customer: Customer, now: datetime) -> bool:
    in_stock = did.customer_id is None and not did.frozen and did.currency == customer.currency
    return in_stock and (did.reserved_for_id in (None, customer.pk) or not _is_reserved(did, now))


def _is_reserved(did: Did, now: datetime) -> bool:
    return did.reserved_until is not None and did.reserved_until > now
