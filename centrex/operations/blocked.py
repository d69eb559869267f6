"""Blocked callers: whom the whole company does not want to hear from."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import BlockedCaller, DialCode, Did
from centrex.queries.lines import lines_of_office
from centrex.routing.screening import is_emergency
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

FIELDS = ("number", "note")


@transaction.atomic
def block_caller(*, user: User, customer: Customer, number: str, note: str = "", now: datetime) -> BlockedCaller:
    """Refuse calls from `number` (E.164 without plus; empty: from whoever hides his number) from now on.

    Refused for a number of one's own, for an emergency number, and for one that is blocked already.
    """
    caller = BlockedCaller(customer=customer, number=number, note=note, blocked_at=now, blocked_by=user)
    return keep_blocked(user=user, caller=caller)


@transaction.atomic
def keep_blocked(*, user: User, caller: BlockedCaller) -> BlockedCaller:
    """Save a new blocked caller, or one that was unblocked; Refused as `block_caller` says."""
    customer, number = caller.customer, caller.number
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # two who block the same number take turns
    refuse_own(customer.office, number)
    if is_emergency(number, str(customer.country or "")):
        raise Refused(_("Emergency services may call back from this number, so it cannot be blocked."), field="number")
    if BlockedCaller.for_customer(customer).filter(number=number).exists():
        already = _("This number is blocked already.") if number else _("Hidden numbers are blocked already.")
        raise Refused(already, field="number")
    caller.save()
    changes = differences(BlockedCaller(customer=customer), caller, FIELDS)
    AuditEvent.write(user=user, action="add", record=caller, changes=changes)
    return caller


@transaction.atomic
def unblock_caller(*, user: User, caller: BlockedCaller) -> None:
    """Let the caller through again; nothing is left to do when somebody else did it meanwhile."""
    current = BlockedCaller.for_customer(caller.customer).select_for_update().filter(pk=caller.pk).first()
    if current is not None:
        AuditEvent.write(user=user, action="delete", record=current)
        current.delete()


def refuse_own(office: Customer, number: str) -> None:
    """Refused for a line, an external number or a short number of the main office or its branches."""
    if not number:
        return
    offices = Customer.objects.office_of(office)
    if (
        lines_of_office(office).filter(account_id=number).exists()
        or Did.objects.filter(number=number, customer__in=offices).exists()
        or DialCode.objects.filter(customer=office, code=number).exists()
    ):
        raise Refused(_("This is one of your own numbers: colleagues cannot be blocked."), field="number")
