"""Dialing Rules: the customer says how people at his place dial, from a sample or in his own words."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from centrex.models import DialingRules
from centrex.operations.dialing import mistakes_in, save_dialing_rules
from centrex.pages.dialing.check import CheckForm, answers
from centrex.pages.what_if.panel import TriesForm
from centrex.queries.codes import codes_of
from centrex.queries.dialing import as_rules, internal_of, row_of
from centrex.routing.dialing.samples import SAMPLES, Sample
from selfcare.crud.forms import ActForm, beside
from selfcare.crud.views import READING, SettingsPage

SAMPLE_NAMES: dict[str, Promise] = {
    "us-wa-10": _("North America, WA, 10 digit dialing"),
    "us-wa-7": _("North America, WA, 7 digit dialing"),
    "ca-bc-10": _("North America, BC, 10 digit dialing"),
    "gb-london": _("Europe, United Kingdom, London"),
    "de-berlin": _("Europe, Germany, Berlin"),
    "nl-amsterdam": _("Europe, Netherlands, Amsterdam"),
    "fr": _("Europe, France, 10 digits everywhere"),
    "es": _("Europe, Spain, 9 digits everywhere"),
    "it": _("Europe, Italy, area code always dialled"),
    "cz": _("Europe, Czech Republic, 9 digits everywhere"),
    "ua-kyiv": _("Europe, Ukraine, Kyiv"),
    "au-sydney": _("Australia, Sydney"),
    "jp-tokyo": _("Asia, Japan, Tokyo"),
    "br-sao-paulo": _("South America, Brazil, São Paulo, with carrier codes"),
}
HELP: dict[str, Promise] = {
    "enabled": _("Off: people dial the whole number with its country code, such as 12125550150."),
    "kind": _("Choose an office if people dial a digit such as 9 or 0 for an outside line first."),
    "name": _("For yourself, such as Seattle office."),
    "country_code": _("What others dial to reach your country, such as 1 or 49."),
    "area_codes": _(
        "The first is added when somebody dials a local number; more than one with commas, such as 206, 425."
    ),
    "always_area": _("For places where a call next door needs the area code, too, such as 206 555 0150."),
    "local_lengths": _("How many digits it has without the area code, such as 7. Several with commas: 6, 7, 8."),
    "national_lengths": _(
        "How many digits it has with the area code but without prefixes, such as 10. Empty: any number."
    ),
    "international_prefix": _("What people dial before the code of another country, such as 011 or 00."),
    "long_distance_prefix": _(
        "What people dial before another area code, such as 1 or 0. Empty where there is no such digit."
    ),
    "outside_prefix": _("The digit for an outside line, such as 9. Empty: none is needed."),
    "carrier_codes": _("Only where callers choose a carrier for each call, as in Brazil: 21, 31. Else leave it empty."),
    "nationwide": _("Numbers that the whole country dials alike; x is any digit, such as 13xxxx or 1800xxxxxx."),
    "exceptions": _(
        "Never changed, and dialled with or without the outside prefix; x is any digit, such as 911, 988, 116xxx. "
        "Your country's emergency numbers always belong to them, whether you list them or not."
    ),
    "custom_rule": _(
        "Substitutions as in Perl, one after the other, that turn the digits into an international number: "
        "s/^00//; s/^0/49/;"
    ),
    "translate_cli_out": _("When a phone sends its own number as it is dialled here, such as 555 0150."),
    "translate_cli_in": _("A call from +1 206 555 0150 shows the number that you would dial to call back."),
    "translate_cld_in": _("The same for the number of yours that was called."),
}


class DialingForm(ActForm):
    class Meta:
        model = DialingRules
        fields = (
            "enabled", "name", "kind", "country_code", "area_codes", "always_area", "local_lengths", "national_lengths",
            "international_prefix", "long_distance_prefix", "outside_prefix", "carrier_codes", "nationwide",
            "exceptions", "custom_rule", "translate_cli_out", "translate_cli_in", "translate_cld_in",
        )  # fmt: skip
        help_texts = HELP
        widgets = {"custom_rule": forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Rules that were never saved are versioned as well: two people may begin them at the same time.
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=self.instance.version
        )
        self.helper.layout = Layout(
            Fieldset("", "enabled", "kind", "name"),
            Fieldset(_("Where you are"), beside("country_code", "area_codes"), "always_area",
                     beside("local_lengths", "national_lengths"), css_class="for-plan"),
            Fieldset(_("Prefixes"), beside("international_prefix", "long_distance_prefix"),
                     Field("outside_prefix", wrapper_class="for-office"), "carrier_codes", css_class="for-plan"),
            Fieldset(_("Custom Rule"), "custom_rule", css_class="for-custom"),
            Fieldset(_("Special numbers"), "exceptions", Field("nationwide", wrapper_class="for-plan")),
            Fieldset(_("The numbers on the display"), "translate_cli_out", "translate_cli_in", "translate_cld_in"),
            "version",
        )  # fmt: skip

    @property
    def row(self) -> DialingRules:
        """The rules by which the panel checks numbers."""
        return self.instance

    def _post_clean(self) -> None:
        """All that the act would refuse one by one is said at once; the number space is left to the act."""
        super()._post_clean()
        if self.errors:
            return  # what is not even written as it should be cannot be compared
        for field, message in mistakes_in(self.instance).items():
            self.add_error(field, message)

    def take_current_version(self) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = row_of(self.request.customer).version


def fill(row: DialingRules, sample: Sample) -> None:
    """Put a sample's habits into a record; whether and how one reaches an outside line stays as it is."""
    rules = sample.rules
    row.enabled, row.name = True, str(SAMPLE_NAMES[sample.key])
    row.kind = DialingRules.Kind.RESIDENTIAL if row.kind == DialingRules.Kind.CUSTOM else row.kind
    row.country_code, row.long_distance_prefix = rules.country_code, rules.long_distance_prefix
    row.always_area = rules.always_area
    row.international_prefix = ", ".join(rules.international_prefixes)
    row.area_codes, row.carrier_codes = ", ".join(rules.area_codes), ", ".join(rules.carrier_codes)
    row.nationwide, row.exceptions = ", ".join(rules.nationwide), ", ".join(rules.exceptions)
    row.local_lengths = ", ".join(map(str, rules.local_lengths))
    row.national_lengths = ", ".join(map(str, rules.national_lengths))


