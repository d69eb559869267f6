"""Addresses at other SIP systems that calls may be forwarded to: the plain form of RFC 3261, 19.1, and no more.

`sip:user@host` or `sip:user@host:port`. Parameters and headers are refused, as they could steer the call elsewhere;
so are hosts that are the ITSP's own (a loop) or of a private network (the inside of the ITSP).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 200
URI = re.compile(
    r"(?P<scheme>sips?):(?P<user>[A-Za-z0-9\-_.!~*'()&=+$,;?/%]{1,64})@"
    r"(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.\-]{1,253})(:(?P<port>[0-9]{1,5}))?"
)
USER = re.compile(r"[A-Za-z0-9\-_.!~*'()+]{1,64}")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
# Names that only ever mean something inside a network: RFC 2606, 6761, 6762, 8375, 9476 and what routers use.
INSIDE = {
    "local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "test", "invalid",
    "arpa", "alt", "onion",
}  # fmt: skip


class Fault(StrEnum):
    """What is wrong with an address; the words for it belong to the page."""

    SYNTAX = "syntax"
    USER = "user"
    HOST = "host"
    PORT = "port"
    PRIVATE = "private"
    OWN = "own"


class UriError(ValueError):
    """The text is no address that a call may be forwarded to."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class SipUri:
    """A SIP address; `port` None where the domain says it (RFC 3263)."""

    scheme: str
    user: str
    host: str
    port: int | None = None

    def __str__(self) -> str:
        return f"{self.scheme}:{self.user}@{self.host}" + (f":{self.port}" if self.port else "")


def read(text: str, *, own: Collection[str] = ()) -> SipUri:
    """The address in `text`; UriError when it is none, is of a private network, or at one of the domains `own`."""
    match = URI.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if match is None:
        raise UriError(Fault.SYNTAX)
    if not USER.fullmatch(match["user"]):
        raise UriError(Fault.USER)
    host = match["host"].lower().removesuffix(".")
    refuse_host(host, own)
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 1 <= port <= 65535:
        raise UriError(Fault.PORT)
    return SipUri(match["scheme"], match["user"], host, port)


def refuse_host(host: str, own: Collection[str]) -> None:
    """UriError for what is no public host, or one of `own` or below it."""
    if any(host == domain or host.endswith(f".{domain}") for domain in own):
        raise UriError(Fault.OWN)
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        refuse_name(host)
        return
    mapped = getattr(address, "ipv4_mapped", None) or address
    if not mapped.is_global or mapped.is_multicast:
        raise UriError(Fault.PRIVATE)


def refuse_name(host: str) -> None:
    """UriError for what is no full name of the public DNS; one that ends in digits would be read as an address."""
    labels = host.split(".")
    if not all(LABEL.fullmatch(label) for label in labels):
        raise UriError(Fault.HOST)
    if labels[-1] in INSIDE:
        raise UriError(Fault.PRIVATE)
    if len(labels) < 2 or labels[-1][0].isdigit():
        raise UriError(Fault.HOST)
