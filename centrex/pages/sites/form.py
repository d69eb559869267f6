"""The form of a site."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex.models import Site
from centrex.models.site import BANDWIDTHS, CALL_LIMITS
from centrex.operations.sites import FIELDS, add_site, edit_site
from centrex.queries.sites import lines_of_site
from centrex.routing.bandwidth import Codec, bits_a_second, calls_that_fit
from selfcare import formats
from selfcare.crud.forms import ActForm, beside
from selfcare.crud.views import AddPage, EditPage

HELP = {
    "name": _("What you call the place, such as New York or Field team."),
    "limit_calls": _("Refuse a call while too many others are going on. It protects a slow connection."),
    "max_calls": _("All calls of this site together, such as 10. Empty: no limit."),
    "max_calls_in": _("Calls that reach a phone of this site. Empty: no limit of their own."),
    "max_calls_out": _("Calls made from this site. Empty: no limit of their own."),
    "max_calls_forwarded": _("Calls for a phone of this site that go on to another number. Empty: no limit."),
    "count_internal": _("Without the tick, colleagues who call each other do not use up the limits."),
    "mobility": _(
        "Stationary: a phone that shows up in another country than the current location is looked at as possible "
        "misuse. Roaming: the phones may be used in any country, such as those of travelling colleagues."
    ),
    "country": _("The country where the phones of this site are. Stationary phones are expected there."),
}
WHOSE = {
    "max_bandwidth": _("In kbit/s each way, for all calls together, such as 2000."),
    "max_bandwidth_in": _("In kbit/s each way, for the incoming calls."),
    "max_bandwidth_out": _("In kbit/s each way, for the outgoing calls."),
}


def kbits(codec: Codec) -> str:
    """What one call takes, kbit/s, as the reader writes numbers."""
    return formats.number(Decimal(bits_a_second(codec)) / 1000)


class SiteForm(ActForm):
    class Meta:
        model = Site
        fields = FIELDS
        help_texts = HELP
        widgets = {"mobility": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rates = {codec.value: bits_a_second(codec) for codec in Codec}
        self.fields["codecs"].widget.attrs["data-rates"] = json.dumps(rates)
        self.fields["codecs"].help_text = _(
            "How voices are packed. One call takes %(g711)s kbit/s each way with G.711 or G.722, %(opus)s with Opus "
            "and %(g729)s with G.729. “Whatever the phones agree on” counts as the most of these."
        ) % {"g711": kbits(Codec.G711), "opus": kbits(Codec.OPUS), "g729": kbits(Codec.G729)}
        self.fields["country"].widget.choices = [("", _("Not known")), *list(self.fields["country"].choices)[1:]]
        for name in BANDWIDTHS:
            self.fields[name].help_text = self.with_calls_that_fit(name)
        self.helper.layout = Layout(
            "name",
            Fieldset(
                _("Number of calls"),
                "limit_calls",
                Div(
                    beside(*CALL_LIMITS[:2]),
                    beside(*CALL_LIMITS[2:]),
                    "count_internal",
                    data_shown_with="limit_calls",
                ),
            ),
            Fieldset(_("Connection"), "codecs", *BANDWIDTHS),
            Fieldset(_("Location Information"), "country", "mobility"),
            *(["version"] if "version" in self.fields else []),
        )

    def with_calls_that_fit(self, name: str) -> SafeString:
        """A bandwidth field's help, ending with the calls for which what stands in the field is enough."""
        bound = self.fields[name].get_bound_field(self, name)  # self[name] would keep the help that it finds
        fit = self.calls_that_fit(bound.value())
        return format_html(
            '{} <span data-fits="{}"{}>{} <output>{}</output>.</span>',
            WHOSE[name],
            bound.auto_id,
            SafeString(" hidden") if fit is None else "",
            __("Room for calls at a time:"),
            "" if fit is None else formats.number(fit),
        )

    def calls_that_fit(self, kbits: Any) -> int | None:
        """How many calls of the chosen profile fit what was typed; None when that is no number."""
        text, codec = str(kbits or ""), str(self["codecs"].value())
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and codec in set(Codec)):
            return None
        return calls_that_fit(Codec(codec), int(text))


class Add(AddPage):
    page = "centrex:sites"
    title = _("Add Site")
    intro = _("Afterwards choose which phone lines are there.")
    model = Site
    form_class = SiteForm
    template_name = "centrex/site/form.html"

    def save(self, form: SiteForm) -> Site:
        return add_site(user=self.request.user, site=form.instance)


class Edit(EditPage):
    page = "centrex:sites"
    title = _("Edit Site")
    model = Site
    form_class = SiteForm
    template_name = "centrex/site/form.html"

    def save(self, form: SiteForm) -> Site:
        return edit_site(user=self.request.user, site=form.instance, version=form.cleaned_data.get("version"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"line_count": lines_of_site(self.object).count()} | kwargs))
