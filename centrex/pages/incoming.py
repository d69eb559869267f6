"""Incoming Calls: the customer says how phones ring, and which codes pick up, park and take back a call."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Fieldset, Layout
from django.utils.translation import gettext_lazy as _

from centrex.models import CompanySettings
from centrex.operations.company import INCOMING, save_incoming
from centrex.pages.company_form import SwitchedForm, shown_with
from centrex.pages.what_if.panel import TriesForm, from_phone
from centrex.queries.company import extension_to_park_at, pickup_examples
from centrex.queries.lines import two_colleagues
from selfcare.crud.views import SettingsPage


class IncomingForm(SwitchedForm):
    depends = {
        "pickup_enabled": (True, ("pickup_prefix",)),
        "parking_enabled": (True, ("park_prefix", "release_prefix")),
        "record_codes_enabled": (True, ("record_start_code", "record_stop_code")),
    }

    class Meta:
        model = CompanySettings
        fields = INCOMING
        help_texts = {
            "distinctive_ring": _("Phones ring differently when a colleague calls than when somebody outside calls."),
            "pickup_enabled": _("People can answer a call that is ringing on a colleague's phone."),
            "pickup_prefix": _("What to dial for it, such as *40."),
            "parking_enabled": _("People can put a call aside and take it back on another phone."),
            "park_prefix": _("Where to transfer a call to put it aside, such as *70."),
            "release_prefix": _("What to dial to take it back, such as *71."),
            "record_codes_enabled": _("On phone lines that allow it, people record a part of a call."),
            "record_start_code": _("What to dial during a call to begin a recording, such as *44."),
            "record_stop_code": _("What to dial during the call to end it, such as *45."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            Fieldset(_("Ringing"), "distinctive_ring"),
            Fieldset(
                _("Answering for each other"),
                "pickup_enabled",
                shown_with("pickup_enabled", "pickup_prefix"),
                HTML("{% include 'centrex/company/pickup_example.html' %}"),
            ),
            Fieldset(
                _("Putting a call aside"),
                "parking_enabled",
                shown_with("parking_enabled", "park_prefix", "release_prefix"),
                HTML("{% include 'centrex/company/parking_example.html' %}"),
            ),
            Fieldset(
                _("Recording a call"),
                "record_codes_enabled",
                shown_with("record_codes_enabled", "record_start_code", "record_stop_code"),
            ),
            "version",
        )


class Incoming(TriesForm, SettingsPage):
    page = "centrex:incoming"
    title = _("Incoming Calls")
    intro = _(
        "How calls from colleagues ring, and the codes for taking a call that rings or waits, and for recording one."
    )
    model = CompanySettings
    form_class = IncomingForm

    def usual_call(self) -> dict[str, Any]:
        """One colleague calls another."""
        return from_phone(*two_colleagues(self.request.customer))

    def save(self, form: IncomingForm) -> CompanySettings:
        version = form.cleaned_data.get("version")
        return save_incoming(user=self.request.user, settings=form.instance, version=version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer = self.request.customer
        examples = {"pickup": pickup_examples(customer), "parked_at": extension_to_park_at(customer)}
        return super().get_context_data(**(examples | kwargs))
