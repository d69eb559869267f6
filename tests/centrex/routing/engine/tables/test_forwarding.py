"""Forwarding: the modes, the list of numbers, and what never happens."""

from datetime import timedelta
from decimal import Decimal

from centrex.routing.engine import Rate
from centrex.routing.features import AutoAttendant, Fax
from centrex.routing.plan import Action
from centrex.routing.policy import Policy
from centrex.routing.schedule import parse
from tests.centrex.routing.engine.changes import (
    DANA,
    company,
    dana,
    entry,
    forwards,
    has,
    line,
    policy,
    rule,
    screens,
)
from tests.centrex.routing.engine.office import ALICE, BOB, MONDAY_NOON
from tests.centrex.routing.engine.table import dials, outside, row, setting, table

PAGE = "centrex:line-forwarding"
MOBILE, OTHER, LONDON = "19175550123", "19175550124", "442071234567"
BY_DAY, BY_NIGHT = parse("hr{8-19}"), parse("hr{20-7}")
URI = "sip:bob@example.com"
THREE = (entry("19175550121"), entry("19175550122"), entry("19175550123"))

test_forwarding = table(
    setting(
        "Mode", "Line.forwarding", page=PAGE,
        with_=[
            row("follow-me", forwards(entry(), entry(OTHER)), outside(), rings=f"bob > {MOBILE} > {OTHER}"),
            row("advanced", forwards(entry(), entry(OTHER), mode="advanced"), outside(),
                rings=f"bob > {MOBILE} > {OTHER}"),
            row("SIP URI", forwards(mode="sip_uri", uri=URI), outside(), rings=f"bob > {URI}"),
            row("simple: the first number alone", forwards(entry(), entry(OTHER), mode="simple"), outside(),
                rings=f"bob > {MOBILE}"),
        ],
        without=[row("none", forwards(entry(), mode="none"), outside(), rings="bob")],
    ),
    setting(
        "Order", "ForwardOptions.order", page=PAGE,
        with_=[
            row("simultaneous", forwards(*THREE, order="simultaneous"), outside(),
                rings="bob > 19175550121 + 19175550122 + 19175550123"),
            row("random, by the lot of the call", forwards(*THREE, order="random"), outside(seed=1),
                rings="bob > 19175550122 > 19175550123 > 19175550121"),
            row("random, by the lot of another call", forwards(*THREE, order="random"), outside(seed=4),
                rings="bob > 19175550123 > 19175550122 > 19175550121"),
        ],
        without=[row("as listed", forwards(*THREE), outside(),
                     rings="bob > 19175550121 > 19175550122 > 19175550123")],
    ),
    setting(
        "Forward To", "ForwardOptions.to", page=PAGE,
        with_=[
            row("a number outside", forwards(entry(ring_seconds=60), mode="simple"), outside(), rings=f"bob > {MOBILE}",
                times=[(0, 30), (0, 60)]),
            row("a colleague", forwards(entry("201"), mode="simple"), outside(), rings="bob > alice"),
        ],
        without=[row("nothing is kept", forwards(mode="simple"), outside(), rings="bob")],
    ),
    setting(
        "SIP URI", "ForwardOptions.uri", page=PAGE,
        with_=[row("is rung", forwards(mode="sip_uri", uri=URI), outside(), rings=f"bob > {URI}")],
        without=[row("does not count in another mode", forwards(entry(), uri=URI), outside(), rings=f"bob > {MOBILE}")],
    ),
    setting(
        "Transport of the SIP URI", "ForwardOptions.transport", page=PAGE,
        with_=[row("TCP", forwards(mode="sip_uri", uri=URI, transport="tcp"), outside(), transport="tcp")],
        without=[row("UDP", forwards(mode="sip_uri", uri=URI), outside(), transport="udp")],
    ),
    setting(
        "Place in the list", "ForwardNumber.position", page=PAGE,
        with_=[row("first is first", forwards(entry(), entry(OTHER)), outside(), rings=f"bob > {MOBILE} > {OTHER}")],
        without=[row("changed about", forwards(entry(OTHER), entry()), outside(), rings=f"bob > {OTHER} > {MOBILE}")],
    ),
    setting(
        "Enable Rule", "ForwardNumber.enabled", page=PAGE,
        with_=[row("rings", forwards(entry(), entry(OTHER)), outside(), rings=f"bob > {MOBILE} > {OTHER}")],
        without=[row("is passed over", forwards(entry(enabled=False), entry(OTHER)), outside(),
                     rings=f"bob > {OTHER}")],
    ),
    setting(
        "Number", "ForwardNumber.number", page=PAGE,
        with_=[
            row("outside", forwards(entry(LONDON)), outside(), rings=f"bob > {LONDON}"),
            row("a colleague's extension", forwards(entry("201")), outside(), rings="bob > alice"),
            row("a colleague's ID", forwards(entry("12125550101")), outside(), rings="bob > alice"),
            row("a colleague who forwards on", forwards(entry("201")), forwards(entry(), line=ALICE), outside(),
                rings=f"bob > alice > {MOBILE}", hops=[0, 1, 2]),
            row("a colleague's auto attendant answers", forwards(entry("201")), has(ALICE, AutoAttendant()), outside(),
                rings="bob > attendant 201"),
            row("a colleague's fax answers", forwards(entry("201")), has(ALICE, Fax(fax_only=True)), outside(),
                rings="bob > fax 201"),
            row("a colleague's voicemail takes no call of another's", forwards(entry("201")), outside(),
                rings="bob > alice", then="voicemail"),
            row("a colleague's rule may send it on", forwards(entry("201")),
                screens(rule(Action(number=MOBILE)), line=ALICE), outside(), rings=f"bob > {MOBILE}"),
        ],
        without=[
            row("one's own number is left out", forwards(entry("202"), entry()), outside(), rings=f"bob > {MOBILE}",
                left_out=["forward.loop"]),
            row("one's own ID is left out", forwards(entry("12125550102")), outside(), rings="bob",
                left_out=["forward.loop"]),
            row("an extension without a line", forwards(entry("203")), outside(), rings="bob",
                left_out=["forward.not_assigned"]),
            row("a huntgroup", forwards(entry("88")), outside(), rings="bob", left_out=["forward.not_assigned"]),
            row("an emergency number", forwards(entry("911")), outside(), rings="bob",
                left_out=["forward.not_assigned"]),
            row("where the call has been", forwards(entry()), outside(hops=1, passed=(MOBILE,)), rings="bob",
                left_out=["forward.loop"]),
            row("two that forward to each other", forwards(entry("201")), forwards(entry("202"), line=ALICE), outside(),
                rings="bob > alice", left_out=["forward.loop"]),
            row("three in a circle", dana(), forwards(entry("201")), forwards(entry("204"), line=ALICE),
                forwards(entry("202"), line=DANA), outside(), rings="bob > alice > dana", left_out=["forward.loop"]),
            row("nobody is rung twice", dana(), forwards(entry("201"), entry("204")),
                forwards(entry("204"), line=ALICE), outside(), rings="bob > alice > dana",
                left_out=["forward.again"]),
            row("after four times once more", forwards(entry()), outside(hops=4), rings=f"bob > {MOBILE}",
                hops=[4, 5]),
            row("after five times no more", forwards(entry()), outside(hops=5), rings="bob",
                left_out=["forward.too_often"]),
            row("an address after five times", forwards(mode="sip_uri", uri=URI), outside(hops=5), rings="bob",
                left_out=["forward.too_often"]),
            row("after six times the call itself is refused", outside(hops=6), refused="loop"),
            row("after six times no group rings", dials("88", hops=6), refused="loop"),
            row("after six times help is reached", dials("911", hops=6), rings="911", help=True),
            row("what the ITSP lets nobody call", policy(Policy(denied=("44%",))), forwards(entry(LONDON), entry()),
                outside(), rings=f"bob > {MOBILE}", left_out=["forward.barred"]),
        ],
    ),
    setting(
        "Ring for", "ForwardNumber.ring_seconds", page=PAGE,
        with_=[row("its own time", forwards(entry(ring_seconds=45)), outside(), times=[(0, 30), (0, 45)]),
               row("at a colleague's", forwards(entry("201", ring_seconds=7)), outside(), times=[(0, 30), (0, 7)])],
        without=[row("as usual", forwards(entry()), outside(), times=[(0, 30), (0, 20)])],
    ),
    setting(
        "Calling Party Display", "ForwardNumber.display", page=PAGE,
        with_=[
            row("caller number and forwarder name", forwards(entry(display="caller_forwarder")), outside(name="Mum"),
                last_sees="442079460000 Bob"),
            row("forwarder number and name", forwards(entry(display="forwarder")), outside(name="Mum"),
                last_sees="12125550102 Bob"),
            row("a hidden caller stays hidden", forwards(entry(display="caller_forwarder")), outside(caller=""),
                last_sees="hidden"),
        ],
        without=[row("caller number and name", forwards(entry()), outside(name="Mum"), last_sees="442079460000 Mum")],
    ),
    setting(
        "Ring Schedule", "ForwardNumber.period", page=PAGE,
        with_=[
            row("its time", forwards(entry(period=BY_DAY), entry(OTHER, period=BY_NIGHT)), outside(),
                rings=f"bob > {MOBILE}", left_out=["forward.not_now"]),
            row("at night", forwards(entry(period=BY_DAY), entry(OTHER, period=BY_NIGHT)), outside(),
                at=MONDAY_NOON + timedelta(hours=10), rings=f"bob > {OTHER}", left_out=["forward.not_now"]),
            row("two that forward to each other, by day and by night", forwards(entry("201", period=BY_DAY)),
                forwards(entry("202", period=BY_NIGHT), line=ALICE), outside(), rings="bob > alice",
                left_out=["forward.not_now"]),
        ],
        without=[row("always", forwards(entry(), entry(OTHER)), outside(), rings=f"bob > {MOBILE} > {OTHER}")],
    ),
    setting(
        "Answer counts after pressing a key", "ForwardNumber.must_accept", page=PAGE,
        with_=[row("outside", forwards(entry(must_accept=True)), outside(), must_accept=True),
               row("at a colleague's", forwards(entry("201", must_accept=True)), outside(), must_accept=True)],
        without=[row("at once", forwards(entry()), outside(), must_accept=False)],
    ),
    setting(
        "SIP Proxy", "ForwardNumber.proxy", "SipProxy.address", page=PAGE,
        with_=[row("by way of it", forwards(entry(proxy="sip.example.com"), mode="advanced"), outside(),
                   proxy="sip.example.com")],
        without=[row("directly", forwards(entry(), mode="advanced"), outside(), proxy="")],
    ),
    setting(
        "Keep Original CLD", "ForwardNumber.keep_cld", page=PAGE,
        with_=[row("the called number stays", forwards(entry(keep_cld=True), mode="advanced"), outside(),
                   last_called="12125550999")],
        without=[row("it is the number that is forwarded to", forwards(entry(), mode="advanced"), outside(),
                     last_called=MOBILE)],
    ),
    setting(
        "Transport Protocol", "ForwardNumber.transport", page=PAGE,
        with_=[row("TCP", forwards(entry(transport="tcp"), mode="advanced"), outside(), transport="tcp")],
        without=[row("UDP", forwards(entry(), mode="advanced"), outside(), transport="udp")],
    ),
)  # fmt: skip

