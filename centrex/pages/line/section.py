"""What the pages of a line share: its menu, and forms over a feature that the line inherits or sets itself."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import BoxMessage, Line
from centrex.operations.features import inherit_feature, save_feature
from centrex.operations.place_features import DEFAULTS
from centrex.pages.company_form import SwitchedForm
from centrex.pages.line.banner import banner_of
from centrex.pages.planned.plannable import Plannable, ShowsPlanned
from centrex.pages.what_if.panel import TriesForm, from_outside, to_outside
from centrex.queries.boxes import unread_of
from centrex.queries.features import SOURCES, effective_of, inherited_of
from centrex.queries.sites import site_of
from centrex.routing.features import Dialing, Effective, Feature, Identity, Music, Source
from selfcare import access
from selfcare.crud.views import EditPage

INHERIT, OWN = "inherit", "own"


@dataclass(frozen=True, slots=True)
class Section:
    """A page of a line by its url name, as the menu shows it."""

    name: str
    label: Promise
    icon: str
    unread: int = 0


# In the order of the menu; a section's page adds its line here.
SECTIONS = (
    Section("centrex:line", _("General"), "info-circle"),
    Section("centrex:line-numbers", _("External Numbers"), "telephone-plus"),
    Section("centrex:line-dialing", _("Dialing Rules"), "grid-3x3-gap"),
    Section("centrex:line-incoming", _("Incoming Calls"), "telephone-inbound"),
    Section("centrex:line-forwarding", _("Forwarding"), "telephone-forward"),
    Section("centrex:line-screening", _("Call Screening"), "funnel"),
    Section("centrex:line-recording", _("Call Recording"), "record-circle"),
    Section("centrex:line-voicemail", _("Voicemail"), "voicemail"),
    Section("centrex:line-faxes", _("Faxes"), "printer"),
    Section("centrex:line-attendant", _("Auto Attendant"), "diagram-2"),
    Section("centrex:line-disa", _("DISA"), "key"),
    Section("centrex:line-barring", _("Call Barring"), "telephone-x"),
    Section("centrex:line-identity", _("Identity"), "person-badge"),
    Section("centrex:line-music", _("Music On Hold"), "music-note-beamed"),
    Section("centrex:line-emergency", _("Emergency Calls"), "hospital"),
)
# The kinds of messages by the section that lists them.
BOXES = {BoxMessage.Kind.VOICE: "centrex:line-voicemail", BoxMessage.Kind.FAX: "centrex:line-faxes"}


class OfLine(ShowsPlanned):
    """Mixed into the pages of a line: `section` is its url name."""

    page = "centrex:lines"
    model = Line
    section: ClassVar[str]

    def get_queryset(self) -> QuerySet[Line]:
        return super().get_queryset().select_related("customer__main_office", "site", "extension")  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = next(each for each in SECTIONS if each.name == self.section)
        line: Line = self.object  # type: ignore[attr-defined]
        sections = [each for each in sections_of(line) if access.may(self.request, access.VIEW, each.name)]  # type: ignore[attr-defined]
        words = {"title": here.label, "line": line, "sections": sections, "section": self.section}
        words |= banner_of(Line.for_customer(line.customer).filter(pk=line.pk))
        return super().get_context_data(**(words | {"back": self.get_back_url()} | kwargs))  # type: ignore[misc]

    def get_back_url(self) -> str:
        """The list of lines; for the user of this one, the line itself."""
        listed = access.may(self.request, access.VIEW, "centrex:lines")  # type: ignore[attr-defined]
        return reverse("centrex:lines") if listed else reverse("centrex:line", args=[self.object.pk])  # type: ignore[attr-defined]


def sections_of(line: Line) -> list[Section]:
    """The menu of a line, with how many messages are new where there is a box."""
    unread = unread_of(line)
    new = {name: unread.get(kind, 0) for kind, name in BOXES.items()}
    return [replace(each, unread=new.get(each.name, 0)) for each in SECTIONS]


class LineForm(TriesForm, OfLine, Plannable, EditPage):
    """A form over a line; who may not change it may still read it. With a `part_name` it can be planned.

    The panel What happens if begins with a call from outside to the line, or one from it where `tries_out`.
    """

    template_name = "centrex/line/section.html"
    saved = _("The settings of the line were saved.")
    always_changes = False
    tries_out: ClassVar[bool] = False

    def usual_call(self) -> dict[str, Any]:
        begin = to_outside if self.tries_out else from_outside
        return begin(self.request.customer, self.object)

    def get_success_url(self) -> str:
        return reverse(self.section, args=[self.object.pk])


class FeatureForm(SwitchedForm):
    """A feature of a line: inherited, or the line's own. Its fields have the names of the feature's values.

    A subclass declares the fields and `feature`; `switchable` features can be off as a whole.
    """

    feature: ClassVar[type[Feature]]
    switchable: ClassVar[bool] = True
    at: ClassVar[Source] = Source.LINE
    own = forms.ChoiceField(label=_("This line"))
    enabled = forms.BooleanField(label=_("On"), required=False)

    class Meta:
        model = Line
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        line = kwargs["instance"]
        self.counts = effective_of(line, self.feature)
        self.inherited = inherited_of(line, self.feature)
        self.says_itself = self.counts.source is self.at
        kept = {name: shown(getattr(self.counts.values, name)) for name in names_of(self.feature)}
        kwargs["initial"] = (
            kept
            | {"own": OWN if self.says_itself else INHERIT, "enabled": self.counts.enabled}
            | kwargs.get("initial", {})
        )
        super().__init__(*args, **kwargs)
        self.fields["own"].choices = own_choices(self.inherited, switchable=self.switchable)
        if not self.switchable:
            del self.fields["enabled"]
        if self.counts.locked_by is not None:
            for field in self.fields.values():
                field.disabled = True
        self.helper.layout = self.layout()

    def facts(self) -> list[tuple[str, str]]:
        """What counts while the line inherits it: label and words of each value; nothing where the feature is off."""
        if not self.counts.enabled:
            return []
        names = [name for name in self.fields if name in names_of(self.feature)]
        return [(str(self.fields[name].label), self.in_words(name)) for name in names]

    def in_words(self, name: str) -> str:
        """The value that counts as the form would show it."""
        value = getattr(self.counts.values, name)
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        chosen = dict(getattr(self.fields[name], "choices", ())).get("" if value is None else value)
        return str(chosen or ("–" if value in (None, "", ()) else value))

    def layout(self) -> Layout:
        """Where the fields stand; those of the feature are shown with its own setting only."""
        switch = ["enabled"] if self.switchable else []
        return Layout(
            HTML("{% include 'centrex/line/counts.html' %}"),
            "own",
            Div(*switch, *self.own_fields(), css_class="switched", data_shown_with="own", data_shown_if=OWN),
            "version",
        )

    def own_fields(self) -> list[Any]:
        """The feature's fields in their order; a subclass may group them."""
        return [name for name in self.fields if name in names_of(self.feature)]

    def clean(self) -> dict[str, Any]:
        """What is typed beside "inherits" does not count, so it cannot be wrong either."""
        cleaned = super().clean()
        if cleaned.get("own") == INHERIT:
            for name in names_of(self.feature):
                self._errors.pop(name, None)
        return cleaned

    @property
    def inherits(self) -> bool:
        """Whether the line says nothing itself, by what was typed."""
        return bool(self.cleaned_data.get("own") == INHERIT)

    def values(self) -> Feature:
        """What was typed, over what the line had; fields that the form does not show keep their value."""
        typed = {name: self.cleaned_data[name] for name in names_of(self.feature) if name in self.cleaned_data}
        return replace(
            self.counts.values, **{name: kept_as(self.feature, name, value) for name, value in typed.items()}
        )

    def labels(self) -> dict[str, str]:
        """The words of the page for the line's history."""
        section = gettext("Comes from")
        return {name: str(field.label) for name, field in self.fields.items()} | {"source": section}


