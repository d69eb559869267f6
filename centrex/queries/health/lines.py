"""What is wrong with phone lines and with numbers that lead to none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrex.models import AbbreviatedNumber, BoxMessage, Did, Line
from centrex.queries.destinations import REASONS
from centrex.queries.health.finding import Finding, line_link
from centrex.queries.lines import idle_in_words
from centrex.queries.loops import DIALS
from centrex.routing.dialing.rules import is_e164
from centrex.routing.engine.outgoing import barring_class
from centrex.routing.features import Barring, Voicemail
from centrex.routing.plan import Line as PlannedLine
from centrex.routing.plan import Plan
from centrex.routing.policy import Answer, check
from centrex.routing.screening import is_emergency
from selfcare import formats
from selfcare.errors import Link
from selfcare.models import Customer

IDLE = timedelta(days=90)
GONE = timedelta(days=7)
UNHEARD = timedelta(days=30)


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
        words = _("%(number)s dials %(target)s, which no phone has.") % facts
        yield Finding(words, link, (row.pk,), "id_target")


def paid_for_nothing(unassigned: Sequence[Did]) -> Iterator[Finding]:
    """External numbers with a monthly fee and without a line."""
    for did in unassigned:
        if did.monthly_fee > 0:
            facts = {"number": formats.phone(did.number), "fee": formats.money(did.monthly_fee, did.currency)}
            words = _("%(number)s costs %(fee)s a month and rings no phone.") % facts
            link = Link(did.number, "centrex:dids", "centrex:did-assign", (did.pk,))
            yield Finding(words, link, (did.pk,), "id_line")


def idle_lines(customer: Customer, now: datetime) -> Iterator[Finding]:
    """Lines whose last call was long ago, and those that were never used."""
    idle = Line.for_customer(customer).filter(Q(last_used_at=None) | Q(last_used_at__lt=now - IDLE))
    for row in idle.order_by("account_id"):
        since = idle_in_words(now - row.last_used_at if row.last_used_at else None)
        words = (
            _("Line %(line)s: %(since)s without a call.") if row.last_used_at else _("Line %(line)s was never used.")
        )
        yield Finding(words % {"line": row, "since": since}, line_link(row.pk, str(row)), (row.pk,))


def gone_phones(customer: Customer, now: datetime) -> Iterator[Finding]:
    """Lines whose phone was connected once, but not for a week."""
    for row in Line.for_customer(customer).filter(registered_until__lt=now - GONE).order_by("account_id"):
        days = (now - row.registered_until).days
        words = ngettext(
            "The phone of line %(line)s has not been connected for %(days)s day.",
            "The phone of line %(line)s has not been connected for %(days)s days.",
            days,
        )
        facts = {"line": row, "days": formats.number(days)}
        yield Finding(words % facts, line_link(row.pk, str(row)), (row.pk,))


def unheard_messages(customer: Customer, plan: Plan, now: datetime) -> Iterator[Finding]:
    """Lines with messages that nobody has heard for a month, and no e-mail that would tell of them."""
    new = BoxMessage.for_customer(customer).filter(kind=BoxMessage.Kind.VOICE, status=BoxMessage.Status.NEW)
    old = dict(new.filter(received_at__lt=now - UNHEARD).values_list("line").annotate(Count("pk")).order_by())
    for line in plan.lines.values():
        if line.id not in old or line.feature(Voicemail).values.email:
            continue
        words = ngettext(
            "Line %(line)s has %(number)s voicemail message that nobody has heard for 30 days.",
            "Line %(line)s has %(number)s voicemail messages that nobody has heard for 30 days.",
            old[line.id],
        )
        facts = {"line": line.record.name, "number": formats.number(old[line.id])}
        link = line_link(line.id, line.record.name, "centrex:line-voicemail")
        yield Finding(words % facts, link, (line.id,), "id_email")


def barred_forwarding(customer: Customer, plan: Plan) -> Iterator[Finding]:
    """Numbers to forward to that the line may not call any more: calls pass them over without a word."""
    for line in plan.lines.values():
        if line.customer != customer.pk or line.forwarding.mode not in DIALS:
            continue
        for entry in line.forwarding.numbers:
            why = why_not_called(plan, line, entry.number) if entry.enabled else ""
            if why:
                facts = {"line": line.record.name, "number": formats.phone(entry.number), "why": why}
                words = _("Line %(line)s forwards to %(number)s, which it may not call: %(why)s.") % facts
                link = line_link(line.id, line.record.name, "centrex:line-forwarding")
                yield Finding(words, link, (line.id, entry.record.id or 0), "id_forwarding")


def why_not_called(plan: Plan, line: PlannedLine, number: str) -> str:
    """Why the line may not call a number outside; empty where it may."""
    if plan.line_at(number) is not None or plan.extension_by_number(number) is not None:
        return ""
    barred = barring_class(plan.barring_classes, line.feature(Barring), number)
    if barred is not None:
        return _("Call Barring has “%(class)s”") % {"class": barred.name}
    company = plan.company_of(line)
    verdict = check(plan.policy, number, home=company.country, countries=company.countries)
    return str(REASONS[verdict.reason]) if verdict.answer is Answer.DENY else ""
