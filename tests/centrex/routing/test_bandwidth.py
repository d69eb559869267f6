"""Bandwidth of calls, and the limits of a site."""

import pytest

from centrex.routing.bandwidth import Codec, InUse, Limit, Limits, Way, bits_a_second, calls_that_fit, refusing_limit

IN, OUT, FORWARDED = Way.INCOMING, Way.OUTGOING, Way.FORWARDED


@pytest.mark.parametrize(
    ("codec", "version_4", "version_6"),
    [
        # 160 bytes of voice, 58 of headers, 50 times a second: what vendors' tables give for G.711 over Ethernet.
        (Codec.G711, 87_200, 95_200),
        (Codec.G722, 87_200, 95_200),
        (Codec.G729, 31_200, 39_200),
        (Codec.OPUS, 63_200, 71_200),
        (Codec.ANY, 87_200, 95_200),
    ],
)
def test_a_call_takes_its_voice_and_its_headers(codec, version_4, version_6):
    assert bits_a_second(codec) == version_4
    assert bits_a_second(codec, ipv6=True) == version_6


@pytest.mark.parametrize(
    ("codec", "kbits", "fit"),
    [
        (Codec.G711, 0, 0),
        (Codec.G711, 87, 0),
        (Codec.G711, 88, 1),
        (Codec.G711, 2_000, 22),
        (Codec.G729, 2_000, 64),
        (Codec.OPUS, 2_000, 31),
        (Codec.G711, 872, 10),
        (Codec.G711, 871, 9),
    ],
)
def test_only_whole_calls_fit(codec, kbits, fit):
    assert calls_that_fit(codec, kbits) == fit


def test_fewer_calls_fit_with_longer_addresses():
    assert calls_that_fit(Codec.G711, 2_000, ipv6=True) == 21


def busy(incoming: int = 0, outgoing: int = 0, forwarded: int = 0, codec: Codec = Codec.ANY) -> InUse:
    used = InUse()
    for way, count in ((IN, incoming), (OUT, outgoing), (FORWARDED, forwarded)):
        for _call in range(count):
            used = used.with_call(way, codec)
    return used


@pytest.mark.parametrize(
    ("limits", "used", "way", "refusing"),
    [
        ({}, (500, 500, 500), IN, None),
        ({"max_calls": 3}, (1, 1, 0), OUT, None),
        ({"max_calls": 3}, (1, 1, 1), OUT, Limit.CALLS),
        ({"max_calls": 3}, (1, 1, 1), IN, Limit.CALLS),
        ({"max_calls": 3}, (1, 1, 1), FORWARDED, Limit.CALLS),
        ({"max_calls_in": 1}, (0, 9, 9), IN, None),
        ({"max_calls_in": 1}, (1, 0, 0), IN, Limit.CALLS_IN),
        ({"max_calls_in": 1}, (1, 0, 0), OUT, None),
        ({"max_calls_out": 1}, (0, 1, 0), OUT, Limit.CALLS_OUT),
        ({"max_calls_out": 1}, (0, 1, 0), IN, None),
        ({"max_calls_forwarded": 1}, (9, 9, 1), FORWARDED, Limit.CALLS_FORWARDED),
        ({"max_calls_forwarded": 1}, (9, 9, 1), IN, None),
        # The widest limit is named first: it is the one to raise.
        ({"max_calls": 1, "max_calls_in": 1}, (1, 0, 0), IN, Limit.CALLS),
        ({"max_bandwidth": 174}, (1, 0, 0), IN, Limit.BANDWIDTH),
        ({"max_bandwidth": 175}, (1, 0, 0), IN, None),
        ({"max_bandwidth": 175}, (1, 1, 0), OUT, Limit.BANDWIDTH),
        ({"max_bandwidth": 175}, (1, 1, 0), FORWARDED, None),
        ({"max_bandwidth_in": 100}, (1, 0, 0), IN, Limit.BANDWIDTH_IN),
        ({"max_bandwidth_in": 100}, (1, 0, 0), OUT, None),
        ({"max_bandwidth_out": 100}, (0, 1, 0), OUT, Limit.BANDWIDTH_OUT),
        ({"max_bandwidth_out": 100}, (0, 1, 0), IN, None),
        ({"max_bandwidth": 100, "codec": Codec.G729}, (1, 0, 0), IN, Limit.BANDWIDTH),
    ],
)
def test_the_limit_that_refuses(limits, used, way, refusing):
    assert refusing_limit(Limits(**limits), busy(*used), way=way) is refusing


def test_calls_between_extensions_count_where_the_site_says_so():
    full = busy(1)
    assert refusing_limit(Limits(max_calls=1), full, way=IN, internal=True) is Limit.CALLS
    assert refusing_limit(Limits(max_calls=1, count_internal=False), full, way=IN, internal=True) is None
    assert refusing_limit(Limits(max_calls=1, count_internal=False), full, way=IN) is Limit.CALLS


def test_as_many_calls_are_allowed_as_are_said_to_fit():
    for codec in Codec:
        limits, used, calls = Limits(codec=codec, max_bandwidth=2_000), InUse(), 0
        while refusing_limit(limits, used, way=OUT) is None:
            used, calls = used.with_call(OUT, codec), calls + 1
        assert calls == calls_that_fit(codec, 2_000)
