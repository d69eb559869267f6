"""The page that asks before an act is undone: what would change back, and what follows from it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from selfcare import access
from selfcare.crud import history
from selfcare.crud.difference import difference
from selfcare.crud.forms import PortalForm
from selfcare.crud.password import PasswordAgain
from selfcare.crud.views import FormPage
from selfcare.errors import Refused
from selfcare.models import AuditEvent
from selfcare.navigation import RECORDS
from selfcare.reversal import Plan


class UndoForm(PortalForm, forms.Form):
    """The button; `version` is the record's when the page was drawn, `password` is asked for by acts that need it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    password = PasswordAgain()

    def take_current_version(self) -> None:
        """Nothing to take over: the page is drawn again from a new plan, which has a version of its own."""


class UndoPage(FormPage, FormView):
    """Undoes one event; a subclass says for which kinds of record (`undo_url`), how it is planned and done.

    The rights are those of the page that keeps the record.
    """

    model = AuditEvent
    form_class = UndoForm
    template_name = "crud/undo.html"
    title = _("Undo")
    save_label = _("Undo this change")
    saved = _("Undone: “%(record)s”.")
    undo_url: str
    object: models.Model | None = None

    @cached_property
    def event(self) -> AuditEvent:
        """The event in the address; 404 for a stranger's, and for one that this page does not undo."""
        kinds = [label for label, place in RECORDS.items() if place.undo == self.undo_url]
        events = AuditEvent.for_customer(self.request.customer).filter(record_type__in=kinds)
        return get_object_or_404(events.select_related("user", "undoes"), pk=self.kwargs["pk"])

    @cached_property
    def page(self) -> str:
        if not history.page_of(self.event):
            raise Http404
        return history.page_of(self.event)

    @property
    def fixed(self) -> set[str]:
        """The fields that this customer may not change, so that no undo does."""
        return access.read_only_fields(self.request, self.page)

    def get_object(self) -> AuditEvent:
        return self.event

    def plan(self) -> Plan:
        """What would change; Refused when it cannot be undone."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan, refusal = None, None
        try:
            plan = self.plan()
        except Refused as refused:
            refusal = refused.message
        entry = history.Entry(self.event, history.act_in_words(self.event), history.changes_drawn(self.event), "", "")
        steps = [(capfirst(each.label), difference(each.now, each.then), each) for each in plan.steps] if plan else []
        words = {"entry": entry, "plan": plan, "steps": steps, "refusal": refusal}
        return super().get_context_data(**(words | kwargs))
