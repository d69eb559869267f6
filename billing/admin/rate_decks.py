"""A price list for a tariff: uploaded, compared price by price, and applied from a day on, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import RateDeck, Tariff
from billing.operations.rates import Difference, Kind, RateChanges, apply_deck, difference_of, keep_deck
from selfcare import export, formats
from selfcare.admin.acts import Act

SHOWN = 100
KINDS = {
    Kind.RAISED: _("Raised"),
    Kind.LOWERED: _("Lowered"),
    Kind.NEW: _("New"),
    Kind.ENDED: _("Ended"),
    Kind.CHANGED: _("Same price, other name or intervals"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one kind, as many as a page can bear."""

    title: str | Promise
    count: int
    rows: list[Difference]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


class DeckForm(forms.Form):
    """The file, and from when on its prices hold."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A price list as CSV or XLSX, up to 20 MB. It needs a column of prefixes (such as 4930) or of"
            " destinations (such as Germany, mobile), and one of prices a minute (such as 0.025)."
        ),
    )
    effective = forms.DateField(
        label=_("Effective from"),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))],
        help_text=_("The prices begin at midnight of this day, such as 2026-03-01; a date in the list goes before it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ApplyForm(forms.Form):
    """What was seen, and whether the rejected rows may be left out."""

    seen = forms.CharField(widget=forms.HiddenInput)
    without_rejected = forms.BooleanField(
        label=_("Apply without the rejected rows"),
        required=False,
        help_text=_("Prices that the list does not name then stay as they are, so that no call falls to a wrong one."),
    )


class UploadDeck(Act):
    """The first step: the file is read and kept for a day; no price changes yet."""

    permission = "billing.change_rate"
    model = Tariff
    form_class = DeckForm
    title = _("Import a price list")
    button = _("Show the difference")

    def get_initial(self) -> dict[str, Any]:
        return {"effective": timezone.now().astimezone(self.record.zone).date() + timedelta(days=1)}

    def consequences(self) -> list[str]:
        return [
            _("The list takes the place of all prices of this tariff. Prices that it does not name end on that day."),
            _("Days begin at midnight in %(zone)s, the time zone of the tariff.") % {"zone": self.record.time_zone},
            _("Nothing changes before you have seen the difference. Calls that are booked keep their price for ever."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        self.deck = keep_deck(
            tariff=self.record,
            user=self.request.user,
            file_name=said["file"].name,
            content=said["file"].read(),
            effective=datetime.combine(said["effective"], time(), tzinfo=self.record.zone),
            now=timezone.now(),
        )
        return _("The list has been read. No price has changed yet.")

    def after(self) -> str:
        return reverse("admin:billing_ratedeck_apply", args=[self.deck.pk])


class ApplyDeck(Act):
    """The second step: the difference, and applying all of it or nothing."""

    permission = "billing.change_rate"
    model = RateDeck
    form_class = ApplyForm
    template_name = "admin/billing/deck.html"
    title = _("Check the new prices")
    button = _("Apply the new prices")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not RateDeck.objects.filter(pk=kwargs["pk"], user=request.user).exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("format") == "csv":
            return export.response("csv", "price-difference", *_table(difference_of(self.record)))
        return super().get(request, *args, **kwargs)

    def act(self, said: dict[str, Any]) -> str | Promise:
        done = apply_deck(
            deck=self.record,
            staff=self.request.user,
            seen=said["seen"],
            without_rejected=said["without_rejected"],
        )
        counts = {"added": done.added, "changed": done.changed, "ended": done.removed}
        return _("Done: %(added)s prices are new, %(changed)s changed, %(ended)s ended.") % counts

    def back(self) -> str:
        return reverse("admin:billing_tariff_change", args=[self.record.tariff_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = difference_of(self.record)
        form = kwargs.get("form") or self.get_form()
        form.initial["seen"] = changes.digest
        if form.is_bound:  # what was posted is what was seen before; this page may show another difference
            form.data = form.data.copy()
            form.data["seen"] = changes.digest
        if not changes.rejects:
            del form.fields["without_rejected"]
        facts = {
            "changes": changes,
            "groups": _groups(changes),
            "rejects": changes.rejects[:SHOWN],
            "more_rejects": max(len(changes.rejects) - SHOWN, 0),
            "tariff": self.record.tariff,
        }
        return super().get_context_data(**(facts | kwargs | {"form": form}))

    def consequences(self) -> list[str]:
        start = formats.day(self.record.effective.astimezone(self.record.tariff.zone).date())
        return [
            _("The new prices begin on %(day)s, where the list has no date of its own.") % {"day": start},
            _("All of it is applied, or nothing."),
        ]


def _groups(changes: RateChanges) -> list[Group]:
    """The kinds that there are; what rises or falls most comes first."""
    found = []
    for kind, title in KINDS.items():
        rows = changes.of(kind)
        if kind in (Kind.RAISED, Kind.LOWERED):
            rows = sorted(rows, key=lambda row: abs(row.percent or 0), reverse=True)
        if rows:
            found.append(Group(title, len(rows), rows[:SHOWN]))
    return found


def _table(changes: RateChanges) -> tuple[list[str], Iterator[list[Any]]]:
    heads = ["change", "prefix", "time_slot", "destination", "old_price", "new_price", "percent", "line", "reason"]
    rows: list[list[Any]] = [
        [one.kind.value, one.prefix, one.time_slot, one.destination, one.old, one.new, _percent(one), "", ""]
        for one in changes.differences
    ]
    rows += [["rejected", "", "", one.text, "", "", "", one.line, one.reason] for one in changes.rejects]
    return heads, iter(rows)


def _percent(one: Difference) -> Decimal | str:
    return "" if one.percent is None else round(one.percent, 1)
