"""What a line cannot call: saved, with a notice to the owners when something dangerous becomes possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import BarringClass, Line
from centrex.operations.features import inherit_feature, save_feature, state_differences
from centrex.queries.barring import as_class, barring_classes, opened
from centrex.queries.features import effective_of
from centrex.routing.features import Barring, Effective
from selfcare import mail
from selfcare.errors import Refused
from selfcare.models import Customer, Role, User


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
    act: dict[str, Any] = {
        "user": user, "line": line, "version": version, "labels": labels, "describe": barring_differences,
    }  # fmt: skip
    if values is None:
        saved = inherit_feature(feature=Barring, **act)
    else:
        saved = save_feature(values=values, enabled=enabled, **act)
    classes = opened(before, effective_of(line, Barring))
    refuse_unconfirmed(classes, confirmed=confirmed)
    tell_owners(user, saved.customer, str(saved), classes, key=f"{saved.pk}:{saved.version}")
    return saved


def refuse_unconfirmed(classes: Sequence[BarringClass], *, confirmed: bool) -> None:
    """Refused at `password` when dangerous classes would be allowed by who has not said who he is."""
    if classes and not confirmed:
        words = _("Type your password to allow this: %(names)s. Frauds begin with such numbers.")
        raise Refused(words % {"names": ", ".join(row.name for row in classes)}, field="password")


def tell_owners(user: User, customer: Customer, place: str, classes: Sequence[BarringClass], *, key: str) -> None:
    """A notice to each owner of the customer, in his language, that classes can be called from a line or a place."""
    if not classes:
        return
    names = ", ".join(row.name for row in classes)
    for owner in User.objects.filter(customer=customer, role=Role.OWNER, is_active=True).exclude(email=""):
        mail.post(
            template="barring_allowed",
            context={"who": user, "line": place, "classes": names},
            to=[owner.email],
            key=f"barring-allowed:{key}:{owner.pk}",
            customer=customer,
            language=owner.language,
        )


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
