"""Calls to the outside: what bars them, what they may cost, and what the other side sees."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from centrex.routing.dialing.dial import dial
from centrex.routing.disa import cap_of
from centrex.routing.engine.calls import VIA, Asked, Caller, Decision, RejectCause, Step, Target
from centrex.routing.engine.limits import count_limits, limit_left, longest_call, refuse_unpaid
from centrex.routing.engine.media import media_of
from centrex.routing.features import Barring, Disa, Effective, Identity
from centrex.routing.patterns import match_any
from centrex.routing.plan import BarringClass, Line, Record
from centrex.routing.policy import Answer, check

ALWAYS = "always"


def to_outside(asked: Asked, line: Line, number: str, *, hidden: bool) -> Decision:
    """A call from a line to a number (E.164 without the plus) outside the office."""
    refusal = refuse_number(asked, line, number)
    if refusal is not None:
        return refusal
    company = asked.plan.company_of(line)
    price, fee, disa = asked.call.price, asked.call.connect_fee, cap_left(asked, line)
    seconds = longest_call(company, price, fee, limit_left(company, line, disa))
    if seconds == 0:
        return refuse_unpaid(asked, company, price, fee)
    count_limits(asked, line, "out")
    media = media_of(line, "outgoing")
    caller = caller_outside(asked, line, hidden=hidden)
    return Decision(
        steps=(Step((Target("trunk", number, caller=caller, called=number, media=media, max_seconds=seconds),)),),
        direction="out",
        account=line.id,
        called=number,
        max_seconds=seconds,
        record_call=media.record,
        record_on_demand=media.on_demand,
        announce_recording=media.announce,
        music=media.music,
        hold_in_silence=media.in_silence,
    )


def refuse_number(asked: Asked, line: Line, number: str) -> Decision | None:
    """The refusal of a number that the line may not call, if it may not; also for each number it forwards to."""
    barred = barring_class(asked.plan.barring_classes, line.feature(Barring), number)
    if goes_through(asked, line) and not line.feature(Disa).values.obey_barring:
        barred = None
    if barred is not None:
        return asked.refuse(RejectCause.BARRED, Record("barring", barred.id, barred.name), number=number)
    company = asked.plan.company_of(line)
    if not company.may_call_out:
        return asked.refuse(RejectCause.UNPAID_INVOICE, company.record, number=number)
    verdict = check(asked.plan.policy, number, home=company.country, countries=company.countries)
    if verdict.answer is Answer.DENY:
        return asked.refuse(RejectCause.DENIED, None, number=number, reason=verdict.reason)
    return None


def goes_through(asked: Asked, line: Line) -> bool:
    """Whether somebody outside calls through DISA of this very line; not so for a line that forwards his call."""
    return asked.call.via == VIA and asked.call.line == line.id


def cap_left(asked: Asked, line: Line) -> Decimal | None:
    """What the daily cap of DISA leaves for a call through it; None without a limit."""
    cap = cap_of(line.feature(Disa).values) if goes_through(asked, line) else None
    return None if cap is None else cap - asked.call.spent


def barring_class(classes: Sequence[BarringClass], barring: Effective[Barring], number: str) -> BarringClass | None:
    """The first of the ITSP's classes that bars `number` where `barring` counts."""
    for each in classes:
        if each.is_barred_by(barring) and (match_any(each.patterns, number) is not None) == each.matching:
            return each
    return None


def hides_number(line: Line) -> bool:
    """Whether the line hides its number when nothing else was dialled; "automatic" asks for a code each time."""
    return line.feature(Identity).values.hide_cli == ALWAYS


def caller_outside(asked: Asked, line: Line, *, hidden: bool) -> Caller:
    """What the called person outside sees."""
    through = line.feature(Disa).values.number if goes_through(asked, line) else ""
    number = through or number_shown(asked, line)
    if hidden:
        asked.note("identity.hidden", line.record)
        return Caller(number, hidden=True)
    asked.note("identity.shown", line.record, number=number)
    return Caller(number, line.feature(Identity).values.name or line.name)


def number_shown(asked: Asked, line: Line) -> str:
    """The line's number, or another of its own that its phone sends; the number chosen on page Identity comes first."""
    sent = asked.call.caller.removeprefix("+")
    if line.feature(Identity).values.number or not sent:
        return line.shown_number
    rules = line.dialing
    meant = dial(rules, asked.call.caller).result if rules.enabled and rules.translate_cli_out else sent
    return meant if meant in (line.account_id, *line.numbers) else line.shown_number


def caller_inside(line: Line, *, hidden: bool = False) -> Caller:
    """Colleagues see the extension; hiding the number is for the world outside and for those who ask for it."""
    return Caller(line.extension or line.shown_number, line.feature(Identity).values.name or line.name, hidden=hidden)
