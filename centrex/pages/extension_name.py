"""Recorded Name: the customer uploads or records the name that callers of the directory hear for an extension."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex import tasks
from centrex.models import Extension
from centrex.operations.sounds import remove_recorded_name, set_recorded_name
from centrex.pages.sounds import SoundField
from selfcare.crud.forms import ActForm
from selfcare.crud.views import DeletePage, EditPage


class RecordedNameForm(ActForm):
    file = SoundField(label=_("Upload a file"), longest=_("30 seconds"))

    class Meta:
        model = Extension
        fields = ()


class Edit(EditPage):
    page = "centrex:extensions"
    intro = _("Callers who look for a person by name hear this. Say first and last name, and nothing else.")
    model = Extension
    form_class = RecordedNameForm
    template_name = "centrex/extension/name.html"
    save_label = _("Save recorded name")
    saved = _("The recorded name of “%(record)s” was saved.")

    def get_queryset(self) -> QuerySet[Extension]:
        return super().get_queryset().select_related("recorded_name")

    def save(self, form: RecordedNameForm) -> Extension:
        extension = set_recorded_name(
            user=self.request.user,
            extension=self.object,
            version=form.cleaned_data.get("version"),
            file=form.cleaned_data["file"],
            now=timezone.now(),
        )
        tasks.convert_soon(extension.recorded_name_id)
        return extension

    def get_success_url(self) -> str:
        return reverse("centrex:extension-name", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = _("Recorded Name of %(extension)s") % {"extension": self.object}
        return super().get_context_data(**({"title": title} | kwargs))


class Remove(DeletePage):
    page = "centrex:extensions"
    title = _("Remove Recorded Name")
    model = Extension
    template_name = "centrex/extension/name_remove.html"
    saved = _("The recorded name of “%(record)s” was removed.")

    def save(self, form: Any) -> None:
        remove_recorded_name(user=self.request.user, extension=self.object)
