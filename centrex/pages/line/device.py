"""A line's name and device, a part of General: which phone it is on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from centrex.operations.lines import FIELDS, edit_line, read_mac
from centrex.pages.line.section import LineForm
from centrex.queries.sip import phone_models
from selfcare.crud.forms import ActForm
from selfcare.errors import Refused


class DeviceForm(ActForm):
    """The model is one of the list below its field, or any other text."""

    class Meta:
        model = Line
        fields = FIELDS
        labels = {"name": _("Name"), "phone_model": _("IP Phone Model"), "mac": _("MAC address"), "note": _("Note")}
        help_texts = {
            "name": _("What people see when this line calls them, such as Reception."),
            "phone_model": _("Choose one that your telephone company knows, or type another, such as Yealink T46U."),
            "mac": _("Twelve digits on the label below the phone, such as 00:15:65:1a:2b:3c. May stay empty."),
            "note": _("For yourselves, such as where the phone stands."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.models = phone_models()
        self.fields["phone_model"].widget.attrs |= {"list": "phone-models", "autocomplete": "off"}
        self.fields["mac"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        self.fields["mac"].max_length, self.fields["mac"].validators = None, []  # read by clean_mac

    def clean_mac(self) -> str:
        """With whatever stands between the digits."""
        try:
            return read_mac(self.cleaned_data["mac"])
        except Refused as refusal:
            raise ValidationError(str(refusal.message)) from refusal


class Device(LineForm):
    section = "centrex:line"
    intro = _("What the line is called, and the phone that it is on.")
    form_class = DeviceForm
    template_name = "centrex/line/device.html"

    def save(self, form: DeviceForm) -> Line:
        return edit_line(user=self.request.user, line=form.instance, version=form.cleaned_data.get("version"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"title": _("Name and device")} | kwargs))