class FeaturePage(LineForm):
    """The page of a feature: `form_class` is its FeatureForm."""

    form_class: type[FeatureForm]

    @property
    def part_name(self) -> str:
        return self.form_class.feature.NAME

    def save(self, form: FeatureForm) -> Line:
        act = self.act(form)
        if form.inherits:
            return inherit_feature(**act, feature=form.feature)
        return save_feature(**act, values=form.values(), enabled=form.cleaned_data.get("enabled", True))

    def act(self, form: FeatureForm) -> dict[str, Any]:
        """What every act on a feature of the line is told."""
        version = form.cleaned_data.get("version")
        return {"user": self.request.user, "line": self.object, "version": version, "labels": form.labels()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | from_where(self.request, self.object, form.counts, form.feature)


# Pages that speak for the company where it has no setting for its lines.
COMPANY_PAGES = {Dialing.NAME: "centrex:dialing", Identity.NAME: "centrex:identity", Music.NAME: "centrex:music"}


def from_where(request: Any, line: Line, counts: Effective[Any], feature: type[Feature]) -> dict[str, Any]:
    """For a page: what counts for the line, the place that it comes from in words, and that place's page, if any."""
    to = ""
    if counts.source is Source.COMPANY and feature.NAME in COMPANY_PAGES:
        to = address_seen(request, COMPANY_PAGES[feature.NAME])
    elif counts.source is Source.COMPANY and feature.NAME in DEFAULTS:
        to = address_seen(request, "centrex:defaults")
    elif counts.source is Source.SITE and feature.NAME in DEFAULTS:
        site = site_of(line)
        to = address_seen(request, "centrex:site-defaults", site.pk)
    return {"counts": counts, "source": SOURCES[counts.source], "source_url": to}


def address_seen(request: Any, name: str, *args: Any) -> str:
    """The address of a page, for who may see it."""
    return reverse(name, args=args) if access.sees(request, name) else ""


def own_of(counts: Effective[Any]) -> str:
    """Whether the line inherits or says it itself, as the field `own` has it."""
    return OWN if counts.source is Source.LINE else INHERIT


def own_choices(inherited: Effective[Any], *, switchable: bool, place: Any = None) -> list[tuple[str, str]]:
    """The choices of the field `own`, with what the line has when it says nothing itself; `place`: where from."""
    state = gettext("on") if inherited.enabled else gettext("off")
    words = gettext("Inherits: %(state)s, from %(place)s") if switchable else gettext("Inherits %(place)s")
    return [
        (INHERIT, words % {"place": place or SOURCES[inherited.source], "state": state}),
        (OWN, gettext("Has its own setting")),
    ]


def names_of(feature: type[Feature]) -> tuple[str, ...]:
    """The names of a feature's values."""
    return tuple(field.name for field in fields(feature))


def shown(value: Any) -> Any:
    """A value as a form field shows it."""
    return list(value) if isinstance(value, tuple) else value


def kept_as(feature: type[Feature], name: str, value: Any) -> Any:
    """A typed value as the feature keeps it."""
    if isinstance(getattr(feature(), name), tuple):
        return tuple(value)
    return value
