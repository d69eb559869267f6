"""The owners hear of each payment method that is stored or removed, so that nobody does so behind their backs."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from billing.models import StoredMethod
from centrex.operations.notices import tell_owners
from selfcare.models import User


def tell_of_storing(method: StoredMethod, *, user: User | None) -> None:
    """Once for each method; `user` is None where the provider made it anew."""
    _tell("payment_method_stored", method, user)


def tell_of_removal(method: StoredMethod, *, user: User) -> None:
    """Once for each method."""
    _tell("payment_method_removed", method, user)


def _tell(template: str, method: StoredMethod, user: User | None) -> None:
    context = {"method": method, "who": user, "url": settings.PORTAL_URL + reverse("billing:payment-info")}
    tell_owners(customer=method.customer, template=template, context=context, key=f"{template}:{method.pk}")
