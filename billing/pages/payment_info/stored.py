"""The stored ways to pay: adding one on the provider's page, preferring one, removing one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import structlog
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from django.views.generic.detail import SingleObjectMixin

from billing.gateways.base import NotDone, Unanswered
from billing.models import MethodSetup, StoredMethod
from billing.operations.guards import AlreadyStarted
from billing.operations.methods import check_setup, open_method_page, remove_method, set_preferred
from billing.pages.pay.ways import expiry_of, expiry_words
from billing.queries.automatic import wishes_of
from billing.queries.methods import stored_methods
from billing.queries.offered import offered_methods
from selfcare.crud.forms import DeleteForm, PortalForm
from selfcare.crud.password import PasswordAgain, given_again
from selfcare.crud.views import DeletePage, DetailPage, OwnRows, Page
from selfcare.errors import Refused

log = structlog.get_logger(__name__)

State, Kind = MethodSetup.State, StoredMethod.Kind
OPEN = frozenset({State.CREATED, State.OPEN, State.PROCESSING})
ABOUT = {
    Kind.CARD: _("You type its number on our payment provider's page."),
    Kind.ACH: _("For accounts at a bank in the USA. You name the account and allow the debits on our provider's page."),
    Kind.SEPA: _("You choose your bank and allow the debits there with iDEAL. Nothing is paid yet."),
    Kind.PAYPAL: _("You sign in at PayPal and allow the payments there."),
}


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A stored method with what is to be said about it."""

    method: StoredMethod
    expiry: str
    warning: str


def method_rows(methods: Iterable[StoredMethod], *, offered: Collection[str], today: date) -> list[MethodRow]:
    """The stored methods; a warning where one ends soon, or cannot be used."""
    return [
        MethodRow(method, expiry_of(method), warning_of(method, offered=offered, today=today)) for method in methods
    ]


def warning_of(method: StoredMethod, *, offered: Collection[str], today: date) -> str:
    if not method.usable:
        return _now("It cannot be used any more. Please add it again, or another one.")
    if method.kind not in offered:
        return _now("Your telephone company does not take payments in this way any more.")
    return expiry_words(method, today=today)


class AddForm(PortalForm, forms.Form):
    """`setup_id` is made with the form, so that the same form sent again opens the same page."""

    setup_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What do you want to store?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = offered_methods(self.request.customer)
        self.kinds = [kind for kind in Kind if kind.value in offered]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in self.kinds]
        if self.kinds:
            self.initial.setdefault("kind", self.kinds[0].value)

    def begin_anew(self) -> None:
        """Take the next press of the button for another visit."""
        self.data = self.data.copy()
        self.data["setup_id"] = str(uuid4())

    @property
    def choices(self) -> list[tuple[str, Any, Any]]:
        """Value, name and what happens next, of each kind."""
        return [(kind.value, kind.label, ABOUT[kind]) for kind in self.kinds]


class Add(Page, FormView):
    page = "billing:payment-info"
    title = _("Add a payment method")
    intro = _("It is stored by our payment provider; card and account numbers never reach us. Nothing is charged.")
    form_class = AddForm
    template_name = "billing/payment_info/add.html"
    always_changes = True

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request, "page": self.page}

    def get_initial(self) -> dict[str, Any]:
        return {"setup_id": uuid4()}

    def form_valid(self, form: AddForm) -> HttpResponse:
        try:
            setup = open_method_page(
                customer=self.request.customer,
                user=self.request.user,
                kind=form.cleaned_data["kind"],
                setup_id=form.cleaned_data["setup_id"],
                now=timezone.now(),
            )
        except Refused as refusal:
            if isinstance(refusal, AlreadyStarted):
                form.begin_anew()
            form.refuse(refusal)
            return self.form_invalid(form)
        if setup.state in OPEN and setup.session_url:
            return redirect(setup.session_url)
        return redirect("billing:method-setup", pk=setup.pk)


class Setup(DetailPage):
    page = "billing:payment-info"
    title = _("Add a payment method")
    model = MethodSetup
    template_name = "billing/payment_info/setup.html"

    def get_object(self, queryset: Any = None) -> MethodSetup:
        """As the provider sees it now; that the browser came back from there proves nothing."""
        setup = super().get_object(queryset)
        if setup.state not in OPEN:
            return setup
        try:
            return check_setup(setup_id=setup.pk, now=timezone.now())
        except (Unanswered, NotDone) as trouble:
            log.warning("setup_check_unanswered", setup=str(setup.pk), error=str(trouble))
            return setup

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        setup = self.object
        goes_on = setup.state == State.OPEN and setup.session_url and self.may_change
        return super().get_context_data(**({"go_on": setup.session_url if goes_on else ""} | kwargs))


class OwnMethods(OwnRows):
    """The methods that were not removed."""

    page = "billing:payment-info"
    model = StoredMethod

    def get_queryset(self) -> Any:
        return stored_methods(self.request.customer)


class Prefer(OwnMethods, Page, SingleObjectMixin):
    """A button of the page; opened by hand, the address leads back there."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        self.get_object()
        return redirect(self.page)

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        method = self.get_object()
        try:
            set_preferred(method=method, user=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("%(method)s is your preferred payment method now.") % {"method": method})
        return redirect(self.page)


class RemoveForm(DeleteForm):
    """Who removes a method shows that he is who he says: it may stop the payments of a whole company."""

    password = PasswordAgain(required=True)


class Remove(OwnMethods, DeletePage):
    title = _("Remove a payment method")
    form_class = RemoveForm
    template_name = "billing/payment_info/remove.html"
    saved = _("“%(record)s” was removed.")

    def save(self, form: RemoveForm) -> None:
        given_again(self.request, form.cleaned_data["password"])
        remove_method(method=self.object, user=self.request.user, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wishes = wishes_of(self.request.customer)
        is_charged = self.object.is_default and (wishes.pay_invoices or wishes.by_threshold)
        return super().get_context_data(**({"is_charged": is_charged} | kwargs))
