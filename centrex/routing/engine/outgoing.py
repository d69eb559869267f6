"""Calls to the outside: what bars them, what they may cost, what the other side sees, and how many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from centrex.routing import bandwidth
from centrex.routing.dialing.dial import dial
from centrex.routing.disa import cap_of
from centrex.routing.engine.calls import VIA, Asked, Caller, Decision, LimitOf, RejectCause, Step, Target
from centrex.routing.features import Barring, Disa, Effective, Identity, Limits, Music, Recording
from centrex.routing.patterns import match_any
from centrex.routing.plan import BarringClass, Line, Record
from centrex.routing.policy import Answer, check

ALWAYS = "always"
LONGEST_CALL = 4 * 3600


def to_outside(asked: Asked, line: Line, number: str, *, hidden: bool) -> Decision:
    """A call from a line to a number (E.164 without the plus) outside the office."""
    refusal = refuse_number(asked, line, number)
    if refusal is not None:
        return refusal
    company = asked.plan.company_of(line)
    seconds = longest_call(money_left(asked, line), asked.call.price, asked.call.connect_fee)
    if seconds == 0:
        return asked.refuse(RejectCause.NO_FUNDS, company.record)
    count_limits(asked, line, "out")
    target = Target("trunk", number, caller=caller_outside(asked, line, hidden=hidden), called=number)
    recording, music = line.feature(Recording), line.feature(Music)
    return Decision(
        steps=(Step((target,)),),
        direction="out",
        account=line.id,
        called=number,
        max_seconds=seconds,
        record_call=recording.enabled and recording.values.outgoing,
        record_on_demand=recording.enabled and recording.values.start_stop,
        announce_recording=recording.values.announce,
        music=music.values.sound if music.enabled else None,
        hold_in_silence=not music.enabled,
    )


def refuse_number(asked: Asked, line: Line, number: str) -> Decision | None:
    """The refusal of a number that the line may not call, if it may not; also for each number it forwards to."""
    barred = None
    if asked.call.via != VIA or line.feature(Disa).values.obey_barring:
        barred = barring_class(asked.plan.barring_classes, line.feature(Barring), number)
    if barred is not None:
        return asked.refuse(RejectCause.BARRED, Record("barring", barred.id, barred.name), number=number)
    company = asked.plan.company_of(line)
    verdict = check(asked.plan.policy, number, home=company.country, countries=company.countries)
    if verdict.answer is Answer.DENY:
        return asked.refuse(RejectCause.DENIED, None, number=number, reason=verdict.reason)
    return None


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
    through = line.feature(Disa).values.number if asked.call.via == VIA else ""
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


def money_left(asked: Asked, line: Line) -> Decimal | None:
    """What the call may cost: the company's money, and through DISA what its daily cap leaves; None without a limit."""
    available = asked.plan.company_of(line).available
    cap = cap_of(line.feature(Disa).values) if asked.call.via == VIA else None
    known = [amount for amount in (available, None if cap is None else cap - asked.call.spent) if amount is not None]
    return min(known, default=None)


def longest_call(available: Decimal | None, price: Decimal | None, connect_fee: Decimal) -> int | None:
    """How long a call may take, in seconds, for the money that is left; None without a limit."""
    if available is None:
        return None
    if price is None:
        return LONGEST_CALL if available > 0 else 0
    if price <= 0:
        return LONGEST_CALL if available >= connect_fee else 0
    left = available - connect_fee
    return max(0, min(LONGEST_CALL, int(left * 60 / price)))


def count_limits(asked: Asked, line: Line, way: str, *, internal: bool = False) -> None:
    """What the switch has to count for a call of this way ("in", "out", "forwarded").

    `internal` calls, between lines of the office, count in a site only where it says so.
    """
    own = line.feature(Limits)
    if own.enabled:
        add(asked, f"line:{line.id}", own.values.max_calls, line.record)
        add(asked, f"line:{line.id}:{way}", getattr(own.values, f"max_calls_{way}"), line.record)
    if line.site is not None and line.site in asked.plan.sites:
        site, limits = asked.plan.sites[line.site]
        if limits.count_internal or not internal:
            count_site(asked, site, limits, f"site:{line.site}", way)
    company = asked.plan.company_of(line)
    add(asked, f"customer:{company.id}", company.max_calls, company.record)


def count_site(asked: Asked, site: Record, limits: bandwidth.Limits, key: str, way: str) -> None:
    """The limits of a site: calls, and its connection as the number of calls that fit into it."""
    add(asked, key, limits.max_calls, site)
    add(asked, f"{key}:{way}", getattr(limits, f"max_calls_{way}"), site)
    if way == "forwarded":
        return  # it comes and goes without reaching the site
    for name, kbits in ((key, limits.max_bandwidth), (f"{key}:{way}", getattr(limits, f"max_bandwidth_{way}"))):
        fit = None if kbits is None else bandwidth.calls_that_fit(limits.codec, kbits)
        add(asked, f"{name}:bandwidth", fit, site)


def add(asked: Asked, key: str, limit: int | None, record: Record) -> None:
    """One limit, once."""
    if limit is not None and all(each.key != key for each in asked.limits):
        asked.limits.append(LimitOf(key, limit, record))
        asked.note("limit", record, key=key, max=limit)
