"""Identity: the customer says whether the people he calls see his number."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Layout
from django.forms import RadioSelect
from django.utils.translation import gettext_lazy as _

from centrex.models import CompanySettings
from centrex.operations.company import IDENTITY, save_identity
from centrex.pages.company_form import SwitchedForm, shown_with
from centrex.pages.what_if.panel import TriesForm
from selfcare.crud.views import SettingsPage

AUTOMATIC = CompanySettings.HideCli.AUTOMATIC


class IdentityForm(SwitchedForm):
    depends = {"hide_cli": (AUTOMATIC, ("hide_cli_prefix", "show_cli_prefix"))}

    class Meta:
        model = CompanySettings
        fields = IDENTITY
        widgets = {"hide_cli": RadioSelect}
        help_texts = {
            "hide_cli_prefix": _("What to dial before a number to hide yours for this call, such as *67."),
            "show_cli_prefix": _("What to dial before a number to show yours for this call, such as *82."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "hide_cli",
            HTML("{% include 'centrex/company/hide_cli.html' %}"),
            shown_with("hide_cli", "hide_cli_prefix", "show_cli_prefix", value=AUTOMATIC.value),
            HTML("{% include 'centrex/company/hide_cli_example.html' %}"),
            "version",
        )


class Identity(TriesForm, SettingsPage):
    page = "centrex:identity"
    title = _("Identity")
    intro = _("Whether people outside see your number (CLI) when you call them.")
    model = CompanySettings
    form_class = IdentityForm

    def save(self, form: IdentityForm) -> CompanySettings:
        version = form.cleaned_data.get("version")
        return save_identity(user=self.request.user, settings=form.instance, version=version)
