"""What the forms over the company's settings share: fields that only matter while a switch is on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.layout import Div
from django.forms import CheckboxInput

from selfcare.crud.forms import ActForm


def shown_with(switch: str, *names: str, value: str = "on") -> Div:
    """Fields side by side, shown while the field `switch` has `value`; without JavaScript always."""
    columns = (Div(name, css_class="col-sm-6") for name in names)
    return Div(*columns, css_class="row switched", data_shown_with=switch, data_shown_if=value)


class SwitchedForm(ActForm):
    """`depends` maps a switch to the value that it is on with and the fields that only matter then.

    What is typed in a field that does not matter is not looked at: what was kept stays kept.
    """

    depends: ClassVar[Mapping[str, tuple[Any, tuple[str, ...]]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, CheckboxInput):
                field.widget.attrs |= {"role": "switch"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for switch, (on, names) in self.depends.items():
            if cleaned.get(switch) == on:
                continue
            for name in names:
                self._errors.pop(name, None)
                cleaned[name] = self.get_initial_for_field(self.fields[name], name)
        return cleaned
