"""How many calls at a time: what the switch has to count, and for how long the money lasts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from centrex.routing import bandwidth
from centrex.routing.engine.calls import Asked, Decision, LimitOf, RejectCause
from centrex.routing.features import Limits
from centrex.routing.plan import Company, Line, Record

LONGEST_CALL = 4 * 3600


def longest_call(
    company: Company, price: Decimal | None, connect_fee: Decimal, cap: Decimal | None = None
) -> int | None:
    """How long a call may take, in seconds, for the money that is left, at most `cap`; None without a limit."""
    available = min((amount for amount in (company.available, cap) if amount is not None), default=None)
    if available is None:
        return None
    if price is None:
        return LONGEST_CALL if available > 0 else 0
    if price <= 0:
        return LONGEST_CALL if available >= connect_fee else 0
    left = available - connect_fee
    return max(0, min(LONGEST_CALL, int(left * 60 / price)))


def limit_left(company: Company, line: Line, *others: Decimal | None) -> Decimal | None:
    """What the spending limits of the company, of the line and `others` leave; None without a limit."""
    parts = (company.limit_left, line.limit_left, *others)
    return min((amount for amount in parts if amount is not None), default=None)


def has_no_money(company: Company, price: Decimal | None, connect_fee: Decimal) -> bool:
    """Whether the money alone is not enough for a call, whatever the limits say."""
    return longest_call(company, price, connect_fee) == 0


def refuse_unpaid(asked: Asked, company: Company, price: Decimal | None, connect_fee: Decimal) -> Decision:
    """The refusal of a call that cannot last at all: there is no money for it, or else a spending limit is reached."""
    if has_no_money(company, price, connect_fee):
        return asked.refuse(RejectCause.NO_FUNDS, company.record)
    return asked.refuse(RejectCause.SPENDING_LIMIT, company.record)


def count_limits(asked: Asked, line: Line, way: str, *, internal: bool = False) -> None:
    """What the switch has to count for a call of this way ("in", "out"), or else refuse the call.

    `internal` calls, between lines of the office, count in a site only where it says so.
    """
    asked.limits += leg_limits(asked, line, way, internal=internal)


def leg_limits(asked: Asked, line: Line, way: str, *, internal: bool) -> tuple[LimitOf, ...]:
    """What limits a line, its site and its company on this way ("in", "out", "forwarded"), and not the call already."""
    there = {each.key for each in asked.limits}
    found = []
    for limit in limits_of(asked, line, way, internal=internal):
        if limit.key not in there:
            there.add(limit.key)
            found.append(limit)
            told(asked, limit)
    return tuple(found)


def told(asked: Asked, limit: LimitOf) -> None:
    """The limit in the trace, once."""
    if limit.key not in asked.counted:
        asked.counted.add(limit.key)
        asked.note("limit", limit.record, key=limit.key, max=limit.max)


def limits_of(asked: Asked, line: Line, way: str, *, internal: bool) -> Iterator[LimitOf]:
    """All that counts a line's call of this way; without those that do not limit."""
    own = line.feature(Limits)
    if own.enabled:
        most = getattr(own.values, f"max_calls_{way}")
        yield from limit(f"line:{line.id}", own.values.max_calls, line.record)
        yield from limit(f"line:{line.id}:{way}", most, line.record)
    if line.site is not None and line.site in asked.plan.sites:
        site, limits = asked.plan.sites[line.site]
        if limits.count_internal or not internal:
            yield from limits_of_site(site, limits, f"site:{line.site}", way)
    company = asked.plan.company_of(line)
    yield from limit(f"customer:{company.id}", company.max_calls, company.record)


def limits_of_site(site: Record, limits: bandwidth.Limits, key: str, way: str) -> Iterator[LimitOf]:
    """The limits of a site: calls, and its connection as the number of calls that fit into it."""
    yield from limit(key, limits.max_calls, site)
    yield from limit(f"{key}:{way}", getattr(limits, f"max_calls_{way}"), site)
    if way == "forwarded":
        return  # it comes and goes without reaching the site
    for name, kbits in ((key, limits.max_bandwidth), (f"{key}:{way}", getattr(limits, f"max_bandwidth_{way}"))):
        fit = None if kbits is None else bandwidth.calls_that_fit(limits.codec, kbits)
        yield from limit(f"{name}:bandwidth", fit, site)


def limit(key: str, most: int | None, record: Record) -> Iterator[LimitOf]:
    """A limit, where there is one."""
    if most is not None:
        yield LimitOf(key, most, record)
