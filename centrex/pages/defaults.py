"""Defaults for lines: what the lines of the company, or of one site, have that say nothing themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from centrex.models import FeatureSetting, Site
from centrex.operations.place_features import DEFAULTS, set_default
from centrex.pages.line.barring import BarringForm
from centrex.pages.line.incoming import IncomingForm
from centrex.pages.line.limits import LimitsForm
from centrex.pages.line.recording import RecordingForm
from centrex.pages.line.section import INHERIT, OWN, FeatureForm, own_choices
from centrex.queries.features import SOURCES, effective_of, own_row
from centrex.routing.features import Effective, Source
from selfcare.crud.history import last_of
from selfcare.crud.password import given_again
from selfcare.crud.views import DetailPage, EditPage
from selfcare.models import Customer


class OfPlace:
    """Mixed into the form of a feature: over a site or a company; its version is that of the place's own setting."""

    own = forms.ChoiceField(label=_("Lines here"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        place = kwargs["instance"]
        self.at = Source.SITE if isinstance(place, Site) else Source.COMPANY
        super().__init__(*args, **kwargs)
        self.kept_in = row = own_row(place, self.feature.NAME)  # type: ignore[attr-defined]
        # The pages of the company speak for it too; only a row of its own is a setting for lines.
        self.says_itself = row is not None and self.counts.locked_by is None  # type: ignore[attr-defined]
        self.initial["own"] = OWN if self.says_itself else INHERIT  # type: ignore[attr-defined]
        self.fields["own"].choices = own_choices(  # type: ignore[attr-defined]
            self.inherited,  # type: ignore[attr-defined]
            switchable=self.switchable,  # type: ignore[attr-defined]
            place=from_where(place, self.inherited, own=False),  # type: ignore[attr-defined]
        )
        self.fields["version"] = forms.IntegerField(  # type: ignore[attr-defined]
            widget=forms.HiddenInput, required=False, initial=row.version if row else 0
        )

    def take_current_version(self) -> None:
        """After a refusal as outdated: let the next Save, made in knowledge of the change, go through."""
        row = own_row(self.instance, self.feature.NAME)  # type: ignore[attr-defined]
        self.data = self.data.copy()  # type: ignore[has-type]
        self.data["version"] = row.version if row else 0


def of_place(form: type[FeatureForm]) -> type[FeatureForm]:
    """The form of a line's section for the lines of a place."""
    return type(f"{form.__name__}OfPlace", (OfPlace, form), {"own": OfPlace.own})


FORMS = {each.feature.NAME: of_place(each) for each in (IncomingForm, LimitsForm, RecordingForm, BarringForm)}


def from_where(place: Site | Customer, counts: Effective[Any], *, own: bool) -> Promise:
    """Where what counts at a place comes from; a company that says nothing itself has it of its telephone company."""
    if isinstance(place, Customer) and counts.source is Source.COMPANY and not own:
        return _("your telephone company")
    return _("this site") if own and isinstance(place, Site) else SOURCES[counts.source]


@dataclass(frozen=True, slots=True)
class Row:
    """A feature in the list: what counts at the place, and where it comes from."""

    label: str
    to: str
    counts: Effective[Any]
    source: Promise


class OfCompany:
    """Mixed into the pages of the company's defaults."""

    page = "centrex:defaults"
    model = Customer

    def get_object(self, queryset: Any = None) -> Customer:
        return self.request.customer  # type: ignore[attr-defined]

    def address(self, feature: str = "") -> str:
        return reverse("centrex:default", args=[feature]) if feature else reverse("centrex:defaults")

    @property
    def intro_of_place(self) -> Promise | str:
        return _("What your lines do where neither the line nor its site has a setting of its own.")


class OfSite:
    """Mixed into the pages of a site's defaults."""

    page = "centrex:sites"
    model = Site

    def get_queryset(self) -> QuerySet[Site]:
        return super().get_queryset().select_related("customer__main_office")  # type: ignore[misc]

    def address(self, feature: str = "") -> str:
        pk = self.kwargs["pk"]  # type: ignore[attr-defined]
        return (
            reverse("centrex:site-default", args=[pk, feature])
            if feature
            else reverse("centrex:site-defaults", args=[pk])
        )

    @property
    def intro_of_place(self) -> Promise | str:
        return _("What the lines of this site do where they have no setting of their own.")


class Listed(DetailPage):
    """The features with what counts at the place."""

    title = _("Defaults for lines")
    template_name = "centrex/defaults/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        labels, place = dict(FeatureSetting.Name.choices), self.object
        rows = []
        for name, feature in DEFAULTS.items():
            counts = effective_of(place, feature)
            own = own_row(place, name) is not None and counts.locked_by is None
            rows.append(Row(labels[name], self.address(name), counts, from_where(place, counts, own=own)))
        words = {"rows": rows, "intro": self.intro_of_place}
        back = reverse("centrex:sites") if isinstance(place, Site) else ""
        return super().get_context_data(**(words | {"back": back} | kwargs))


class Change(EditPage):
    """One feature; who may not change it may still read it."""

    template_name = "centrex/line/section.html"
    saved = _("The default was saved. Lines with a setting of their own keep it.")
    always_changes = False

    @property
    def feature(self) -> str:
        """The feature in the address; 404 for one that has no defaults."""
        if self.kwargs["feature"] not in FORMS:
            raise Http404
        return self.kwargs["feature"]

    def get_form_class(self) -> type[FeatureForm]:
        return FORMS[self.feature]

    def save(self, form: FeatureForm) -> FeatureSetting | None:
        """The place's setting is what was saved, so that its Undo stands in the message."""
        return set_default(
            user=self.request.user,
            place=self.object,
            version=form.cleaned_data.get("version"),
            feature=form.feature,
            values=None if form.inherits else form.values(),
            enabled=form.cleaned_data.get("enabled", True),
            labels=form.labels(),
            confirmed=given_again(self.request, form.cleaned_data.get("password", "")),
        )

    def get_success_url(self) -> str:
        return self.address()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = dict(FeatureSetting.Name.choices)[self.feature]
        place = self.object
        context = super().get_context_data(**({"back": self.address()} | kwargs))
        form = context["form"]
        counts, kept = form.counts, form.kept_in
        context["history"] = last_of(self.request, kept, self.page) if kept else None
        head = {"title": _("Defaults for lines: %(feature)s") % {"feature": label}}
        intro = str(place) if isinstance(place, Site) else self.intro_of_place
        source = from_where(place, counts, own=form.says_itself)
        return context | head | {"intro": intro, "counts": counts, "source": source, "source_url": ""}


class CompanyList(OfCompany, Listed):
    pass


class CompanyChange(OfCompany, Change):
    pass


class SiteList(OfSite, Listed):
    pass


class SiteChange(OfSite, Change):
    def get_object(self, queryset: Any = None) -> Site:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
