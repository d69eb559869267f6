"""What becomes of a tried call, ready for the templates: words with their links, the drawing, and the money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.http import HttpRequest
from django.utils.translation import gettext as _

from billing.rating.tariff import Rate
from centrex.pages.lines import may_see_funds
from centrex.pages.what_if.drawing import Drawing, draw
from centrex.pages.what_if.links import url_of
from centrex.pages.what_if.system import Tried
from centrex.queries.call_flow import Flow, Told, tell
from centrex.routing.engine.limits import LONGEST_CALL, limit_left
from selfcare import formats


@dataclass(frozen=True, slots=True)
class Linked:
    """A step in words, with the address of what decided it and its name; `is_new` where the form's values add it."""

    words: str
    url: str
    name: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is shown of one tried call; `key` keeps the ids of two answers on a page apart."""

    key: str
    at: datetime
    flow: Flow
    steps: tuple[Linked, ...]
    limits: tuple[Linked, ...]
    drawing: Drawing
    money: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A call as it goes now and as it would go with what stands in a form."""

    now: Answer
    then: Answer

    @property
    def is_same_way(self) -> bool:
        """Whether the call is treated alike, for whatever reason."""
        return self.now.flow.result == self.then.flow.result and self.now.money == self.then.money

    @property
    def is_same(self) -> bool:
        """Whether not even a step is another one."""
        return self.is_same_way and [each.words for each in self.now.steps] == [each.words for each in self.then.steps]


def answer_of(request: HttpRequest, tried: Tried, *, key: str = "now", before: Answer | None = None) -> Answer:
    """The tried call in words for the request's customer; steps that `before` does not have are marked as new."""
    customer = request.customer
    flow = tell(tried.plan, tried.call, tried.decision, viewer=customer.pk)
    known = {step.words for step in (*before.steps, *before.limits)} if before else None
    return Answer(
        key=key,
        at=tried.moment,
        flow=flow,
        steps=tuple(linked(request, flow.steps, known)),
        limits=tuple(linked(request, flow.limits, known)),
        drawing=draw(flow.stages, partial(url_of, request)),
        money=money_of(request, tried),
    )


def linked(request: HttpRequest, told: Iterable[Told], known: set[str] | None) -> Iterable[Linked]:
    """Each step with its link."""
    for step in told:
        name = step.record.name if step.record else ""
        is_new = known is not None and step.words not in known
        yield Linked(step.words, url_of(request, step.record, step.code), name, is_new)


def money_of(request: HttpRequest, tried: Tried) -> str:
    """What a call outside costs and how long it may last, in words; empty for every other call."""
    if not tried.is_paid or tried.call.line is None:
        return ""
    customer, line = request.customer, tried.plan.lines[tried.call.line]
    company = tried.plan.company_of(line)
    left = limit_left(company, line, company.available)
    shown = formats.money(left, customer.currency) if may_see_funds(request) and left is not None else ""
    price = _("Your telephone company has not set a price for this number.")
    if tried.rate is not None:
        price = price_in_words(tried.rate, customer.currency)
    return " ".join(part for part in (price, longest_in_words(tried.decision.max_seconds, shown)) if part)


def price_in_words(rate: Rate, currency: str) -> str:
    """What a minute costs, and what each call costs beside it."""
    facts = {"price": formats.charge(rate.price_next, currency), "fee": formats.charge(rate.connect_fee, currency)}
    if rate.connect_fee:
        return _("A minute costs %(price)s, and each call %(fee)s once.") % facts
    return _("A minute costs %(price)s.") % facts


def longest_in_words(seconds: int | None, available: str) -> str:
    """How long the call may last for the money; `available` is empty for who may not see it."""
    if seconds is None:
        return ""
    if seconds == LONGEST_CALL:
        return _("It may last 4 hours at most, like every call.")
    minutes = {"minutes": formats.number(seconds // 60), "available": available}
    if not available:
        return _("It may last %(minutes)s minutes at most.") % minutes
    return _("It may last %(minutes)s minutes at most, with the %(available)s that are left.") % minutes
