"""Undo on My Profile: former values go through the same form as on the page General."""

from __future__ import annotations

from django.db import transaction
from django.forms import model_to_dict
from django.utils.translation import gettext as _

from selfcare.crud.saving import save_form
from selfcare.crud.undo import UndoForm, UndoPage
from selfcare.errors import Refused
from selfcare.models import Customer
from selfcare.models.audit import acting
from selfcare.pages.profile import GeneralForm
from selfcare.reversal import Plan, current, refuse_empty, refuse_outdated, states, turn_back

# A new e-mail address counts only once it is confirmed from there; an old one does not come back by a click.
FIELDS = [name for name in GeneralForm.Meta.fields if name != "email"]


class Undo(UndoPage):
    undo_url = "profile:undo"

    def plan(self) -> Plan:
        customer = current(self.event, Customer)
        old, new = states(self.event, Customer)
        steps = turn_back(customer, old, new, [name for name in FIELDS if name not in self.fixed])
        if not steps and old.pending_email != new.pending_email:
            raise Refused(_("Enter the former e-mail address on the page General; it must be confirmed again."))
        return refuse_empty(Plan(customer, customer.version, steps))

    @transaction.atomic
    def save(self, form: UndoForm) -> Customer:
        refuse_outdated(Customer.locked(self.request.customer.pk, None), form.cleaned_data["version"])
        plan = self.plan()
        wanted = model_to_dict(plan.record, GeneralForm.Meta.fields) | {"version": plan.version}
        former = GeneralForm(
            {name: str(value or "") for name, value in wanted.items()},
            instance=current(self.event, Customer),
            request=self.request,
            page=self.page,
        )
        if not former.is_valid():
            raise Refused(
                " ".join(f"{former.fields[name].label}: {errors[0]}" for name, errors in former.errors.items())
            )
        with acting(undoes=self.event):
            return save_form(former, user=self.request.user, customer=self.request.customer)
