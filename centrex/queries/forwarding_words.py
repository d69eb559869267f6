"""A line's forwarding in words: for its history, and for what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex.models import ForwardNumber, Line
from centrex.queries import period_words
from centrex.queries.forwarding import LISTS
from centrex.routing.features import ForwardOptions
from centrex.routing.sip_uri import Fault
from selfcare import formats

ORDERS: dict[str, Promise] = {
    "listed": gettext_lazy("As listed, one after the other"),
    "random": gettext_lazy("Random, one after the other"),
    "simultaneous": gettext_lazy("Simultaneous, all at once"),
}
FAULTS: dict[Fault, Promise] = {
    Fault.SYNTAX: gettext_lazy("Enter an address such as sip:reception@pbx.example.com, with nothing behind it."),
    Fault.USER: gettext_lazy("Before the @ only letters, digits and -_.!~*'()+ can stand."),
    Fault.HOST: gettext_lazy("Behind the @ stands a full domain name, such as pbx.example.com, or an IP address."),
    Fault.PORT: gettext_lazy("A port is between 1 and 65535."),
    Fault.PRIVATE: gettext_lazy(
        "This address is inside a private network. Calls can be sent to public addresses only."
    ),
    Fault.OWN: gettext_lazy("This domain is your telephone company's own. Enter the number or extension instead."),
}


def in_words(line: Line, options: ForwardOptions) -> dict[str, str]:
    """The settings as they are kept: label -> words; what the mode does not use is empty."""
    mode = line.forwarding
    numbers = line.forward_numbers.select_related("proxy") if mode in LISTS else []
    by_address = mode == Line.Forwarding.SIP_URI
    return {
        _("Mode"): str(line.get_forwarding_display()),
        _("Order"): str(ORDERS.get(options.order, options.order)) if mode in LISTS else "",
        _("Numbers"): "; ".join(number_in_words(row) for row in numbers),
        _("Forward To"): formats.phone(options.to) if mode == Line.Forwarding.SIMPLE else "",
        _("SIP URI"): options.uri if by_address else "",
        _("Transport Protocol"): options.transport.upper() if by_address else "",
    }


def number_in_words(row: ForwardNumber) -> str:
    """One number of the list with all that is set for it, apart from what is as usual."""
    facts = [
        formats.phone(row.number),
        row.description,
        _("%(seconds)s seconds") % {"seconds": row.ring_seconds},
        str(row.get_display_display()) if row.display != ForwardNumber.Display.CALLER else "",
        period_words.in_words(row.period) if row.period else "",
        _("only after pressing a key") if row.must_accept else "",
        _("by way of %(proxy)s") % {"proxy": row.proxy} if row.proxy else "",
        _("with the original CLD") if row.keep_cld else "",
        row.transport.upper() if row.transport != "udp" else "",
        "" if row.enabled else _("off"),
    ]
    return ", ".join(fact for fact in facts if fact)


def loop_in_words(circle: Sequence[int]) -> str:
    """Why forwarding along these lines (ids) would never end."""
    lines = {line.pk: line for line in Line.objects.filter(pk__in=circle).select_related("extension")}
    way = " → ".join(line_in_words(lines[pk]) for pk in circle)
    return _("The call would come back to this line: %(way)s.") % {"way": way}


def line_in_words(line: Line) -> str:
    """A line by its extension, or else its number."""
    extension = getattr(line, "extension", None)
    return str(extension) if extension else formats.phone(line.account_id)


def uri_fault_in_words(fault: Fault) -> str:
    """What is wrong with an address."""
    return str(FAULTS[fault])
