"""The features of a line: what each can be set to, and what nobody ever set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import ClassVar

from centrex.routing.dialing.rules import DialingRules, Kind


@dataclass(frozen=True, slots=True)
class Feature:
    """The base of all features; `enabled_by_default` holds where no place says anything.

    `DIALS` names the values that a call may be sent to, each a `DialTarget` as a column would be.
    """

    NAME: ClassVar[str]
    ENABLED_BY_DEFAULT: ClassVar[bool] = False
    DIALS: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class Answering(Feature):
    """What happens to a call that no screening rule matched: ring, then forward, then voicemail, each or not."""

    NAME = "answering"
    ENABLED_BY_DEFAULT = True

    ring: bool = True
    forward: bool = True
    voicemail: bool = True
    ring_seconds: int = 30
    call_waiting: bool = True


@dataclass(frozen=True, slots=True)
class Limits(Feature):
    """How many calls a line has at a time; None does not limit."""

    NAME = "limits"

    max_calls: int | None = None
    max_calls_in: int | None = None
    max_calls_out: int | None = None
    max_calls_forwarded: int | None = None


@dataclass(frozen=True, slots=True)
class Recording(Feature):
    """Which calls of a line are recorded, and who is told; `keep_days` None keeps them until somebody deletes them."""

    NAME = "recording"

    outgoing: bool = True
    incoming: bool = True
    redirected: bool = False
    start_stop: bool = False
    announce: bool = True
    send_by_email: bool = False
    email: str = ""
    owner_only: bool = False
    keep_days: int | None = None


@dataclass(frozen=True, slots=True)
class Voicemail(Feature):
    """The voicemail box: what it says, who may listen from where, to whom it writes, and how large it is.

    `greeting` is standard, personal, name or absence; each but the first plays a sound by its id. `limit_mb` counts as
    the company or site has it: no line says it for itself. `email_option` is none, notify, copy or forward.
    """

    NAME = "voicemail"
    ENABLED_BY_DEFAULT = True

    greeting: str = "standard"
    personal: int | None = None
    name: int | None = None
    absence: int | None = None
    pin_hash: str = ""
    auto_play: bool = False
    announce_time: bool = True
    email: str = ""
    email_option: str = "none"
    file_format: str = "wav"
    limit_mb: int = 10

    @property
    def greeting_sound(self) -> int | None:
        """The sound of the greeting that is chosen; None plays the standard one."""
        return None if self.greeting == "standard" else getattr(self, self.greeting, None)


@dataclass(frozen=True, slots=True)
class Fax(Feature):
    """What happens to faxes; `fax_only` answers every call with the fax tone.

    `action` is notify, copy or forward; `file_format` pdf or tiff.
    """

    NAME = "fax"

    fax_only: bool = False
    name: str = ""
    email: str = ""
    action: str = "copy"
    file_format: str = "pdf"


@dataclass(frozen=True, slots=True)
class Disa(Feature):
    """Calling from outside through the line, after a PIN.

    It answers `numbers`, or all of the line's while there are none; `callers` are those it serves, empty for all.
    `number` is what the called person sees, empty for the line's own. After `lock_after` wrong PINs in a row it is
    locked. `daily_cap` is a decimal amount in the customer's currency, empty without a limit. Whom it does not serve
    gets the extension `fallback`.
    """

    NAME = "disa"
    DIALS = ("fallback",)

    pin_hash: str = ""
    numbers: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    tone: str = "dialtone"
    retries: int = 3
    digit_seconds: int = 5
    max_digits: int = 15
    number: str = ""
    obey_barring: bool = True
    fallback: str = ""
    daily_cap: str = "20.00"
    lock_after: int = 5
    language: str = ""


@dataclass(frozen=True, slots=True)
class Barring(Feature):
    """Which of the ITSP's classes of numbers cannot be called; a class that nobody named is as the ITSP set it."""

    NAME = "barring"
    ENABLED_BY_DEFAULT = True

    barred: tuple[int, ...] = ()
    allowed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity(Feature):
    """What others see of the caller; an empty number is the line's own."""

    NAME = "identity"
    ENABLED_BY_DEFAULT = True

    hide_cli: str = "never"
    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Music(Feature):
    """What a caller hears on hold: a sound by its id, None for the default tune."""

    NAME = "music"
    ENABLED_BY_DEFAULT = True

    sound: int | None = None


@dataclass(frozen=True, slots=True)
class ForwardOptions(Feature):
    """What forwarding has beside its list: the list's order, the number of the simple mode, the SIP address.

    Which mode counts is a column of the line, as its list shows it; the numbers of the list are records of their own.
    """

    NAME = "forwarding"
    ENABLED_BY_DEFAULT = True
    DIALS = ("to",)

    order: str = "listed"
    to: str = ""
    uri: str = ""
    transport: str = "udp"


@dataclass(frozen=True, slots=True)
class AutoAttendant(Feature):
    """Whether menus answer the line's calls; the menus are records of their own.

    `search_by` says which part of a name callers key to dial by name: "last", "first" or "both". A single match is
    asked about before it rings where `confirm`.
    """

    NAME = "attendant"

    search_by: str = "last"
    confirm: bool = True


@dataclass(frozen=True, slots=True)
class Dialing(Feature):
    """How people dial at a line; the values are those of `centrex.routing.dialing.rules.DialingRules`."""

    NAME = "dialing"

    kind: str = Kind.RESIDENTIAL.value
    country_code: str = ""
    international_prefixes: tuple[str, ...] = ()
    area_codes: tuple[str, ...] = ()
    long_distance_prefix: str = ""
    always_area: bool = False
    outside_prefix: str = ""
    local_lengths: tuple[int, ...] = ()
    national_lengths: tuple[int, ...] = ()
    carrier_codes: tuple[str, ...] = ()
    nationwide: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    custom: str = ""
    translate_cli_out: bool = False
    translate_cli_in: bool = False
    translate_cld_in: bool = False

    def rules(self, *, enabled: bool, emergency: Iterable[str]) -> DialingRules:
        """The rules as `dial` takes them; the country's emergency numbers are always exceptions."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        own = {"kind": Kind(self.kind), "exceptions": (*emergency, *self.exceptions), "enabled": enabled}
        return DialingRules(**(values | own))


FEATURES: dict[str, type[Feature]] = {
    feature.NAME: feature
    for feature in (
        Answering,
        ForwardOptions,
        Limits,
        Recording,
        Voicemail,
        Fax,
        Disa,
        Barring,
        Identity,
        Music,
        AutoAttendant,
        Dialing,
    )
}
