"""A call as the engine is asked about it, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from math import ceil

from centrex.routing.plan import Address, Plan, Queue, Record

MOST_HOPS = 5
VIA = "disa"


@dataclass(frozen=True, slots=True)
class Rate:
    """What a number costs: `price` a minute, and `connect_fee` once."""

    price: Decimal
    connect_fee: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody calls: a phone of the office (`line`), or somebody outside (`line` None) with a number of the office.

    `caller` and `name` are what he shows, empty when he hides it. `hops` counts how often the call was forwarded, and
    `passed` are the numbers where it has been. `price` a minute and `connect_fee` are what the called number costs,
    None where it is not known; `rates` say it of the numbers that lines forward to.
    A phone may send a number of its own line as `caller`; any other counts as none. `seed` mixes random groups.
    `via` "disa": somebody outside (`caller`) gave the right PIN and dials as `line`, whose calls of this kind have cost
    `spent` today.
    """

    dialled: str
    line: int | None = None
    caller: str = ""
    name: str = ""
    hops: int = 0
    passed: tuple[str, ...] = ()
    price: Decimal | None = None
    connect_fee: Decimal = Decimal(0)
    rates: Mapping[str, Rate] = field(default_factory=dict)
    seed: int = 0
    via: str = ""
    spent: Decimal = Decimal(0)


class RejectCause(StrEnum):
    """Why a call is refused; the words belong to the page, the SIP code to the switch's door."""

    UNKNOWN_CALLER = "unknown_caller"
    SUSPENDED = "suspended"
    LINE_BLOCKED = "line_blocked"
    NOT_RECOGNISED = "not_recognised"
    NOT_ASSIGNED = "not_assigned"
    BLOCKED_CALLER = "blocked_caller"
    BARRED = "barred"
    DENIED = "denied"
    NO_FUNDS = "no_funds"
    SPENDING_LIMIT = "spending_limit"
    UNPAID_INVOICE = "unpaid_invoice"
    LOOP = "loop"
    SCREENED = "screened"
    EMPTY_GROUP = "empty_group"
    CLOSED = "closed"
    NO_ANSWER = "no_answer"
    PICKUP = "pickup"
    DO_NOT_DISTURB = "do_not_disturb"
    DISA = "disa"
    NO_CALL = "no_call"
    NOT_YET = "not_yet"


SIP_CODES = {
    RejectCause.UNKNOWN_CALLER: 403,
    RejectCause.SUSPENDED: 403,
    RejectCause.LINE_BLOCKED: 403,
    RejectCause.NOT_RECOGNISED: 484,
    RejectCause.NOT_ASSIGNED: 404,
    RejectCause.BLOCKED_CALLER: 603,
    RejectCause.BARRED: 403,
    RejectCause.DENIED: 403,
    RejectCause.NO_FUNDS: 402,
    RejectCause.SPENDING_LIMIT: 402,
    RejectCause.UNPAID_INVOICE: 402,
    RejectCause.LOOP: 482,
    RejectCause.SCREENED: 603,
    RejectCause.EMPTY_GROUP: 480,
    RejectCause.CLOSED: 480,
    RejectCause.NO_ANSWER: 480,
    RejectCause.PICKUP: 403,
    RejectCause.DO_NOT_DISTURB: 480,
    RejectCause.DISA: 403,
    RejectCause.NO_CALL: 403,
    RejectCause.NOT_YET: 403,
}


@dataclass(frozen=True, slots=True)
class Trace:
    """A step that the engine took: a code for the words, the record that decided, and facts for the sentence."""

    code: str
    record: Record | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Caller:
    """What the called person sees; `hidden` sends the call without it (RFC 3323)."""

    number: str = ""
    name: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class LimitOf:
    """How many calls something may have at a time; the switch counts them, all limits at once."""

    key: str
    max: int
    record: Record


