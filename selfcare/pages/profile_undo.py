"""Undo on My Profile and on Billing, General: former values go through the same form as on the page."""

from __future__ import annotations

from functools import cached_property

from django.db import transaction
from django.forms import model_to_dict
from django.utils.translation import gettext as _

from selfcare import access
from selfcare.crud.saving import save_form
from selfcare.crud.undo import UndoForm, UndoPage
from selfcare.errors import Refused
from selfcare.models import Customer
from selfcare.models.audit import acting
from selfcare.pages.billing_details import BillingDetailsForm
from selfcare.pages.profile import GeneralForm
from selfcare.reversal import Plan, current, refuse_empty, refuse_outdated, states, turn_back

# A new e-mail address counts only once it is confirmed from there; an old one does not come back by a click.
FIELDS = [name for name in GeneralForm.Meta.fields if name != "email"]
BILLING = "billing:general"


class Undo(UndoPage):
    """The event's own page says which form it was; its rights hold beside those of My Profile."""

    undo_url = "profile:undo"

    @cached_property
    def form_page(self) -> str:
        if self.event.page != BILLING:
            return self.page
        access.require(self.request, access.CHANGE if self.request.method == "POST" else access.VIEW, BILLING)
        return BILLING

    def plan(self) -> Plan:
        customer = current(self.event, Customer)
        old, new = states(self.event, Customer)
        fixed = access.read_only_fields(self.request, self.form_page)
        names = BillingDetailsForm.Meta.fields if self.form_page == BILLING else FIELDS
        steps = turn_back(customer, old, new, [name for name in names if name not in fixed])
        if not steps and old.pending_email != new.pending_email:
            raise Refused(_("Enter the former e-mail address on the page General; it must be confirmed again."))
        return refuse_empty(Plan(customer, customer.version, steps))

    @transaction.atomic
    def save(self, form: UndoForm) -> Customer:
        refuse_outdated(Customer.locked(self.request.customer.pk, None), form.cleaned_data["version"])
        plan = self.plan()
        form_class = BillingDetailsForm if self.form_page == BILLING else GeneralForm
        wanted = model_to_dict(plan.record, form_class.Meta.fields) | {"version": plan.version}
        former = form_class(
            {name: str(value or "") for name, value in wanted.items()},
            instance=current(self.event, Customer),
            request=self.request,
            page=self.form_page,
        )
        if not former.is_valid():
            raise Refused(
                " ".join(f"{former.fields[name].label}: {errors[0]}" for name, errors in former.errors.items())
            )
        with acting(undoes=self.event):
            return save_form(former, user=self.request.user, customer=self.request.customer)
