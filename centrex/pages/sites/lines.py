"""Which phone lines are at a site: ticked here, they move, several at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from centrex.models import Line, Site
from centrex.operations.sites import move_lines
from centrex.queries.sites import default_site, in_site
from selfcare import formats
from selfcare.crud.forms import ActForm
from selfcare.crud.views import EditPage

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines to tick: the first of them as (line, ticked), and how many there are in all."""

    lines: list[tuple[Line, bool]]
    total: int

    @property
    def are_all(self) -> bool:
        return len(self.lines) == self.total


class LinesForm(ActForm):
    """`put`: lines that come here; `back`: lines of this site that go back to the Default one."""

    put = forms.ModelMultipleChoiceField(queryset=None, required=False, label=_("Other phone lines"))
    back = forms.ModelMultipleChoiceField(queryset=None, required=False, label=_("Phone lines of this site"))

    class Meta:
        model = Site
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = Line.for_customer(self.request.customer).select_related("site", "extension").order_by("account_id")
        here = in_site(self.instance)
        self.fields["put"].queryset = lines.exclude(pk__in=lines.filter(here))
        self.fields["back"].queryset = lines.filter(here)
        if self.instance.is_default:  # there is nowhere to send them back to
            del self.fields["back"]

    def _post_clean(self) -> None:
        """The site itself stays as it is, so its own fields are not checked here."""

    def rows(self, name: str, text: str) -> Rows:
        """The lines of a field that `text` is in the ID or name of, those that are ticked first."""
        ticked = {str(value) for value in self[name].value() or ()}
        lines = self.fields[name].queryset.filter(Q(account_id__contains=text) | Q(name__icontains=text))
        shown = [(line, str(line.pk) in ticked) for line in lines[:SHOWN]]
        return Rows(shown, len(shown) if len(shown) < SHOWN else lines.count())


class Lines(EditPage):
    page = "centrex:sites"
    model = Site
    form_class = LinesForm
    template_name = "centrex/site/lines.html"
    save_label = _("Move the ticked lines")
    intro = _("Tick phone lines and save: they then share the limits of their new site.")

    @transaction.atomic
    def save(self, form: LinesForm) -> Site:
        put, back = form.cleaned_data["put"], form.cleaned_data.get("back") or []
        user, version = self.request.user, form.cleaned_data["version"]
        came = move_lines(user=user, site=self.object, lines=ids(put), version=version)
        default = default_site(self.request.customer)
        went = move_lines(user=user, site=default, lines=ids(back)) if back else []
        for site, moved in ((self.object, came), (default, went)):
            if moved:
                said = ngettext(
                    "%(number)s phone line moved to %(site)s.", "%(number)s phone lines moved to %(site)s.", len(moved)
                )
                messages.info(self.request, said % {"number": formats.number(len(moved)), "site": site})
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form, text = context["form"], self.request.GET.get("text", "").strip().replace("\0", "")[:60]
        words = {"title": _("Phone lines of %(site)s") % {"site": self.object}, "text": text}
        lines = {f"{name}_rows": form.rows(name, text) for name in ("put", "back") if name in form.fields}
        return context | lines | words | {"default_site": default_site(self.request.customer)}


def ids(lines: QuerySet[Line]) -> list[int]:
    return [line.pk for line in lines]
