"""What a customer spends as charts, in the words and formats of who reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.forecast import Forecast
from billing.models import Service
from billing.queries.spending import CHARGES, USE, Days, PlaceTotal, Span, day_total, in_span
from selfcare import formats
from selfcare.charts import Bar, Chart, Column, Curve, Key, Outlook, bars, heat, lines, stacked

EVERY_SIXTH_HOUR = 6
CLOCK = [f"{hour:02}:00" for hour in range(24)]
ZERO = Decimal(0)


def by_day(days: Days, span: Span, *, services: Sequence[Service], currency: str) -> Chart | None:
    """Charges on each day of the span, stacked by service; None where there is none."""
    used = _used(days, span, services)
    columns = [
        Column(str(day.day), formats.day(day), tuple(days.get(day, {}).get(one.pk, ZERO) for one in used))
        for day in span.days
    ]
    # Beside the fees of a month, booked on one day, no day's calls would be seen.
    drawn = [one for one in used if one.pk in USE] or used
    return _stack(columns, used, currency, drawn=drawn, title=_("Spend by day and service"), head=_("Day"))


def by_period(days: Days, spans: Sequence[Span], *, services: Sequence[Service], currency: str) -> Chart | None:
    """Charges in each of these months, stacked by service; None where there is none."""
    used = _used(days, Span(spans[0].first, spans[-1].end), services)
    columns = [
        Column(
            date_format(span.first, "M"),
            words_of(span),
            tuple(in_span(days, span, services=(one.pk,)) for one in used),
        )
        for span in spans
    ]
    return _stack(columns, used, currency, drawn=used, title=_("Spend by period and service"), head=_("Period"))


def against_last(
    days: Days, current: Span, last: Span, *, today: date, forecast: Forecast | None, currency: str
) -> Chart | None:
    """What was spent up to each day of the current period and of the last, and where it is heading."""
    curves = [
        Curve(_("This period"), _running(days, [day for day in current.days if day <= today])),
        Curve(_("Last period"), _running(days, last.days)),
    ]
    outlook = Outlook(_("Forecast"), forecast.expected, forecast.low, forecast.high) if forecast else None
    money = _money(currency)
    then = curves[1].values[min(len(curves[0].values), len(curves[1].values)) - 1]
    return lines(
        curves,
        places=[str(n) for n in range(1, max(len(current.days), len(last.days)) + 1)],
        outlook=outlook,
        name="against-last",
        title=_("This period against last"),
        summary=_("%(now)s until today; on the same day of the last period it was %(then)s.")
        % {"now": money(curves[0].values[-1]), "then": money(then)},
        head=_("Day of the period"),
        words=money,
        marks=formats.number,
    )


def destinations(places: Sequence[PlaceTotal], *, currency: str) -> Chart | None:
    """The destinations that cost most."""
    money = _money(currency)
    rows = [
        Bar(
            _place(one), one.amount, money(one.amount),
            (formats.number(one.calls), formats.duration(one.seconds), money(one.amount)),
        )
        for one in places
    ]  # fmt: skip
    summary = _("Most was spent on calls to %(place)s: %(amount)s.")
    return bars(
        rows,
        name="destinations",
        title=_("Top destinations"),
        summary=summary % {"place": rows[0].name, "amount": rows[0].words} if rows else "",
        heads=[_("Destination"), _("Calls"), _("Charged time"), _("Amount")],
    )


def hours(grid: Sequence[Sequence[int]]) -> Chart | None:
    """When calls begin, by weekday and hour."""
    most, weekday, hour = max((calls, -w, -h) for w, row in enumerate(grid) for h, calls in enumerate(row))
    summary = _("Most calls began on %(day)s between %(from)s and %(till)s.")
    return heat(
        grid,
        rows=[str(WEEKDAYS_ABBR[n]) for n in range(7)],
        long_rows=[str(WEEKDAYS[n]) for n in range(7)],
        columns=CLOCK,
        every=EVERY_SIXTH_HOUR,
        name="hours",
        title=_("Busiest hours"),
        summary=summary % {"day": WEEKDAYS[-weekday], "from": CLOCK[-hour], "till": f"{1 - hour:02}:00"}
        if most
        else "",
        head=_("Day"),
        words=lambda calls: ngettext("%(count)s call", "%(count)s calls", calls) % {"count": formats.number(calls)},
    )


def words_of(span: Span) -> str:
    """The span's first and last day."""
    return f"{formats.day(span.first)} – {formats.day(span.last)}"


def _stack(
    columns: Sequence[Column], used: Sequence[Service], currency: str, *, drawn: Sequence[Service], title: str,
    head: str,
) -> Chart | None:  # fmt: skip
    money = _money(currency)
    sums = [sum(values, ZERO) for values in zip(*(one.values for one in columns), strict=True)]
    fees = sum((total for one, total in zip(used, sums, strict=True) if one not in drawn), ZERO)
    words = _(
        "%(total)s in all, of which %(fees)s are fees, shown in the table only. Without tax, payments and credits."
    )
    plain = _("%(total)s in all. Without tax, payments and credits.")
    return stacked(
        columns,
        series=[Key(f"s{CHARGES.index(one.pk) + 1}" if one in drawn else "", one.name) for one in used],
        name="spend",
        title=title,
        summary=(words if fees else plain) % {"total": money(sum(sums, ZERO)), "fees": money(fees)},
        head=head,
        total=_("Total"),
        words=money,
        marks=formats.number,
    )


def _used(days: Days, span: Span, services: Sequence[Service]) -> list[Service]:
    """The services that cost something in the span, always in the same order and so in the same colours."""
    found = {service for day, sums in days.items() if span.first <= day < span.end for service in sums}
    return [one for one in services if one.pk in CHARGES and one.pk in found]


def _running(days: Days, of: Sequence[date]) -> tuple[Decimal, ...]:
    return tuple(accumulate(day_total(days, day) for day in of))


def _money(currency: str) -> Callable[[Decimal], str]:
    return lambda amount: formats.money(amount, currency)


def _place(one: PlaceTotal) -> str:
    return f"{one.destination} ({one.country})" if one.country else one.destination
