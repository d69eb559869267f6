"""What lines are set to: records, filters, rules, forwarding and addresses, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

from centrex.routing.schedule import Period, SpecialDays

ALWAYS = Period(always=True)


@dataclass(frozen=True, slots=True)
class Record:
    """A record that decides something: its kind (such as "line"), its id, and its name at the time."""

    kind: str
    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class NumberFilter:
    """A named list of patterns; `anonymous` takes callers who hide their number as well."""

    record: Record
    patterns: tuple[str, ...] = ()
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class TimeFilter:
    """A named schedule; on `days` (holidays, special days) they count in place of the period."""

    record: Record
    period: Period
    days: SpecialDays = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """What a screening rule does: ring, forward, voicemail in this order, or reject, or another number.

    `play` is a sound by its id, heard before; `then_hang_up` ends the call after it.
    """

    ring: bool = False
    forward: bool = False
    voicemail: bool = False
    reject: bool = False
    number: str = ""
    play: int | None = None
    then_hang_up: bool = False


@dataclass(frozen=True, slots=True)
class ScreeningRule:
    """All three filters must match; an empty one matches whatever comes."""

    record: Record
    action: Action
    callers: NumberFilter | None = None
    called: NumberFilter | None = None
    times: TimeFilter | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ForwardTo:
    """A number in a follow-me or advanced list; `display` says whose number and name the called person sees."""

    record: Record
    number: str
    ring_seconds: int = 20
    period: Period = ALWAYS
    enabled: bool = True
    display: str = "caller"
    keep_cld: bool = False
    proxy: str = ""
    transport: str = "udp"
    must_accept: bool = False


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Where calls go that were not answered; `mode` none, follow_me, advanced, sip_uri or simple."""

    mode: str = "none"
    order: str = "listed"
    numbers: tuple[ForwardTo, ...] = ()
    uri: str = ""
    transport: str = "udp"


@dataclass(frozen=True, slots=True)
class Address:
    """Where help is sent to, as the network of the emergency services takes it; `notify` are e-mail addresses."""

    record: Record
    caller_name: str
    country: str
    city: str
    street: str
    house_number: str = ""
    extra: str = ""
    postal_code: str = ""
    province: str = ""
    notify: tuple[str, ...] = ()
