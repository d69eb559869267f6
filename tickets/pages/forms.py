"""What the forms of tickets share: the text, and several files at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.uploads import ACCEPT, MAX_FILES, TYPES, Upload, checked

TEXT_LENGTH = 20_000


class FilesInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Gives a list of Upload; every file that cannot be taken is named, not only the first."""

    widget = FilesInput

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Attachments"), required=False, widget=FilesInput({"accept": ACCEPT}))

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """With the limits of this installation under it."""
        self.help_text = _("Up to %(files)s files of %(size)s each: %(types)s.") % {
            "files": MAX_FILES,
            "size": filesizeformat(settings.ATTACHMENT_MAX_BYTES),
            "types": ", ".join(TYPES),
        }
        return super().get_bound_field(form, field_name)

    def clean(self, data: Sequence[UploadedFile] | None, initial: Any = None) -> list[Upload]:
        files = list(data or [])
        if len(files) > MAX_FILES:
            raise ValidationError(_("At most %(most)s files can be attached.") % {"most": MAX_FILES})
        taken: list[Upload] = []
        refusals: list[ValidationError] = []
        for file in files:
            try:
                taken.append(checked(file))
            except ValidationError as refusal:
                refusals.append(refusal)
        if refusals:
            raise ValidationError(refusals)
        return taken


class MessageFields(forms.Form):
    """The text and the files of a message."""

    text = forms.CharField(
        label=gettext_lazy("Message"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 8})
    )
    files = FilesField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors and self.files:
            self.add_error("files", _("Please choose your files again; your browser does not keep them."))
        return cleaned
