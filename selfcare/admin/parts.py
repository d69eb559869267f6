"""What the administration of all apps shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pghistory.models import Events

from selfcare.models import Customer, User


class ReadOnly:
    """Mixed into an admin or an inline: rows to look at, made and changed elsewhere only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Kept:
    """Mixed into an admin: rows that other records lean on are changed, but never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ShowsStates:
    """Mixed into the admin of a tracked model: the record's history names every state of its row, and who made it."""

    MOST = 200

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        record = self.get_object(request, object_id)  # type: ignore[attr-defined]
        rows = list(Events.objects.tracks(record).order_by("-pgh_created_at")[: self.MOST]) if record else []
        users = User.objects.in_bulk({(row.pgh_context or {}).get("user") for row in rows} - {None})
        states = [State(row, users.get((row.pgh_context or {}).get("user"))) for row in rows]
        extra = {"states": states} | (extra_context or {})
        return super().history_view(request, object_id, extra)  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class State:
    """A row's state as it was made; `user` is None for what was done outside of a request."""

    row: Any
    user: User | None

    @property
    def changes(self) -> list[str]:
        """Field, old and new value, without the counter of versions."""
        changed = (self.row.pgh_diff or {}).items()
        return [f"{name}: {old} → {new}" for name, (old, new) in changed if name != "version"]


class CountsVersions(ShowsStates):
    """Mixed into the admin of a Versioned model: a customer who has the record open is told of staff's change."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.version += 1 if change else 0
        super().save_model(request, obj, form, change)  # type: ignore[misc]  # the admin that it is mixed into


class CappedPaginator(Paginator):
    """Counts no further than CAP rows: neither the count nor an offset ever walks through a large table."""

    CAP = 1000

    @cached_property
    def count(self) -> int:
        return self.object_list[: self.CAP].count()


class OneCustomerForm(forms.ModelForm):
    """A form whose choices must all belong to the record's customer, or to one of his offices."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        customer = self.cleaned_data.get("customer") or getattr(self.instance, "customer", None)
        offices = set(Customer.objects.office_of(customer).values_list("pk", flat=True)) if customer else set()
        for name, value in list(self.cleaned_data.items()):
            owner = getattr(value, "customer_id", None)
            if owner is not None and owner not in offices:
                self.add_error(name, _("This belongs to another customer."))
        return cleaned
