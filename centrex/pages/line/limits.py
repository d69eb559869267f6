"""A line's call limits, a part of General: how many calls it has at a time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.pages.line.section import FeatureForm, FeaturePage
from centrex.routing.features import Limits as LimitsFeature

MOST = 1000


def limit(label: str | Promise, help_text: str | Promise) -> forms.IntegerField:
    """A field for a number of calls, empty without a limit."""
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST, help_text=help_text)


class LimitsForm(FeatureForm):
    feature = LimitsFeature
    max_calls = forms.IntegerField(
        label=_("Calls at the same time"),
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=_("Of all kinds together, such as 2. Empty: no limit of this line's own."),
    )
    max_calls_in = limit(_("Incoming calls"), _("Whoever calls while so many are going on hears a busy tone."))
    max_calls_out = limit(_("Outgoing calls"), _("A low number, such as 2, also stops thieves of a password early."))
    max_calls_forwarded = limit(_("Forwarded calls"), _("Calls that go on to a number on the page Forwarding."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors or self.inherits or not cleaned.get("enabled"):
            return cleaned
        most = cleaned.get("max_calls")
        parts = ("max_calls_in", "max_calls_out", "max_calls_forwarded")
        for name in parts:
            if most is not None and (cleaned.get(name) or 0) > most:
                words = gettext("This is more than the %(most)s calls that the line has at the same time.")
                self.add_error(name, words % {"most": most})
        if most is None and all(cleaned.get(name) is None for name in parts):
            self.add_error("max_calls", gettext("Enter at least one limit, or switch the limits off."))
        return cleaned


class Limits(FeaturePage):
    section = "centrex:line"
    intro = _(
        "How many calls this line has at the same time. The limits of its site and of your company count as well."
    )
    form_class = LimitsForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"title": _("Call limits")} | kwargs))
