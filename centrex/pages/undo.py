"""Undo on the telephone system: the customer sees what would change back, and presses the button."""

from __future__ import annotations

from django.utils import timezone

from centrex.operations.undo import plan_undo, undo
from selfcare.crud.password import given_again
from selfcare.crud.undo import UndoForm, UndoPage
from selfcare.models import Versioned
from selfcare.reversal import Plan


class Undo(UndoPage):
    undo_url = "centrex:undo"

    def plan(self) -> Plan:
        return plan_undo(self.event, fixed=self.fixed)

    def save(self, form: UndoForm) -> Versioned:
        return undo(
            user=self.request.user,
            event=self.event,
            version=form.cleaned_data["version"],
            now=timezone.now(),
            fixed=self.fixed,
            confirmed=given_again(self.request, form.cleaned_data["password"]),
        )