@dataclass(frozen=True, slots=True)
class Media:
    """What is recorded and heard once somebody answers: `on_demand` lets people start and stop it with codes.

    `announce` tells everybody who is recorded. Who is on hold hears the sound `music`, None for the default tune, or
    nothing where `in_silence`.
    """

    record: bool = False
    on_demand: bool = False
    announce: bool = False
    music: int | None = None
    in_silence: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """What the feature server does at a line's box.

    The `greeting` is standard, personal, name or absence. `ask_pin`: whoever listens types the PIN, and can do so on
    any phone; without it, messages play on the line's own phone only. `takes_fax`: a fax tone is answered.
    """

    greeting: str = "standard"
    ask_pin: bool = False
    auto_play: bool = False
    announce_time: bool = True
    takes_fax: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Something that rings: a phone ("line"), a number outside ("trunk"), an address ("uri"), or a service ("feature").

    `delay` seconds pass before it rings; it rings for `ring` seconds, None without end. `sound` is what the service
    "announcement" plays before it hangs up, by its id, or the greeting of a `box`, None for the standard one; `menu` is
    the one that the service "attendant" plays, by its id, None where callers enter ROOT. What is left out when one of
    `limits` is reached, or, with `only_idle`, while its line has a call, is this target and not the call. `media`
    counts once it answers, for at most `max_seconds`; `hops` is how often the call was forwarded when it comes there.
    `options` say how a service shall do its work.
    """

    kind: str
    address: str
    line: int | None = None
    delay: int = 0
    ring: int | None = None
    caller: Caller = field(default_factory=Caller)
    called: str = ""
    transport: str = "udp"
    proxy: str = ""
    must_accept: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    sound: int | None = None
    menu: int | None = None
    box: Box | None = None
    limits: tuple[LimitOf, ...] = ()
    only_idle: bool = False
    media: Media = field(default_factory=Media)
    max_seconds: int | None = None
    hops: int = 0
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What rings at the same time; when none of it is answered, the next step comes."""

    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Where the call goes: steps one after the other, then `otherwise`; without steps it is refused for `cause`.

    `before` are sounds by their ids that the caller hears first.
    `record_call` is for what the line itself says and hears, `record_redirected` for what a forwarding answers;
    `record_on_demand` lets the person start and stop with `record_codes`, as `Target.media` may for a target. Who is on
    hold hears the sound `music`, None for the default tune, or nothing where `hold_in_silence`. What else answers has
    its own in `Target.media`. In front of a group with a `queue`, `behind` is what rings for the first who waits.
    A call for help carries the `address` that counts, if there is one, and the number `callback`.
    """

    steps: tuple[Step, ...] = ()
    otherwise: Target | None = None
    before: tuple[int, ...] = ()
    cause: RejectCause | None = None
    emergency: bool = False
    address: Address | None = None
    callback: str = ""
    direction: str = "internal"
    account: int | None = None
    called: str = ""
    limits: tuple[LimitOf, ...] = ()
    record_call: bool = False
    record_redirected: bool = False
    record_on_demand: bool = False
    record_codes: tuple[str, ...] = ()
    announce_recording: bool = False
    music: int | None = None
    hold_in_silence: bool = False
    max_seconds: int | None = None
    queue: Queue | None = None
    behind: tuple[Step, ...] = ()
    trace: tuple[Trace, ...] = ()

    @property
    def sip_code(self) -> int | None:
        """The answer to a refused call (RFC 3261, 21)."""
        return SIP_CODES[self.cause] if self.cause else None


@dataclass(slots=True)
class Asked:
    """One question to the engine while it is being answered: collects the trace and the limits on the way.

    `way` are the lines that have forwarded so far, `reached` those that a forwarding has rung already: a call that
    comes back is not forwarded again, however lines and rules are set.
    """

    plan: Plan
    call: Call
    now: datetime
    trace: list[Trace] = field(default_factory=list)
    limits: list[LimitOf] = field(default_factory=list)
    counted: set[str] = field(default_factory=set)
    way: list[int] = field(default_factory=list)
    reached: set[int] = field(default_factory=set)

    @property
    def is_internal(self) -> bool:
        """Whether a phone of the office calls."""
        return self.call.line is not None

    @property
    def hops(self) -> int:
        """How often the call was forwarded so far."""
        return self.call.hops + len(self.way)

    def minutes_until(self, then: datetime) -> int:
        """How many minutes are left, a begun one as a whole one."""
        return ceil((then - self.now).total_seconds() / 60)

    def note(self, code: str, record: Record | None = None, **facts: object) -> None:
        """Write a step down."""
        self.trace.append(Trace(code, record, {name: str(value) for name, value in facts.items()}))

    def refuse(self, cause: RejectCause, record: Record | None = None, **facts: object) -> Decision:
        """The decision that refuses the call, with the reason in its trace."""
        self.note(f"refused.{cause}", record, **facts)
        return Decision(cause=cause, trace=tuple(self.trace))