class Checked:
    """Mixed into a page over rules: a sample loaded into its form, and the panel that checks what stands in it.

    "Check" sends the same form as "Save" and saves nothing. Who may only read checks the saved rules, by GET. The page
    gives `saved_row`, the record of the rules that count now.
    """

    request: HttpRequest
    template_name: str

    @property
    def sample(self) -> Sample | None:
        """The sample that was asked for; looking at it saves nothing."""
        return SAMPLES.get(self.request.GET.get("sample", "")) if self.request.method in READING else None

    def row_to_begin_with(self) -> DialingRules:
        """What the form shows before anything is typed."""
        row = self.saved_row()
        if self.sample:
            fill(row, self.sample)
        return row

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.checked() if is_live(request) else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.checked() if request.POST.get("do") == "check" else super().post(request, *args, **kwargs)

    def checked(self) -> HttpResponse:
        """The answers for what stands in the form: alone for htmx, else on the whole page."""
        self.object = self.get_object()
        context = self.get_context_data(form=self.get_form(), was_checked=True)
        name = "centrex/dialing/answers.html" if is_live(self.request) else self.template_name
        return self.response_class(self.request, [name], context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        is_clear = not form.is_bound or form.is_valid()  # which also puts what was typed into the record
        rules = as_rules(form.row if is_clear else self.saved_row())
        check = CheckForm(self.request.POST if self.request.method == "POST" else self.request.GET, rules=rules)
        numbers = check.numbers if is_clear else []
        customer = self.request.customer
        found = answers(rules, numbers, internal_of(customer).get, codes_of(customer.office.company_settings))
        samples = [(key, name, bool(self.sample and self.sample.key == key)) for key, name in SAMPLE_NAMES.items()]
        return context | {
            "check": check, "answers": found, "is_clear": is_clear, "samples": samples, "sample": self.sample,
        }  # fmt: skip


class Rules(Checked, TriesForm, SettingsPage):
    page = "centrex:dialing"
    form_id = "dialing"
    title = _("Dialing Rules")
    intro = _("Let people dial as they are used to; the system makes the international number of it.")
    model = DialingRules
    form_class = DialingForm
    template_name = "centrex/dialing/rules.html"
    saved = _("Your dialing rules were saved.")

    def saved_row(self) -> DialingRules:
        return row_of(self.request.customer)

    def get_object(self, queryset: Any = None) -> DialingRules:
        return self.row_to_begin_with()

    def save(self, form: DialingForm) -> DialingRules:
        version = form.cleaned_data.get("version")
        return save_dialing_rules(user=self.request.user, rules=form.instance, version=version)


def is_live(request: HttpRequest) -> bool:
    """Whether htmx asks for the answers alone."""
    return request.headers.get("HX-Request") == "true"
