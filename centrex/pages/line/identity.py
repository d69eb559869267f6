"""A line's Identity: the number and the name that others see when it calls."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import CompanySettings
from centrex.pages.line.section import FeatureForm, FeaturePage
from centrex.queries.identity import codes_for_one_call, numbers_to_show
from centrex.routing.features import Identity as IdentityFeature

# What would end the quoted name in a SIP header (RFC 3261, 25.1).
PLAIN = RegexValidator(r'\A[^\x00-\x1f\x7f"\\<>]*\Z', _("Enter a name without quotes, backslashes or angle brackets."))
AUTOMATIC = CompanySettings.HideCli.AUTOMATIC


class IdentityForm(FeatureForm):
    feature = IdentityFeature
    switchable = False
    hide_cli = forms.ChoiceField(label=_("Hide CLI"))
    number = forms.ChoiceField(
        label=_("Display number"),
        required=False,
        help_text=_("People outside see it and call it back: one of your own external numbers, or the line's ID."),
    )
    name = forms.CharField(
        label=_("Display name"),
        max_length=40,
        required=False,
        validators=[PLAIN],
        help_text=_("Such as EasyCall Sales. Empty: the name of the line. Some networks show numbers only."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line, codes = kwargs["instance"], codes_for_one_call(kwargs["instance"])
        hidden, kept = self.fields["hide_cli"], self.counts.values.hide_cli
        # Without the company's codes nobody could show or hide his number for one call.
        hidden.choices = [
            each for each in CompanySettings.HideCli.choices if codes or each[0] in (kept, "never", "always")
        ]
        hidden.help_text = (
            gettext("Automatic shows it, and %(hide)s before a number hides it for one call; %(show)s shows it.")
            % {"hide": codes[0], "show": codes[1]}
            if codes
            else gettext(
                "Always: people outside see no number. Your company's page Identity can add codes for one call."
            )
        )
        self.fields["number"].choices = numbers_to_show(line)


class Identity(FeaturePage):
    section = "centrex:line-identity"
    tries_out = True
    intro = _("What people see when this line calls them. Colleagues always see the extension.")
    form_class = IdentityForm
