"""Calls for help: they come first, pass every refusal, and carry the address and the number that count."""

from __future__ import annotations

from centrex.routing.codes import Service, service_of
from centrex.routing.dialing.dial import dial
from centrex.routing.engine.calls import VIA, Asked, Caller, Decision, Step, Target
from centrex.routing.plan import Line
from centrex.routing.screening import is_emergency

# Behind these codes people dial a number as usual, so also one for help.
BEFORE_NUMBERS = (Service.HIDE_CLI, Service.SHOW_CLI)


def emergency_meant(asked: Asked, line: Line, dialled: str) -> str:
    """The emergency number that `dialled` means, "" for any other call.

    As it is, behind the code that hides or shows the number, and behind the prefix to the outside; of the country
    that the line's site is in, and of its company's, as people know both.
    """
    if is_help(asked, line, dialled):
        return dialled
    service = service_of(dialled, asked.plan.codes)
    number = service.rest if service is not None and service.service in BEFORE_NUMBERS else dialled
    meant = dial(line.dialing, number, asked.plan.numbers.get).result
    return next((each for each in (number, meant) if is_help(asked, line, each)), "")


def is_help(asked: Asked, line: Line, number: str) -> bool:
    """Whether `number` calls for help where the line is, or at its company's home."""
    countries = {line.location, asked.plan.company_of(line).country}
    return any(is_emergency(number, country) for country in countries)


def to_emergency(asked: Asked, line: Line, number: str) -> Decision:
    """The call for help; who calls through DISA is elsewhere, so that the line's address would mislead."""
    asked.note("called.emergency", line.record, number=number)
    through = asked.call.via == VIA
    address = None if through else line.emergency
    country = line.location or asked.plan.company_of(line).country
    callback = asked.call.caller if through and asked.call.caller else line.callback_number(country)
    if address is None:
        asked.note("emergency.no_address", line.record)
    else:
        asked.note("emergency.address", address.record, number=callback)
    name = address.caller_name if address else line.name
    target = Target("trunk", number, caller=Caller(callback, name), called=number)
    return Decision(
        steps=(Step((target,)),),
        emergency=True,
        address=address,
        callback=callback,
        direction="out",
        account=line.id,
        called=number,
    )
