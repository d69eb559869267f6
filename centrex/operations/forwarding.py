"""A line's forwarding: the mode, the list of numbers, one number, or an address.

Thieves of telephone time forward a line to expensive numbers and call it. So a number abroad or of a costly kind asks
for the password once more, and the customer's owners are told by mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrex.models import FeatureSetting, ForwardNumber, Line, NewDestination, SipProxy
from centrex.operations.features import unlocked
from centrex.operations.new_destinations import begin
from centrex.queries.destinations import REASONS, Destination, Destinations
from centrex.queries.forwarding import LISTS, forwards_of
from centrex.queries.forwarding_words import in_words, loop_in_words, uri_fault_in_words
from centrex.queries.loops import Way, circle_through, ways_in
from centrex.queries.period_words import mistake_in_words
from centrex.queries.plans import plan_of
from centrex.routing import sip_uri
from centrex.routing.features import ForwardOptions
from centrex.routing.nesting import find_circle
from centrex.routing.plan import ALWAYS
from centrex.routing.schedule import PeriodError, parse
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

PAGE = "centrex:line-forwarding"
MOST_NUMBERS = 20
MOST_NAMED = 20  # in a refusal
SHORTEST_RING, LONGEST_RING = 5, 600
COPIED = (
    "enabled", "description", "ring_seconds", "display", "period", "must_accept", "proxy", "keep_cld", "transport",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the list: `number` as somebody typed it, `id` of the row that it was, None for a new one."""

    number: str
    id: int | None = None
    enabled: bool = True
    description: str = ""
    ring_seconds: int = 20
    display: str = ForwardNumber.Display.CALLER
    period: str = ""
    must_accept: bool = False
    proxy: SipProxy | None = None
    keep_cld: bool = False
    transport: str = "udp"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a line shall forward; what its `mode` does not use stays as it was kept."""

    mode: str
    order: str = "listed"
    to: str = ""
    uri: str = ""
    transport: str = "udp"
    numbers: Sequence[Number] = ()


class PasswordNeeded(Refused):
    """The act is allowed once the person has given the password again."""


@transaction.atomic
def set_forwarding(
    *, user: User, line: Line, version: int | None, wanted: Wanted, confirmed: bool, now: datetime
) -> Line:
    """Make `wanted` the line's forwarding; `confirmed`: the user has just given his password again.

    Outdated when somebody saved the line since `version`. Refused, with field "to", "uri", or "number-0" (the place
    in the list), for what cannot be called, is barred or denied, or leads back to the line; PasswordNeeded for a new
    number abroad or of a costly kind.
    """
    # Two lines that begin to forward to each other at the same moment would not see each other.
    office = Customer.objects.select_for_update(no_key=True).get(pk=line.customer.office.pk)
    current = Line.locked(line.pk, line.version if version is None else version)
    kept = unlocked(current, ForwardOptions).values
    before, known = in_words(current, kept), in_use(current, kept)
    destinations = Destinations(current)
    options, found = checked(wanted, kept, destinations)
    live = {field: each for field, each in found.items() if field not in parked(wanted)}
    refuse_loop(office, current, destinations, live, ways=ways_wanted(wanted, live), now=now)
    new = {each.number: each for each in live.values() if each.needs_password and each.number not in known}
    if new and not confirmed:
        raise PasswordNeeded(why_password(new.values()), field="password")
    current.forwarding = wanted.mode
    keep_options(current, kept, options)
    if wanted.mode in LISTS:
        write_numbers(current, wanted.numbers, [each.number for each in found.values()])
    return noted(user=user, line=current, before=before, options=options, new=new.values(), now=now)


def in_use(line: Line, options: ForwardOptions) -> set[str]:
    """The numbers that the line forwards to as it is kept."""
    if line.forwarding in LISTS:
        return set(line.forward_numbers.filter(enabled=True).values_list("number", flat=True))
    return {options.to} if line.forwarding == Line.Forwarding.SIMPLE else set()


def checked(
    wanted: Wanted, kept: ForwardOptions, destinations: Destinations
) -> tuple[ForwardOptions, dict[str, Destination]]:
    """What is to be kept beside the list, and what each typed number means, by its field; Refused for odd ones."""
    match wanted.mode:
        case Line.Forwarding.FOLLOW_ME | Line.Forwarding.ADVANCED:
            refuse_odd_list(wanted.numbers)
            fields = {f"number-{place}": each.number for place, each in enumerate(wanted.numbers)}
            found = {field: destinations.read(typed, field=field) for field, typed in fields.items()}
            return replace(kept, order=wanted.order), found
        case Line.Forwarding.SIMPLE:
            to = destinations.read(wanted.to, field="to")
            return replace(kept, to=to.number), {"to": to}
        case Line.Forwarding.SIP_URI:
            return replace(kept, uri=read_uri(wanted.uri), transport=wanted.transport), {}
        case _:
            return kept, {}


def refuse_odd_list(numbers: Sequence[Number]) -> None:
    """Refused for a list without a number or with too many, and for times that no phone could keep."""
    if not numbers:
        raise Refused(_("Add at least one number, or choose another mode."))
    if len(numbers) > MOST_NUMBERS:
        raise Refused(_("There can be at most %(most)s numbers.") % {"most": MOST_NUMBERS})
    for place, each in enumerate(numbers):
        if not SHORTEST_RING <= each.ring_seconds <= LONGEST_RING:
            raise Refused(_("A ring time is between 5 and 600 seconds."), field=f"number-{place}")
        try:
            parse(each.period)
        except PeriodError as mistake:
            raise Refused(mistake_in_words(each.period, mistake), field=f"number-{place}") from mistake


def read_uri(typed: str) -> str:
    """The address as it is kept; Refused for one that calls may not be forwarded to."""
    try:
        return str(sip_uri.read(typed, own=settings.SIP_DOMAINS))
    except sip_uri.UriError as mistake:
        raise Refused(uri_fault_in_words(mistake.fault), field="uri") from mistake


def ways_wanted(wanted: Wanted, fields: Iterable[str]) -> dict[str, Way]:
    """When each number is called, by its field; the one of the simple mode at any time."""
    periods = {f"number-{place}": parse(each.period) for place, each in enumerate(wanted.numbers)}
    return {field: Way(PAGE, periods.get(field, ALWAYS)) for field in fields}


def parked(wanted: Wanted) -> set[str]:
    """The fields of numbers that are in the list, but switched off."""
    return {f"number-{place}" for place, each in enumerate(wanted.numbers) if not each.enabled}


def refuse_loop(
    office: Customer,
    line: Line,
    destinations: Destinations,
    live: Mapping[str, Destination],
    *,
    ways: Mapping[str, Way] | None = None,
    now: datetime | None = None,
) -> None:
    """Refused, naming the way, when a number would lead back to the line.

    With `ways`, when each field's number is called, only where all of the circle is open at the same time in the week
    from `now`; else at whatever time of the day.
    """
    graph = forwards_of(office, {**destinations.extensions, **destinations.lines})
    for field, each in live.items():
        if each.line == line.pk:
            raise Refused(_("This is a number of the line itself: the call would come back."), field=field)
        circle = find_circle(line.pk, {**graph, line.pk: [each.line]}) if each.line is not None else []
        if circle and ways is not None and now is not None and each.line is not None:
            circle = circle_in_time(office, line, {each.line: [ways[field]]}, now)
        if circle:
            raise Refused(loop_in_words(circle), field=field)


def circle_in_time(office: Customer, line: Line, leads: Mapping[int, list[Way]], now: datetime) -> list[int]:
    """The circle that the line would be in, if it led where `leads` says and nowhere else."""
    plan = plan_of(office, now=now)
    return circle_through(plan, line.pk, {**ways_in(plan), line.pk: leads}, now)


def why_password(numbers: Iterable[Destination]) -> str:
    """Why the password is asked for, naming each number, or the first of many."""
    reasons = [
        _("%(number)s: %(reason)s.") % {"number": formats.phone(each.number), "reason": REASONS[each.verdict.reason]}
        for each in numbers
        if each.verdict is not None
    ]
    more = len(reasons) - MOST_NAMED
    rest = [ngettext("And %(count)s more.", "And %(count)s more.", more) % {"count": more}] if more > 0 else []
    return " ".join([*reasons[:MOST_NAMED], *rest, _("Enter your password to forward calls there.")])


def keep_options(line: Line, kept: ForwardOptions, options: ForwardOptions) -> None:
    """Write down what is set beside the list, if it is new."""
    if options == kept:
        return
    row, _is_new = FeatureSetting.objects.get_or_create(
        line=line, name=ForwardOptions.NAME, defaults={"customer_id": line.customer_id}
    )
    row.enabled, row.values = True, asdict(options)
    row.save()


def write_numbers(line: Line, wanted: Sequence[Number], numbers: Sequence[str]) -> None:
    """Make `wanted` the whole list, in its order, with `numbers` as they are kept; a row that stays keeps its id."""
    rows = {row.pk: row for row in line.forward_numbers.all()}
    for position, (each, number) in enumerate(zip(wanted, numbers, strict=True), start=1):
        row = rows.pop(each.id, None) if each.id is not None else None
        row = row or ForwardNumber(line=line)
        row.position, row.number = position, number
        for name in COPIED:
            setattr(row, name, getattr(each, name))
        row.save()
    ForwardNumber.objects.filter(pk__in=rows).delete()


def noted(
    *,
    user: User,
    line: Line,
    before: dict[str, str],
    options: ForwardOptions,
    new: Iterable[Destination] = (),
    now: datetime,
) -> Line:
    """Write down what changed as a version of the line, and tell the owners of `new` costly numbers."""
    after = in_words(line, options)
    changes = {label: [before[label], after[label]] for label in after if before[label] != after[label]}
    if not changes:
        return line
    line.version += 1
    line.save(update_fields=["forwarding", "version"])
    AuditEvent.write(user=user, action="edit", record=line, changes=changes)
    begin(user=user, line=line, place=NewDestination.Place.FORWARDING, found=new, now=now)
    return line
