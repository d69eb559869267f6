"""Addresses that calls may be forwarded to: plain public ones, and nothing that steers a call elsewhere or inside."""

import pytest

from centrex.routing.sip_uri import Fault, SipUri, UriError, read

OWN = ("sip.itsp.example",)


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("sip:bob@pbx.example.com", SipUri("sip", "bob", "pbx.example.com")),
        ("sips:bob.smith+1@PBX.example.com:5061", SipUri("sips", "bob.smith+1", "pbx.example.com", 5061)),
        (" sip:+12125550102@93.184.216.34 ", SipUri("sip", "+12125550102", "93.184.216.34")),
        ("sip:bob@[2606:2800:220:1:248:1893:25c8:1946]:5070",
         SipUri("sip", "bob", "[2606:2800:220:1:248:1893:25c8:1946]", 5070)),
    ],
)  # fmt: skip
def test_what_is_an_address(text, uri):
    assert read(text, own=OWN) == uri
    assert read(str(uri)) == uri


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.SYNTAX), ("bob@example.com", Fault.SYNTAX), ("tel:+12125550102", Fault.SYNTAX),
        ("sip:example.com", Fault.SYNTAX), ("sip:bob@a@example.com", Fault.SYNTAX),
        ("sip:bob@example.com;maddr=10.0.0.1", Fault.SYNTAX), ("sip:bob@example.com?Route=x", Fault.SYNTAX),
        ("sip:bob@example.com\r\nVia: x", Fault.SYNTAX), ("sip:bob@example.com\n", None),
        ("sip:bob:secret@example.com", Fault.SYNTAX), ("sip:bob@exämple.com", Fault.SYNTAX),
        ("sip:b;ext=1@example.com", Fault.USER), ("sip:b%40x@example.com", Fault.USER),
        ("sip:bob@example", Fault.HOST), ("sip:bob@-a.example.com", Fault.HOST), ("sip:bob@a..com", Fault.HOST),
        ("sip:bob@2130706433", Fault.HOST), ("sip:bob@127.1", Fault.HOST), ("sip:bob@0x7f.0.0.0x1", Fault.HOST),
        ("sip:bob@example.com:0", Fault.PORT), ("sip:bob@example.com:65536", Fault.PORT),
        ("sip:bob@10.1.2.3", Fault.PRIVATE), ("sip:bob@127.0.0.1", Fault.PRIVATE), ("sip:bob@[::1]", Fault.PRIVATE),
        ("sip:bob@169.254.169.254", Fault.PRIVATE), ("sip:bob@100.64.0.1", Fault.PRIVATE),
        ("sip:bob@[::ffff:192.168.1.1]", Fault.PRIVATE), ("sip:bob@224.0.1.1", Fault.PRIVATE),
        ("sip:bob@localhost", Fault.PRIVATE), ("sip:bob@pbx.local", Fault.PRIVATE),
        ("sip:bob@db.internal.", Fault.PRIVATE),
        ("sip:bob@sip.itsp.example", Fault.OWN), ("sip:bob@a.SIP.itsp.example", Fault.OWN),
        ("sip:bob@" + "a" * 300 + ".com", Fault.SYNTAX),
    ],
)  # fmt: skip
def test_what_is_none(text, fault):
    if fault is None:  # a blank at the end does not count
        assert read(text, own=OWN).host == "example.com"
        return
    with pytest.raises(UriError) as refusal:
        read(text, own=OWN)
    assert refusal.value.fault is fault
