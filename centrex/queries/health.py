"""What is wrong with a customer's set-up, or will be soon: each finding is a sentence, and where it can be mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex.models import AbbreviatedNumber, Did, ForwardNumber, Huntgroup, Line, Schedule
from centrex.queries.lines import idle_in_words
from centrex.queries.plans import plan_of
from centrex.queries.reach import reach_of
from centrex.queries.schedules import state_of
from centrex.routing.dialing.rules import is_e164
from centrex.routing.nesting import find_circle
from centrex.routing.plan import Plan
from centrex.routing.schedule import Period, is_active, next_change, parse
from centrex.routing.screening import is_emergency
from selfcare import formats
from selfcare.errors import Link
from selfcare.models import Customer

IDLE = timedelta(days=90)
DIALS = (Line.Forwarding.FOLLOW_ME, Line.Forwarding.ADVANCED, Line.Forwarding.SIMPLE)


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, and the page that mends it."""

    words: str
    link: Link


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the set-up, with all that was found; nothing found is well."""

    name: str
    title: Promise
    advice: Promise
    findings: tuple[Finding, ...]


def checks_of(customer: Customer, *, now: datetime) -> list[Check]:
    """All checks of what `customer` itself keeps, in a constant number of queries."""
    plan = plan_of(customer.office, now=now)
    unassigned = list(Did.for_customer(customer).filter(line=None).order_by("number"))
    found = {
        "groups": silent_groups(customer, now),
        "loops": forwarding_loops(customer, plan),
        "periods": never_true(customer, now),
        "abbreviated": leading_nowhere(customer, plan, {did.number for did in unassigned}),
        "dids": paid_for_nothing(unassigned),
        "idle": idle_lines(customer, now),
    }
    return [Check(name, *WORDS[name], tuple(findings)) for name, findings in found.items()]


WORDS: dict[str, tuple[Promise, Promise]] = {
    "groups": (
        gettext_lazy("Huntgroups that nobody answers"),
        gettext_lazy("Put an extension with a connected phone into the group."),
    ),
    "loops": (
        gettext_lazy("Forwarding that goes round in a circle"),
        gettext_lazy("Let one of the lines forward to somebody else, or to nobody."),
    ),
    "periods": (
        gettext_lazy("Times that never come"),
        gettext_lazy("Change the times; what hangs on them never happens."),
    ),
    "abbreviated": (
        gettext_lazy("Abbreviated numbers that lead nowhere"),
        gettext_lazy("Give the number another target, or delete it."),
    ),
    "dids": (
        gettext_lazy("External numbers that you pay for and nobody uses"),
        gettext_lazy("Assign the number to a phone line, or give it back."),
    ),
    "idle": (
        gettext_lazy("Phone lines that nobody uses"),
        gettext_lazy("No call for 90 days or more. Ask whether somebody still needs the line."),
    ),
}


def silent_groups(customer: Customer, now: datetime) -> Iterator[Finding]:
    """Groups whose every phone is missing, blocked or not connected."""
    groups = list(Huntgroup.for_customer(customer).order_by("number"))
    for group, reach in zip(groups, reach_of(customer.office, groups, now=now).values(), strict=True):
        if len(reach.silent) < len(reach.rings):
            continue
        link = Link(str(group), "centrex:huntgroups", "centrex:huntgroup-members", (group.pk,))
        if not reach.rings:
            yield Finding(_("Huntgroup %(group)s has no extension.") % {"group": group}, link)
        else:
            yield Finding(_("No phone of huntgroup %(group)s can ring now.") % {"group": group}, link)


def forwarding_loops(customer: Customer, plan: Plan) -> Iterator[Finding]:
    """Lines whose forwarding comes back to them; each circle once."""
    leads = {
        line.id: [
            other.id
            for entry in line.forwarding.numbers
            if entry.enabled and (other := plan.line_at(entry.number)) is not None
        ]
        for line in plan.lines.values()
        if line.forwarding.mode in DIALS
    }
    told: set[frozenset[int]] = set()
    for line in plan.lines.values():
        circle = find_circle(line.id, leads) if line.customer == customer.pk else []
        if not circle or frozenset(circle) in told:
            continue
        told.add(frozenset(circle))
        names = " → ".join(plan.lines[each].extension or formats.phone(plan.lines[each].account_id) for each in circle)
        yield Finding(
            _("Calls are forwarded in a circle: %(names)s.") % {"names": names},
            line_link(line.id, names, "centrex:line-forwarding"),
        )


def never_true(customer: Customer, now: datetime) -> Iterator[Finding]:
    """Schedules and ring schedules that never hold from now on."""
    for schedule in Schedule.for_customer(customer).prefetch_related("days"):
        state = state_of(schedule, now=now, zone=customer.zone)
        if not state.active and state.until is None:
            words = _("The times “%(name)s” never come.") % {"name": schedule.name}
            yield Finding(words, Link(schedule.name, "centrex:schedules", "centrex:schedule-edit", (schedule.pk,)))
    rows = ForwardNumber.objects.filter(line__customer=customer, enabled=True).exclude(period="")
    for row in rows.select_related("line"):
        if never_holds(parse(row.period), customer, now):
            facts = {"line": row.line, "number": formats.phone(row.number)}
            words = _("Line %(line)s forwards to %(number)s at times that never come.") % facts
            yield Finding(words, line_link(row.line_id, str(row.line), "centrex:line-forwarding"))


def never_holds(period: Period, customer: Customer, now: datetime) -> bool:
    """Whether a period does not hold now, nor at any time to come."""
    active = is_active(period, now.astimezone(customer.zone))
    return not active and next_change(period, now, customer.zone) is None


def leading_nowhere(customer: Customer, plan: Plan, unassigned: set[str]) -> Iterator[Finding]:
    """Abbreviated numbers whose target is no line, no number of the office and nothing that can be called outside."""
    country = str(customer.country)
    for row in AbbreviatedNumber.for_customer(customer).exclude(target=""):
        target = row.target
        inside = plan.line_at(target) or plan.group_by_number(target)
        outside = is_e164(target) and target not in unassigned
        if inside or outside or is_emergency(target, country):
            continue
        link = Link(row.number, "centrex:abbreviated", "centrex:abbreviated-edit", (row.pk,))
        facts = {"number": row.number, "target": formats.phone(target)}
        yield Finding(_("%(number)s dials %(target)s, which no phone has.") % facts, link)


def paid_for_nothing(unassigned: Sequence[Did]) -> Iterator[Finding]:
    """External numbers with a monthly fee and without a line."""
    for did in unassigned:
        if did.monthly_fee > 0:
            facts = {"number": formats.phone(did.number), "fee": formats.money(did.monthly_fee, did.currency)}
            words = _("%(number)s costs %(fee)s a month and rings no phone.") % facts
            yield Finding(words, Link(did.number, "centrex:dids", "centrex:did-assign", (did.pk,)))


def idle_lines(customer: Customer, now: datetime) -> Iterator[Finding]:
    """Lines whose last call was long ago, and those that were never used."""
    idle = Line.for_customer(customer).filter(Q(last_used_at=None) | Q(last_used_at__lt=now - IDLE))
    for row in idle.order_by("account_id"):
        since = idle_in_words(now - row.last_used_at if row.last_used_at else None)
        yield Finding(
            _("Line %(line)s: %(since)s without a call.") % {"line": row, "since": since}
            if row.last_used_at
            else _("Line %(line)s was never used.") % {"line": row},
            line_link(row.pk, str(row)),
        )


def line_link(line: int, words: str, page: str = "centrex:line") -> Link:
    """To one of a line's pages."""
    return Link(words, "centrex:lines", page, (line,))
