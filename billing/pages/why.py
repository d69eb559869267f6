"""Why a call costs what it costs, line by line in words; for the customer's transaction and for staff's trial."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import DiscountPlan, RateTerms, TimeSlot
from billing.queries.explanations import Explained
from billing.rating.pieces import BookedPiece, Share
from billing.rating.rate import Step, StepKind
from selfcare import formats


@dataclass(frozen=True, slots=True)
class WhyLine:
    """One reason; `amount` is what it adds, None for a reason that adds nothing, and `is_sum` a sum so far."""

    label: str
    words: str
    amount: Decimal | None = None
    is_sum: bool = False


def why_lines(found: Explained, *, number: str, started_at: datetime, currency: str) -> list[WhyLine]:
    """The reasons in order; the amounts that are no sums add up to the charged amount."""
    explanation, terms = found.explanation, found.terms
    lines = [*_rate_lines(terms, number, started_at)]
    lines += [_step_line(step, terms, currency) for step in explanation.steps]
    if explanation.pieces:
        lines.append(WhyLine(_("Price before discount"), "", explanation.charge.amount, is_sum=True))
        lines += [_piece_line(piece, found.plans) for piece in explanation.pieces]
    if explanation.tax:
        lines.append(WhyLine(_("Tax"), "", explanation.tax))
    return lines


def _rate_lines(terms: RateTerms, number: str, started_at: datetime) -> Iterator[WhyLine]:
    if not terms.prefix:
        yield WhyLine(_("Number"), _("A number of our own: calls inside have a price of their own"))
    else:
        words = _("%(number)s begins with %(prefix)s: %(destination)s")
        yield WhyLine(
            _("Number"),
            words % {"number": formats.phone(number), "prefix": terms.prefix, "destination": terms.destination},
        )
    yield WhyLine(_("Price list"), _price_list(terms))
    if terms.time_slot != TimeSlot.FLAT:
        local = started_at.astimezone(ZoneInfo(terms.time_zone))
        words = _("The call began on %(day)s at %(time)s (%(zone)s); the price of that time holds for all of it")
        yield WhyLine(
            terms.get_time_slot_display(),
            words % {"day": date_format(local, "l"), "time": f"{local:%H:%M}", "zone": terms.time_zone},
        )


def _price_list(terms: RateTerms) -> str:
    if terms.effective_from is None:
        return terms.tariff
    since = formats.day(terms.effective_from.astimezone(ZoneInfo(terms.time_zone)).date())
    return _("%(tariff)s, price since %(day)s") % {"tariff": terms.tariff, "day": since}


def _step_line(step: Step, terms: RateTerms, currency: str) -> WhyLine:
    length, price = formats.duration(step.seconds), formats.price(step.price, currency)
    match step.kind:
        case StepKind.NOT_CONNECTED:
            return WhyLine(_("Duration"), _("A call without any time costs nothing"), step.amount)
        case StepKind.CONNECT_FEE:
            return WhyLine(_("Connect fee"), _("Once for each answered call"), step.amount)
        case StepKind.FREE_SECONDS:
            return WhyLine(_("Free seconds"), _("The first %(length)s cost nothing") % {"length": length}, step.amount)
        case StepKind.FIRST_INTERVAL:
            words = _("%(length)s, due in full once begun, at %(price)s a minute")
            return WhyLine(_("First interval"), words % {"length": length, "price": price}, step.amount)
        case StepKind.NEXT_INTERVALS:
            count = step.seconds // terms.next_interval
            words = ngettext(
                "%(count)s interval of %(each)s, in all %(length)s, at %(price)s a minute",
                "%(count)s intervals of %(each)s, in all %(length)s, at %(price)s a minute",
                count,
            )
            each = formats.duration(terms.next_interval)
            facts = {"count": count, "each": each, "length": length, "price": price}
            return WhyLine(_("Next intervals"), words % facts, step.amount)
        case _:
            least = formats.charge(terms.minimum_charge, currency)
            return WhyLine(_("Minimum charge"), _("A call costs at least %(least)s") % {"least": least}, step.amount)


def _piece_line(piece: BookedPiece, plans: dict[int, DiscountPlan]) -> WhyLine:
    length = formats.duration(piece.units)
    if not piece.shares:
        return WhyLine(_("No discount"), _("%(length)s of the call") % {"length": length}, Decimal(0))
    names = ", ".join(str(plans.get(share.plan, _("a plan that is no more"))) for share in piece.shares)
    words = _("%(percent)s %% off %(length)s of the call") % {
        "percent": formats.number(piece.percent),
        "length": length,
    }
    several = len(piece.shares) > 1
    left = "; ".join(filter(None, (_left(share, plans.get(share.plan), named=several) for share in piece.shares)))
    return WhyLine(_("Discount: %(plans)s") % {"plans": names}, f"{words}; {left}" if left else words, -piece.discount)


def _left(share: Share, plan: DiscountPlan | None, *, named: bool) -> str:
    """What was left of the step that this share came from, with the plan's name where several gave something."""
    if share.left is None or plan is None:
        return ""
    words = _("%(left)s were left afterwards") if share.left else _("the volume of this step was used up with it")
    words = words % {"left": plan.counted(share.left)}
    return _("%(plan)s: %(words)s") % {"plan": plan, "words": words} if named else words
