"""Where lines forward to: as values for the engine, as a graph that finds loops, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from centrex.models import FeatureSetting, ForwardNumber, Line, ScreeningRule
from centrex.queries.lines import lines_of_office
from centrex.routing.features import ForwardOptions
from centrex.routing.plan import Forwarding, ForwardTo, Record
from centrex.routing.schedule import parse
from selfcare.models import Customer

LISTS = (Line.Forwarding.FOLLOW_ME, Line.Forwarding.ADVANCED)


def as_forwarding(mode: str, options: ForwardOptions, numbers: Iterable[ForwardNumber]) -> Forwarding:
    """A line's forwarding as the engine takes it; what the mode does not use is left out.

    `numbers` come in their order, with their proxies.
    """
    listed: tuple[ForwardTo, ...] = ()
    if mode in LISTS:
        listed = tuple(as_target(row, advanced=mode == Line.Forwarding.ADVANCED) for row in numbers)
    elif mode == Line.Forwarding.SIMPLE and options.to:
        listed = (ForwardTo(Record("forward", None, options.to), options.to, ring_seconds=60),)
    return Forwarding(mode, options.order, listed, options.uri, options.transport)


def as_target(row: ForwardNumber, *, advanced: bool) -> ForwardTo:
    """A number of the list; proxy, CLD and transport belong to the advanced mode alone."""
    target = ForwardTo(
        record=Record("forward", row.pk, str(row)),
        number=row.number,
        ring_seconds=row.ring_seconds,
        period=parse(row.period),
        enabled=row.enabled,
        display=row.display,
        must_accept=row.must_accept,
    )
    if not advanced:
        return target
    proxy = row.proxy.address if row.proxy else ""
    return replace(target, proxy=proxy, keep_cld=row.keep_cld, transport=row.transport)


def forwards_of(office: Customer, numbers: Mapping[str, int | None]) -> dict[int, list[int]]:
    """Which lines of the office forward to which, by list or rule: id -> ids; `numbers` says whose a number is."""
    modes = dict(lines_of_office(office).values_list("pk", "forwarding"))
    rows = ForwardNumber.objects.filter(line__in=modes, enabled=True).values_list("line_id", "number")
    found = [(line, number) for line, number in rows if modes[line] in LISTS]
    simple = [pk for pk, mode in modes.items() if mode == Line.Forwarding.SIMPLE]
    options = FeatureSetting.objects.filter(line__in=simple, name=ForwardOptions.NAME).values_list("line_id", "values")
    found += [(line, values.get("to", "")) for line, values in options if line is not None]
    rules = ScreeningRule.objects.filter(line__in=modes, enabled=True, action=ScreeningRule.Action.NUMBER)
    found += list(rules.values_list("line_id", "number"))
    graph: dict[int, list[int]] = {}
    for line, number in found:
        target = numbers.get(number)
        if target is not None:
            graph.setdefault(line, []).append(target)
    return graph
