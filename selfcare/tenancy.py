"""Whose data it is: the one place that decides which customer a request works for.

Rows of customers are reached through `Model.for_customer(customer)`; `None` gives no rows at all.
Staff have no customer of their own; with "view as" they look at one, read-only, and it is written down.
The user of one phone line gets a customer with `only_line`: of what belongs to a line, that line's rows only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from selfcare import formats

if TYPE_CHECKING:
    from collections.abc import Callable

    from selfcare.models import Customer, User

VIEW_AS = "view_as_customer"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# What a staff member who views as a customer may still post: leaving, signing out, own language and theme.
VIEW_AS_MAY_POST = {"view-as-end", "account_logout", "preference", "table-preference", "dashboard-windows"}


class CustomerQuerySet(models.QuerySet):
    """Rows that belong to customers."""

    def for_customer(self, customer: Customer | None) -> Self:
        """The rows of `customer`; none for nobody, and of what belongs to a line, of his only line if he has one."""
        if customer is None:
            return self.none()
        rows = self.filter(customer=customer)
        path = line_of(self.model)
        return rows if customer.only_line is None or path is None else rows.filter(**{path: customer.only_line})


def line_of(model: type[models.Model]) -> str | None:
    """The look-up from rows of the model to their phone line; None where they have none."""
    if model._meta.label_lower == "centrex.line":
        return "pk"
    return "line" if any(field.name == "line" for field in model._meta.concrete_fields) else None


class CustomerRows(models.Model):
    """A record that has a customer; a subclass declares how."""

    objects = CustomerQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def for_customer(cls, customer: Customer | None) -> Any:
        """The chainable rows of `customer`; what pages and queries start from."""
        return cls._default_manager.for_customer(customer)  # type: ignore[attr-defined]  # every manager here has it


class CustomerOwned(CustomerRows):
    """A record that belongs to one customer and is never shown to another."""

    customer = models.ForeignKey(
        "selfcare.Customer", on_delete=models.PROTECT, related_name="+", verbose_name=_("customer")
    )

    class Meta:
        abstract = True


class PortalRequest(HttpRequest):
    """What a request is after the middleware: for type checkers, never made."""

    customer: Customer | None
    viewing_as: bool
    portal_page: str
    user: User


class CustomerMiddleware:
    """Sets `request.customer` and `request.viewing_as`, and turns suspended customers and forbidden writes away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewing_as = False
        request.customer = self._customer(request)
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        zone = user.zone if user.customer_id else (request.customer.zone if request.customer else user.zone)
        with formats.reading_as(zone=zone, pattern=user.date_format, language=user.language):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Refuse writes in "view as", and every page but signing out to a suspended or closed customer."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.viewing_as and request.method not in SAFE_METHODS and name not in VIEW_AS_MAY_POST:
            reason = _("You are viewing as a customer: nothing can be changed.")
            return render(request, "403.html", {"reason": reason}, status=403)
        customer = request.customer
        if customer and not customer.may_sign_in and not request.viewing_as and name != "account_logout":
            return render(request, "selfcare/suspended.html", {"customer": customer}, status=403)
        return None

    def _customer(self, request: HttpRequest) -> Customer | None:
        user = request.user
        if not user.is_authenticated:
            return None
        if user.customer_id:
            if user.is_line_user:
                login = getattr(user, "line_login", None)
                user.customer.only_line = login.line_id if login else 0
            return user.customer
        chosen = request.session.get(VIEW_AS) if user.may_view_as_customer else None
        if chosen is None:
            return None
        customer = apps.get_model("selfcare", "Customer").objects.filter(pk=chosen).first()
        request.viewing_as = customer is not None
        return customer
