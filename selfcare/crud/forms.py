"""What every form of the portal shares: own rows only, version check, errors that say what to do."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div
from django import forms
from django.forms.models import ModelChoiceField
from django.urls import reverse
from django.utils.html import format_html

from selfcare import access
from selfcare.errors import Refused
from selfcare.models import Versioned


def beside(*names: str) -> Div:
    """Fields side by side where there is room."""
    return Div(*(Div(name, css_class="col-sm") for name in names), css_class="row")


class PortalForm:
    """Mixed into forms: knows request and page, narrows choices to the customer, locks read-only fields."""

    def __init__(self, *args: Any, request: Any, page: str, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for field in self.fields.values():
            if isinstance(field, ModelChoiceField) and hasattr(field.queryset, "for_customer"):
                field.queryset = field.queryset.for_customer(request.customer)
        for name in access.read_only_fields(request, page) & set(self.fields):
            self.fields[name].disabled = True  # Django ignores what is posted for a disabled field

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal of the act at its field, or at the top."""
        self.add_error(refusal.field if refusal.field in self.fields else None, linked(self.request, refusal))


def linked(request: Any, refusal: Refused) -> str:
    """The message of a refusal, with a link to what it names where this user may open that."""
    message, link = str(refusal.message), refusal.link
    if link is None or not access.sees(request, link.page):
        return message
    before, words, after = message.partition(link.words)
    return format_html('{}<a href="{}">{}</a>{}', before, reverse(link.name, args=link.args), words, after)


class CustomerModelForm(PortalForm, forms.ModelForm):
    """A form over a record of the customer; sets `customer` on a new one and keeps it in constraint checks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.instance, Versioned) and self.instance.pk:
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=self.instance.version
            )
        if self.instance.pk is None and hasattr(type(self.instance), "customer"):
            self.instance.customer = self.request.customer

    def _get_validation_exclusions(self) -> set[str]:
        """A ModelForm leaves `customer` out of its constraint checks, so a duplicate name would end in a 500."""
        return super()._get_validation_exclusions() - {"customer"}

    def take_current_version(self) -> None:
        """After a refusal as outdated: let the next Save, made in knowledge of the change, go through."""
        current = type(self.instance)._base_manager.values_list("version", flat=True).get(pk=self.instance.pk)
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = current


class ActForm(CustomerModelForm):
    """A form whose act checks under its lock what must be unique, and says in better words what is in the way."""

    def validate_unique(self) -> None:
        """Left to the act."""

    def _get_validation_exclusions(self) -> set[str]:
        """What is unique for the customer is left to the act as well."""
        return super()._get_validation_exclusions() | {"customer"}


class DeleteForm(PortalForm, forms.Form):
    """The empty form behind a "Delete" button; a refusal of the act stands at its top."""

    def __init__(self, *args: Any, instance: Any, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class FilterForm(forms.Form):
    """A GET form above a list; a subclass says in `filter` what its fields do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            is_select = isinstance(field.widget, forms.Select)
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs.setdefault("class", "form-select" if is_select else "form-control")
