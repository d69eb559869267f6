"""ITSP staff open the portal as a customer, read-only, and it is written down."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from selfcare.models import AuditEvent, Customer
from selfcare.tenancy import VIEW_AS


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Start viewing as the customer `pk`; for everybody else than staff there is no such page."""
    if not request.user.is_staff:
        raise Http404
    if not request.user.may_view_as_customer:
        raise PermissionDenied
    customer = get_object_or_404(Customer, pk=pk)
    request.session[VIEW_AS] = customer.pk
    AuditEvent.write(user=request.user, action="view as begins", record=customer, customer=customer)
    return redirect("dashboard")


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Stop viewing as a customer and go back to the administration."""
    if request.session.pop(VIEW_AS, None) and request.customer:
        AuditEvent.write(user=request.user, action="view as ends", record=request.customer, customer=request.customer)
    return redirect("admin:index" if request.user.is_staff else "dashboard")
