"""Countries Called: the main office says which countries its phones can call beside the company's own."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from centrex.models import CalledCountries as CalledCountriesRow
from centrex.operations.countries import save_countries
from centrex.pages.company_form import SwitchedForm
from centrex.queries.countries import name_of, row_of, to_choose
from selfcare.crud.password import PasswordAgain, given_again
from selfcare.crud.views import SettingsPage


class CountriesForm(SwitchedForm):
    """Every country, or those that are ticked; the password is asked for when there are more of them."""

    countries = forms.MultipleChoiceField(
        label=_("These countries"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick those that you call, such as Canada. Your own country needs no tick."),
    )
    password = PasswordAgain()

    class Meta:
        model = CalledCountriesRow
        fields = ("everywhere", "countries")
        help_texts = {"everywhere": _("Easier, but then a thief of a password has more to choose from.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["countries"].choices = to_choose(self.instance.countries)
        chosen = Div("countries", css_class="countries")
        asked = ["password"] if self.is_bound and self.data.get("password") else []
        self.helper.layout = Layout("everywhere", chosen, *asked, *(["version"] if "version" in self.fields else []))

    def refuse(self, refusal: Any) -> None:
        if refusal.field == "password" and "password" not in self.helper.layout.fields:
            self.helper.layout.append("password")
        super().refuse(refusal)


class CalledCountries(SettingsPage):
    page = "centrex:countries"
    title = _("Countries Called")
    intro = _("Which countries your phones can call beside your own. Emergency calls always work.")
    model = CalledCountriesRow
    form_class = CountriesForm
    template_name = "centrex/company/countries.html"

    def get_object(self, queryset: Any = None) -> CalledCountriesRow:
        return row_of(self.request.customer.office)

    def save(self, form: CountriesForm) -> CalledCountriesRow:
        values = form.cleaned_data
        return save_countries(
            user=self.request.user,
            customer=self.request.customer,
            everywhere=values["everywhere"],
            countries=values["countries"],
            version=values.get("version"),
            confirmed=given_again(self.request, values["password"]),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        office = self.request.customer.office
        words = {"home": office.country.name, "chosen": sorted(map(name_of, row_of(office).countries))}
        return super().get_context_data(**(words | kwargs))
