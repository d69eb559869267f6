"""Number filters: named lists of numbers that screening rules share."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import NumberFilter
from centrex.operations.named import keep, refuse_same_name
from centrex.queries.screening import rules_with
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User

FIELDS = ("name", "patterns", "anonymous")


@transaction.atomic
def save_filter(*, user: User, number_filter: NumberFilter, version: int | None) -> NumberFilter:
    """Save a new or changed filter, or one that was deleted; Outdated when somebody saved it since `version`.

    Refused at `name` when there is another of this name.
    """
    refuse_same_name(number_filter, _("There is a filter of this name already."))
    return keep(user=user, record=number_filter, version=version, fields=FIELDS)


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