test_money = table(
    setting(
        "Credit limit", "Customer.credit_limit", page="admin:selfcare_customer_changelist",
        with_=[
            row("nothing is left: no call outside", company(available=Decimal(0)), dials("2125551234"),
                refused="no_funds"),
            row("but inside", company(available=Decimal(0)), dials("202"), rings="bob"),
            row("and for help", company(available=Decimal(-5)), dials("911"), rings="911", help=True),
            row("as long as the money lasts", company(available=Decimal(5)),
                dials("2125551234", price=Decimal("0.50"), connect_fee=Decimal(1)), longest=480),
            row("never longer than four hours", company(available=Decimal(10000)),
                dials("2125551234", price=Decimal("0.01")), longest=4 * 3600),
            row("what is free takes its fee alone", company(available=Decimal(1)),
                dials("2125551234", price=Decimal(0), connect_fee=Decimal(2)), refused="no_funds"),
            row("the line that forwards pays", company(available=Decimal(5)), forwards(entry()),
                outside(rates={MOBILE: Rate(Decimal("0.50"), Decimal(1))}), rings=f"bob > {MOBILE}", last_longest=480),
            row("nothing is left: it rings, but forwards inside only", company(available=Decimal(0)),
                forwards(entry(), entry("201")), outside(), rings="bob > alice", left_out=["forward.no_funds"]),
            row("too little for this number, enough for that", company(available=Decimal(1)),
                forwards(entry(LONDON), entry()),
                outside(rates={LONDON: Rate(Decimal(1), Decimal(2)), MOBILE: Rate(Decimal(1))}),
                rings=f"bob > {MOBILE}", left_out=["forward.no_funds"], last_longest=60),
        ],
        without=[
            row("no limit", dials("2125551234", price=Decimal("0.50")), longest=None),
            row("no limit for a forwarding", forwards(entry()), outside(rates={MOBILE: Rate(Decimal("0.50"))}),
                last_longest=None),
        ],
    ),
)  # fmt: skip

