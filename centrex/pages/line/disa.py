"""A line's DISA: who may call it from outside and call on at its expense, with which PIN, and how much."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from centrex.models.attendant import spoken_languages
from centrex.operations.disa import save_disa, unlock
from centrex.pages.line.section import OWN, FeatureForm, FeaturePage
from centrex.pages.typed_number import typed_number
from centrex.queries.disa import seen_of
from centrex.queries.identity import numbers_to_show
from centrex.routing.disa import loosened
from centrex.routing.features import Disa as DisaFeature
from centrex.routing.features import Effective, Source
from selfcare import formats
from selfcare.crud.forms import beside
from selfcare.crud.password import PasswordAgain, given_again

TONES = (("dialtone", _("A dial tone")), ("ringing", _("A ringing tone, so that nobody hears what it is")))
MOST_CALLERS = 50


class DisaForm(FeatureForm):
    feature = DisaFeature
    opens = False  # whether a thief would have it easier afterwards
    numbers = forms.MultipleChoiceField(
        label=_("Access numbers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Calls from outside to these numbers are answered by DISA and ring no phone. None: all numbers."),
    )
    pin = forms.CharField(
        label=_("PIN"),
        required=False,
        max_length=6,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
        help_text=_("Six digits that nobody guesses, such as 306184. It is never shown again. Empty: as it was."),
    )
    callers = forms.CharField(
        label=_("Callers that it serves"),
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One number a line, such as +1 917 555 0123; a colleague's mobile. Empty: everybody with the PIN."),
    )
    fallback = forms.CharField(
        label=_("Other callers go to"),
        required=False,
        max_length=20,
        help_text=_("An extension, such as 210, for callers that it does not serve. Empty: they are refused."),
    )
    tone = forms.ChoiceField(label=_("After the call is answered"), choices=TONES)
    retries = forms.IntegerField(
        label=_("Tries for the PIN in one call"), min_value=1, max_value=5, help_text=_("Usually 3.")
    )
    lock_after = forms.IntegerField(
        label=_("Locked after wrong PINs in a row"),
        min_value=3,
        max_value=20,
        help_text=_("Over all calls, usually 5. You unlock it on this page."),
    )
    digit_seconds = forms.IntegerField(
        label=_("Seconds to wait for the next digit"), min_value=2, max_value=20, help_text=_("Usually 5.")
    )
    max_digits = forms.IntegerField(
        label=_("Digits of a number at most"),
        min_value=3,
        max_value=20,
        help_text=_("15 are enough for every country, with a prefix a few more."),
    )
    number = forms.ChoiceField(
        label=_("Number that the called person sees"),
        required=False,
        help_text=_("The line's own, or another number of your company."),
    )
    obey_barring = forms.BooleanField(
        label=_("These calls obey Call Barring"),
        required=False,
        help_text=_("Leave it on: what this line cannot call, a thief cannot call through it either."),
    )
    daily_cap = forms.DecimalField(
        label=_("Spend at most in a day"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        help_text=_("After that no more calls until midnight. Empty: no limit of its own."),
    )
    language = forms.ChoiceField(label=_("Language of its voice"), required=False)
    password = PasswordAgain()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        line = kwargs["instance"]
        kwargs["initial"] = kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.initial["callers"] = "\n".join(formats.phone(number) for number in self.counts.values.callers)
        own = [line.account_id, *line.dids.values_list("number", flat=True)]
        kept = [number for number in self.counts.values.numbers if number not in own]
        self.fields["numbers"].choices = [
            (number, formats.phone(number)) for number in dict.fromkeys([*own, *kept]) if number.isdigit()
        ]
        self.fields["number"].choices = numbers_to_show(line)
        self.fields["language"].choices = spoken_languages()

    def layout(self) -> Layout:
        kept = HTML("{% include 'centrex/line/disa_kept.html' %}")
        who = ("numbers", "pin", kept, "callers", "fallback")
        pairs = (("tone", "language"), ("retries", "lock_after"), ("digit_seconds", "max_digits"))
        own = ("enabled", *who, *(beside(*pair) for pair in pairs), "number", "daily_cap", "obey_barring")
        return Layout(
            HTML("{% include 'centrex/line/counts.html' %}"),
            "own",
            Div(*own, css_class="switched", data_shown_with="own", data_shown_if=OWN),
            "version",
        )

    def in_words(self, name: str) -> str:
        value = getattr(self.counts.values, name)
        if isinstance(value, tuple):
            return ", ".join(map(formats.phone, value)) or gettext("All")
        return super().in_words(name)

    def clean_callers(self) -> list[str]:
        """The numbers as calls bring them: E.164 without the plus."""
        country = str(self.instance.customer.country)
        found = []
        for text in self.cleaned_data["callers"].replace(",", "\n").splitlines():
            number = typed_number(text, country)
            if number is None:
                raise forms.ValidationError(gettext("%(text)s is no phone number.") % {"text": text.strip()})
            found += [number] if number else []
        if len(found) > MOST_CALLERS:
            raise forms.ValidationError(gettext("There can be at most %(most)s numbers.") % {"most": MOST_CALLERS})
        return list(dict.fromkeys(found))

    def clean_daily_cap(self) -> str:
        cap = self.cleaned_data["daily_cap"]
        return "" if cap is None else str(cap)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and self.counts.locked_by is None:
            self.opens = loosened(self.counts, self.wanted())
            if self.opens:
                self.helper.layout.append("password")
        return cleaned

    def wanted(self) -> Effective[DisaFeature]:
        """What would count after this form; a new PIN is not hashed here, only known to be another."""
        if self.inherits:
            return self.inherited
        values = replace(self.values(), pin_hash="another") if self.cleaned_data["pin"] else self.values()
        return Effective(self.cleaned_data["enabled"], values, Source.LINE)


class Disa(FeaturePage):
    section = "centrex:line-disa"
    template_name = "centrex/line/disa.html"
    intro = _("Call one of this line's numbers from your mobile, enter a PIN, and call on at the line's expense.")
    form_class = DisaForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "unlock" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.object = self.get_object()
        unlock(user=request.user, line=self.object)
        messages.success(request, gettext("DISA is unlocked."))
        return redirect(self.get_success_url())

    def save(self, form: DisaForm) -> Line:
        values = None if form.inherits else form.values()
        confirmed = form.opens and given_again(self.request, form.cleaned_data["password"])
        enabled, pin = form.cleaned_data["enabled"], form.cleaned_data["pin"]
        return save_disa(**self.act(form), values=values, pin=pin, enabled=enabled, confirmed=confirmed)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        counts: Effective[DisaFeature] = context["counts"]
        return context | {"seen": seen_of(self.object, counts.values), "has_pin": bool(counts.values.pin_hash)}
