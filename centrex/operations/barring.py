"""What a line cannot call: saved, with a notice to the owners when something dangerous becomes possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import BarringClass, Line
from centrex.operations.features import Act, save_or_inherit, state_differences
from centrex.operations.notices import tell_owners
from centrex.queries.barring import as_class, barring_classes, opened
from centrex.queries.features import effective_of
from centrex.routing.features import Barring, Effective
from selfcare.errors import Refused
from selfcare.models import Customer, User


@transaction.atomic
def save_barring(
    *,
    user: User,
    line: Line,
    version: int | None,
    values: Barring | None,
    enabled: bool,
    labels: Mapping[str, str],
    confirmed: bool,
) -> Line:
    """Bar and allow classes for the line; `values` None: as its site or company has it.

    Refused at `password` when a dangerous class would be allowed and the user has not `confirmed` who he is.
    """
    before = effective_of(line, Barring)
    act: Act = {"user": user, "line": line, "version": version, "labels": labels, "describe": barring_differences}
    saved = save_or_inherit(feature=Barring, values=values, enabled=enabled, **act)
    classes = opened(before, effective_of(line, Barring))
    tell_of_opened(user, saved.customer, saved, classes, confirmed=confirmed, key=f"{saved.pk}:{saved.version}")
    return saved


def tell_of_opened(
    user: User, customer: Customer, place: object, classes: Sequence[BarringClass], *, confirmed: bool, key: str
) -> None:
    """Tell the owners that dangerous classes can be called from a place; Refused at `password` unless `confirmed`."""
    if classes and not confirmed:
        words = _("Type your password to allow this: %(names)s. Frauds begin with such numbers.")
        raise Refused(words % {"names": ", ".join(row.name for row in classes)}, field="password")
    if classes:
        facts = {"who": user, "line": place, "classes": ", ".join(row.name for row in classes)}
        tell_owners(customer=customer, template="barring_allowed", context=facts, key=f"barring-allowed:{key}")


def barring_differences(
    before: Effective[Any], after: Effective[Any], labels: Mapping[str, str]
) -> dict[str, list[str]]:
    """What changed, class by class."""
    found = state_differences(before, after, labels)
    for row in barring_classes():
        old, new = as_class(row).is_barred_by(before), as_class(row).is_barred_by(after)
        if old != new:
            found[row.name] = [_("barred") if old else _("allowed"), _("barred") if new else _("allowed")]
    return found
