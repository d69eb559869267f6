"""Number filters: named lists of numbers that screening rules share."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import NumberFilter
from centrex.queries.screening import rules_with
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

FIELDS = ("name", "patterns", "anonymous")


@transaction.atomic
def save_filter(*, user: User, number_filter: NumberFilter, version: int | None) -> NumberFilter:
    """Save a new or changed filter, or one that was deleted; Outdated when somebody saved it since `version`.

    Refused at `name` when there is another of this name.
    """
    customer = number_filter.customer
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # two of one name take turns
    if NumberFilter.for_customer(customer).filter(name=number_filter.name).exclude(pk=number_filter.pk).exists():
        raise Refused(_("There is a filter of this name already."), field="name")
    is_new = number_filter._state.adding
    old = NumberFilter(customer=customer) if is_new else NumberFilter.locked(number_filter.pk, version)
    changes = differences(old, number_filter, FIELDS)
    if not is_new:
        if not changes:
            return number_filter
        number_filter.version = old.version + 1
    number_filter.save()
    AuditEvent.write(user=user, action="add" if is_new else "edit", record=number_filter, changes=changes)
    return number_filter


@transaction.atomic
def delete_filter(*, user: User, number_filter: NumberFilter) -> None:
    """Delete a number filter; Refused while a rule uses it."""
    current = NumberFilter.locked(number_filter.pk, None)
    rules = rules_with(current)
    if rules:
        facts = {"rule": rules[0], "line": rules[0].line}
        raise Refused(_("The rule “%(rule)s” of line %(line)s still uses this filter.") % facts)
    AuditEvent.write(user=user, action="delete", record=current)
    current.delete()