test_spending_limits = table(
    setting(
        "Limit for a day", "SpendLimits.daily_limit", page="billing:alerts",
        with_=[
            row("it is reached: no call outside", company(limit_left=Decimal(0)), dials("2125551234"),
                refused="spending_limit"),
            row("a call cost more than was left", company(limit_left=Decimal(-3)), dials("2125551234"),
                refused="spending_limit"),
            row("but inside", company(limit_left=Decimal(0)), dials("202"), rings="bob"),
            row("and for help", company(limit_left=Decimal(-5)), dials("911"), rings="911", help=True),
            row("as long as it lasts, though there is money", company(available=Decimal(500), limit_left=Decimal(5)),
                dials("2125551234", price=Decimal("0.50"), connect_fee=Decimal(1)), longest=480),
            row("and no longer than the money", company(available=Decimal(5), limit_left=Decimal(500)),
                dials("2125551234", price=Decimal("0.50"), connect_fee=Decimal(1)), longest=480),
            row("the money is what is missing", company(available=Decimal(0), limit_left=Decimal(0)),
                dials("2125551234"), refused="no_funds"),
            row("it rings, but forwards inside only", company(limit_left=Decimal(0)),
                forwards(entry(), entry("201")), outside(), rings="bob > alice", left_out=["forward.spending_limit"]),
        ],
        without=[row("no limit", dials("2125551234", price=Decimal("0.50")), longest=None)],
    ),
    setting(
        "Limit of a phone line", "LineLimit.daily_limit", page="billing:alerts",
        with_=[
            row("it is reached", line(ALICE, limit_left=Decimal(0)), dials("2125551234"), refused="spending_limit"),
            row("and for help", line(ALICE, limit_left=Decimal(0)), dials("911"), rings="911", help=True),
            row("the lower of two counts", company(limit_left=Decimal(50)), line(ALICE, limit_left=Decimal(5)),
                dials("2125551234", price=Decimal("0.50")), longest=600),
            row("the line that forwards pays", line(BOB, limit_left=Decimal(5)), forwards(entry()),
                outside(rates={MOBILE: Rate(Decimal("0.50"), Decimal(1))}), rings=f"bob > {MOBILE}", last_longest=480),
        ],
        without=[
            row("that of a colleague", line(BOB, limit_left=Decimal(0)), dials("2125551234"), rings="12125551234"),
        ],
    ),
)  # fmt: skip
