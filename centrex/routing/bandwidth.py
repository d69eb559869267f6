"""What calls take of a site's connection, and which of the site's limits refuses one more.

Bandwidth here is kbit/s each way: a call takes the same to the site and from it, so one number is compared with
the slower direction of the connection. What is counted is a voice packet each 20 ms (the default of RFC 3551, 4.5
and RFC 7587, 6.1) with all its headers: RTP (RFC 3550, 5.1), UDP (RFC 768), IP (RFC 791; version 6: RFC 8200), and
the Ethernet frame's header and check sum (IEEE 802.3, 3.2). Not counted: RTCP, a VLAN tag, encryption, preamble.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

PACKETS_A_SECOND = 50
RTP, UDP, IPV4, IPV6, ETHERNET = 12, 8, 20, 40, 18  # bytes of each packet


class Codec(StrEnum):
    """A site's codec profile; ANY is what the phones agree on, and counts as the widest of the others."""

    ANY = "any"
    G711 = "g711"
    G722 = "g722"
    G729 = "g729"
    OPUS = "opus"


# Bit/s of the voice alone: RFC 3551, 4.5.14, 4.5.2 and 4.5.6; Opus adapts, so the most that RFC 7587, 3.1.1 recommends
# for speech (full band, one channel).
PAYLOAD = {Codec.G711: 64_000, Codec.G722: 64_000, Codec.G729: 8_000, Codec.OPUS: 40_000}


def bits_a_second(codec: Codec, *, ipv6: bool = False) -> int:
    """What one call takes each way, with all headers."""
    if codec is Codec.ANY:
        return max(bits_a_second(each, ipv6=ipv6) for each in PAYLOAD)
    headers = RTP + UDP + (IPV6 if ipv6 else IPV4) + ETHERNET
    return PAYLOAD[codec] + PACKETS_A_SECOND * 8 * headers


def calls_that_fit(codec: Codec, kbits: int, *, ipv6: bool = False) -> int:
    """How many calls of `codec` go through `kbits` kbit/s each way."""
    return kbits * 1000 // bits_a_second(codec, ipv6=ipv6)


class Way(StrEnum):
    """How a call concerns a site. A forwarded one comes in for a line and leaves again without reaching the site."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    FORWARDED = "forwarded"


class Limit(StrEnum):
    """A limit of a site, by the name of its field."""

    CALLS = "max_calls"
    CALLS_IN = "max_calls_in"
    CALLS_OUT = "max_calls_out"
    CALLS_FORWARDED = "max_calls_forwarded"
    BANDWIDTH = "max_bandwidth"
    BANDWIDTH_IN = "max_bandwidth_in"
    BANDWIDTH_OUT = "max_bandwidth_out"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a site allows at a time; None is no limit. Calls are counted, bandwidth is kbit/s each way."""

    codec: Codec = Codec.ANY
    count_internal: bool = True
    max_calls: int | None = None
    max_calls_in: int | None = None
    max_calls_out: int | None = None
    max_calls_forwarded: int | None = None
    max_bandwidth: int | None = None
    max_bandwidth_in: int | None = None
    max_bandwidth_out: int | None = None


@dataclass(frozen=True, slots=True)
class InUse:
    """The calls that a site has now and what they take, bit/s each way; forwarded ones take nothing of the site's.

    Bits are counted by call direction and not derived from the number of calls: a profile may change during a call.
    """

    incoming: int = 0
    outgoing: int = 0
    forwarded: int = 0
    bits_in: int = 0
    bits_out: int = 0

    def with_call(self, way: Way, codec: Codec) -> InUse:
        """The same with one call more."""
        bits = bits_a_second(codec)
        if way is Way.INCOMING:
            return replace(self, incoming=self.incoming + 1, bits_in=self.bits_in + bits)
        if way is Way.OUTGOING:
            return replace(self, outgoing=self.outgoing + 1, bits_out=self.bits_out + bits)
        return replace(self, forwarded=self.forwarded + 1)


def refusing_limit(limits: Limits, in_use: InUse, *, way: Way, internal: bool = False) -> Limit | None:
    """The limit that one call more would break, None when it may be made.

    `internal`: between two lines of one customer; where those do not count they are never refused, and the caller
    of this function leaves them out of `in_use`. A call between two lines of one site is asked for twice: as outgoing
    for the caller, then with that one in use as incoming for the called.
    """
    if internal and not limits.count_internal:
        return None
    after = in_use.with_call(way, limits.codec)
    return next((name for name, used in counted(after, way) if is_over(used, getattr(limits, name.value))), None)


def counted(after: InUse, way: Way) -> list[tuple[Limit, int]]:
    """What a call of this way adds to, in the order in which limits are asked; bandwidth in kbit/s, rounded up."""
    calls = after.incoming + after.outgoing + after.forwarded
    if way is Way.FORWARDED:
        return [(Limit.CALLS, calls), (Limit.CALLS_FORWARDED, after.forwarded)]
    total = (Limit.BANDWIDTH, kbits(after.bits_in + after.bits_out))
    if way is Way.INCOMING:
        return [
            (Limit.CALLS, calls),
            (Limit.CALLS_IN, after.incoming),
            total,
            (Limit.BANDWIDTH_IN, kbits(after.bits_in)),
        ]
    return [
        (Limit.CALLS, calls),
        (Limit.CALLS_OUT, after.outgoing),
        total,
        (Limit.BANDWIDTH_OUT, kbits(after.bits_out)),
    ]


def kbits(bits: int) -> int:
    """Whole kbit/s that hold `bits` bit/s."""
    return -(-bits // 1000)


def is_over(used: int, limit: int | None) -> bool:
    return limit is not None and used > limit
