"""A phone that rings: what its display shows, how it rings, what counts against its limits; and its voicemail."""

from __future__ import annotations

from dataclasses import replace

from centrex.routing.dialing.reverse import reverse
from centrex.routing.dialing.rules import is_e164
from centrex.routing.engine.boxes import box_of
from centrex.routing.engine.calls import Asked, Caller, LimitOf, Step, Target
from centrex.routing.engine.media import media_at
from centrex.routing.features import Answering, Voicemail
from centrex.routing.plan import Line

INTERNAL_RING = {"Alert-Info": "<urn:alert:source:internal>"}  # RFC 7462


def phone(
    asked: Asked,
    line: Line,
    caller: Caller,
    number: str,
    *,
    seconds: int | None,
    delay: int = 0,
    limits: tuple[LimitOf, ...] = (),
) -> Target:
    """The line's phone; without call waiting it is busy while the line has a call."""
    distinct = asked.is_internal and asked.plan.company_of(line).distinctive_ring
    seen, called = on_display(asked, line, caller, number)
    return Target(
        "line",
        line.account_id,
        line=line.id,
        delay=delay,
        ring=seconds,
        caller=seen,
        called=called,
        headers=INTERNAL_RING if distinct else {},
        limits=limits,
        only_idle=not line.feature(Answering).values.call_waiting,
        media=media_at(asked, line, "incoming"),
        hops=asked.hops,
    )


def ringing(asked: Asked, line: Line, caller: Caller, number: str) -> Step:
    """The line's own phone, for as long as its page Incoming Calls says."""
    seconds = line.feature(Answering).values.ring_seconds
    asked.note("ring.phone" if line.registered else "ring.unreachable", line.record, seconds=seconds)
    return Step((phone(asked, line, caller, number, seconds=seconds),))


def on_display(asked: Asked, line: Line, caller: Caller, number: str) -> tuple[Caller, str]:
    """The caller and the called number as the line's display shows them: as people there would dial them, if asked."""
    rules, internal = line.dialing, asked.plan.numbers.get
    if rules.enabled and rules.translate_cli_in and is_e164(caller.number):
        caller = replace(caller, number=reverse(rules, caller.number, internal))
        asked.note("display.caller", line.record, number=caller.number)
    if rules.enabled and rules.translate_cld_in and is_e164(number):
        number = reverse(rules, number, internal)
        asked.note("display.called", line.record, number=number)
    return caller, number


def voicemail(asked: Asked, line: Line, caller: Caller, number: str) -> Target | None:
    """The line's box, where it has one."""
    if not line.feature(Voicemail).enabled:
        asked.note("voicemail.off", line.record)
        return None
    asked.note("voicemail", line.record)
    sound = asked.plan.greeting_of(line)
    return Target(
        "feature", "voicemail", line=line.id, caller=caller, called=number, hops=asked.hops, sound=sound,
        box=box_of(line, sound),
    )  # fmt: skip
