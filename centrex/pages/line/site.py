"""A line's site: the customer says where one phone is."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from centrex.operations.sites import move_line
from centrex.pages.what_if.panel import TriesForm, from_outside
from centrex.queries.sites import default_site
from selfcare.crud.forms import ActForm
from selfcare.crud.views import EditPage


class SiteForm(ActForm):
    class Meta:
        model = Line
        fields = ("site",)
        labels = {"site": _("Site")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, default = self.fields["site"], default_site(self.request.customer)
        field.queryset = field.queryset.exclude(pk=default.pk)
        field.empty_label = str(default)
        field.help_text = _("The place where the phone is. Its calls count in the limits of this site.")


class Choose(TriesForm, EditPage):
    page = "centrex:lines"
    title = _("Site of the phone line")
    model = Line
    form_class = SiteForm

    def get_queryset(self) -> QuerySet[Line]:
        return super().get_queryset().select_related("site")

    def usual_call(self) -> dict[str, Any]:
        return from_outside(self.request.customer, self.object)

    def save(self, form: SiteForm) -> Line:
        version, site = form.cleaned_data.get("version"), form.cleaned_data["site"]
        return move_line(user=self.request.user, line=self.object, site=site, version=version)

    def get_success_url(self) -> str:
        return reverse("centrex:line", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"intro": str(self.object), "back": self.get_success_url()}
        return super().get_context_data(**(words | kwargs))
