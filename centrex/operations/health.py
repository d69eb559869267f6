"""Findings of the Health Check that are as the customer wants them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import HealthDismissal
from centrex.queries.health import checks_of
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

LONGEST_WORDS = 300


@transaction.atomic
def dismiss(*, user: User, customer: Customer, key: str, now: datetime) -> HealthDismissal:
    """Do not report this finding any more; Refused when it is found no longer.

    What was dismissed before and is mended meanwhile is forgotten: if it comes back, it is news.
    """
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # two who dismiss the same take turns
    checks = checks_of(customer, now=now)
    found = {check.key(finding): finding.words[:LONGEST_WORDS] for check in checks for finding in check.findings}
    if key not in found:
        raise Refused(_("This is mended already."))
    HealthDismissal.for_customer(customer).exclude(key__in=found).delete()
    facts = {"words": found[key], "dismissed_at": now, "dismissed_by": user}
    row, is_new = HealthDismissal.objects.get_or_create(customer=customer, key=key, defaults=facts)
    if is_new:
        AuditEvent.write(user=user, action="dismiss", record=row)
    return row


@transaction.atomic
def report_again(*, user: User, customer: Customer, key: str) -> None:
    """Report the finding again; nothing is left to do when somebody else did it meanwhile."""
    row = HealthDismissal.for_customer(customer).select_for_update().filter(key=key).first()
    if row is not None:
        AuditEvent.write(user=user, action="report again", record=row)
        row.delete()
