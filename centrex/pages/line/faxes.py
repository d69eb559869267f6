"""A line's Faxes: what came in, and where it goes."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _

from centrex.models import BoxMessage, Line
from centrex.operations.boxes import set_fax
from centrex.pages.line.messages import WithMessages
from centrex.pages.line.section import FeatureForm, FeaturePage
from centrex.routing.features import Fax


class FaxForm(FeatureForm):
    feature = Fax
    fax_only = forms.BooleanField(
        label=_("Fax only mode"),
        required=False,
        help_text=_(
            "Every call is answered with the fax tone at once, and the phone never rings. Off: the voicemail box hears "
            "that a fax calls, so Voicemail has to be on."
        ),
    )
    name = forms.CharField(
        label=_("Fax box name"),
        max_length=40,
        required=False,
        help_text=_("What mails about faxes call this box, such as Orders."),
    )
    action = forms.ChoiceField(
        label=_("Action"),
        choices=[
            ("copy", _("Copy: the fax is attached to a mail, and stays in the box")),
            ("forward", _("Forward: the fax is attached to a mail, and leaves the box")),
            ("notify", _("Notify: a mail says that a fax came")),
        ],
        help_text=_("What happens when a fax came. Copy without an address: it lies in the box, and no mail is sent."),
    )
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("Where the mail goes, such as orders@example.com.")
    )
    file_format = forms.ChoiceField(
        label=_("Format"),
        choices=[("pdf", _("Multipage PDF")), ("tiff", _("Multipage TIFF"))],
        help_text=_("What is attached to mails. A TIFF is kept beside the PDF, so such faxes take more room."),
    )

    def own_fields(self) -> list[Any]:
        return ["fax_only", Fieldset(_("Received faxes"), "name", "action", "email", "file_format")]


class Faxes(WithMessages, FeaturePage):
    section = "centrex:line-faxes"
    intro = _("Faxes that this line receives, and where they go.")
    kind = BoxMessage.Kind.FAX
    form_class = FaxForm
    template_name = "centrex/line/faxes.html"

    def save(self, form: FaxForm) -> Line:
        values = None if form.inherits else form.values()
        return set_fax(**self.act(form), values=values, enabled=form.cleaned_data["enabled"])
