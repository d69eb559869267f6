"""How many calls at a time: of a line, of a site, of the whole company."""

from centrex.routing.bandwidth import Codec
from centrex.routing.bandwidth import Limits as SiteLimits
from centrex.routing.features import Limits
from centrex.routing.hunting import Member
from tests.centrex.routing.engine.changes import berta, company, entry, forwards, has, members, site
from tests.centrex.routing.engine.office import ALICE, BOB, SALES
from tests.centrex.routing.engine.table import dials, outside, row, setting, table

LINE, SITE, COMPANY = "centrex:line", "centrex:site-edit", "centrex:outgoing"
OUT = "2125551234"

test_limits = table(
    setting(
        "Limit calls of the line", "Limits.enabled", page=LINE,
        with_=[row("counted", has(ALICE, Limits(max_calls=2)), dials(OUT), limits={"line:1": 2})],
        without=[row("not counted", has(ALICE, Limits(max_calls=2), enabled=False), dials(OUT), limits={})],
    ),
    setting(
        "Calls at a time", "Limits.max_calls", page=LINE,
        with_=[
            row("out", has(ALICE, Limits(max_calls=2)), dials(OUT), limits={"line:1": 2}),
            row("in", has(BOB, Limits(max_calls=2)), outside(), limits={"line:2": 2}),
            row("caller and called", has(ALICE, Limits(max_calls=2)), has(BOB, Limits(max_calls=3)), dials("202"),
                limits={"line:1": 2, "line:2": 3}),
            row("a member of a group that is full is passed over, and the call goes on", has(BOB, Limits(max_calls=3)),
                members(SALES, Member(2)), dials("88"), limits={}, last_limits={"line:2": 3}),
            row("a colleague that is forwarded to", has(ALICE, Limits(max_calls=2)), forwards(entry("201")), outside(),
                limits={}, last_limits={"line:1": 2}),
            row("who takes a call by pickup", has(ALICE, Limits(max_calls=2)), dials("*77"), limits={"line:1": 2}),
            row("a call for help is not counted", has(ALICE, Limits(max_calls=2)), dials("911"), limits={}),
        ],
        without=[row("no number", has(ALICE, Limits()), dials(OUT), limits={})],
    ),
    setting(
        "Incoming calls at a time", "Limits.max_calls_in", page=LINE,
        with_=[
            row("in", has(BOB, Limits(max_calls_in=1)), outside(), limits={"line:2:in": 1}),
            row("paged", has(BOB, Limits(max_calls_in=1)), dials("*33202"), limits={"line:2:in": 1}),
            row("in a group", has(BOB, Limits(max_calls_in=1)), members(SALES, Member(2)), dials("88"),
                last_limits={"line:2:in": 1}),
        ],
        without=[row("out", has(BOB, Limits(max_calls_in=1)), dials(OUT, line=BOB), limits={})],
    ),
    setting(
        "Outgoing calls at a time", "Limits.max_calls_out", page=LINE,
        with_=[
            row("out", has(ALICE, Limits(max_calls_out=1)), dials(OUT), limits={"line:1:out": 1}),
            row("to a colleague", has(ALICE, Limits(max_calls_out=1)), dials("202"), limits={"line:1:out": 1}),
            row("to a group", has(ALICE, Limits(max_calls_out=1)), dials("88"), limits={"line:1:out": 1}),
            row("to an abbreviated number", has(ALICE, Limits(max_calls_out=1)), dials("701"),
                limits={"line:1:out": 1}),
        ],
        without=[row("in", has(BOB, Limits(max_calls_out=1)), outside(), limits={})],
    ),
    setting(
        "Forwarded calls at a time", "Limits.max_calls_forwarded", page=LINE,
        with_=[
            row("a forwarding counts, not the call", has(BOB, Limits(max_calls_forwarded=1)), forwards(entry()),
                dials("202"), limits={}, last_limits={"line:2:forwarded": 1}),
            row("to an address", has(BOB, Limits(max_calls_forwarded=1)),
                forwards(mode="sip_uri", uri="sip:bob@example.com"), dials("202"), last_limits={"line:2:forwarded": 1}),
            row("to a colleague", has(BOB, Limits(max_calls_forwarded=1)), forwards(entry("201")), outside(),
                last_limits={"line:2:forwarded": 1}),
        ],
        without=[row("nothing is forwarded", has(BOB, Limits(max_calls_forwarded=1)), dials("202"), limits={},
                     last_limits={})],
    ),
    setting(
        "Limit Simultaneous Calls", "CompanySettings.limit_calls", "CompanySettings.max_calls", page=COMPANY,
        with_=[
            row("out", company(max_calls=9), dials(OUT), limits={"customer:1": 9}),
            row("in", company(max_calls=9), outside(), limits={"customer:1": 9}),
            row("of a branch and of the main office", berta(), company(max_calls=9), company(2, max_calls=4),
                dials("301"), limits={"customer:1": 9, "customer:2": 4}),
        ],
        without=[row("no limit", dials(OUT), limits={})],
    ),
    setting(
        "Limit Simultaneous Calls of a site", "Site.limit_calls", "Site.max_calls", "Line.site", page=SITE,
        with_=[
            row("out", site(ALICE, SiteLimits(max_calls=5)), dials(OUT), limits={"site:4": 5}),
            row("in", site(BOB, SiteLimits(max_calls=5)), outside(), limits={"site:4": 5}),
            row("a member of a group", site(BOB, SiteLimits(max_calls=5)), members(SALES, Member(2)), dials("88"),
                last_limits={"site:4": 5}),
        ],
        without=[row("no limit", site(ALICE, SiteLimits()), dials(OUT), limits={}),
                 row("a line elsewhere", site(BOB, SiteLimits(max_calls=5)), dials(OUT), limits={})],
    ),
    setting(
        "Max Number of Incoming Calls", "Site.max_calls_in", page=SITE,
        with_=[row("in", site(BOB, SiteLimits(max_calls_in=3)), outside(), limits={"site:4:in": 3})],
        without=[row("out", site(BOB, SiteLimits(max_calls_in=3)), dials(OUT, line=BOB), limits={})],
    ),
    setting(
        "Max Number of Outgoing Calls", "Site.max_calls_out", page=SITE,
        with_=[row("out", site(BOB, SiteLimits(max_calls_out=3)), dials(OUT, line=BOB), limits={"site:4:out": 3})],
        without=[row("in", site(BOB, SiteLimits(max_calls_out=3)), outside(), limits={})],
    ),
    setting(
        "Max Number of Forwarded Calls", "Site.max_calls_forwarded", page=SITE,
        with_=[row("forwarded", site(BOB, SiteLimits(max_calls_forwarded=2)), forwards(entry()), outside(),
                   last_limits={"site:4:forwarded": 2})],
        without=[row("not forwarded", site(BOB, SiteLimits(max_calls_forwarded=2)), outside(), limits={},
                     last_limits={})],
    ),
    setting(
        "Calls between extensions count too", "Site.count_internal", page=SITE,
        with_=[row("inside", site(BOB, SiteLimits(max_calls=5)), dials("202"), limits={"site:4": 5})],
        without=[
            row("inside", site(BOB, SiteLimits(max_calls=5, count_internal=False)), dials("202"), limits={}),
            row("from outside it counts all the same", site(BOB, SiteLimits(max_calls=5, count_internal=False)),
                outside(), limits={"site:4": 5}),
        ],
    ),
    setting(
        "Codec Connectivity Profile", "Site.codecs", page=SITE,
        with_=[row("G.729 takes little", site(ALICE, SiteLimits(codec=Codec.G729, max_bandwidth=1000)), dials(OUT),
                   limits={"site:4:bandwidth": 32})],
        without=[row("any counts as the widest", site(ALICE, SiteLimits(max_bandwidth=1000)), dials(OUT),
                     limits={"site:4:bandwidth": 11})],
    ),
    setting(
        "Max Bandwidth", "Site.max_bandwidth", page=SITE,
        with_=[row("as many calls as fit", site(ALICE, SiteLimits(codec=Codec.G711, max_bandwidth=1000)), dials(OUT),
                   limits={"site:4:bandwidth": 11})],
        without=[row("no limit", site(ALICE, SiteLimits(codec=Codec.G711)), dials(OUT), limits={})],
    ),
    setting(
        "Max Incoming Bandwidth", "Site.max_bandwidth_in", page=SITE,
        with_=[row("in", site(BOB, SiteLimits(codec=Codec.G711, max_bandwidth_in=200)), outside(),
                   limits={"site:4:in:bandwidth": 2})],
        without=[row("out", site(ALICE, SiteLimits(codec=Codec.G711, max_bandwidth_in=200)), dials(OUT), limits={})],
    ),
    setting(
        "Max Outgoing Bandwidth", "Site.max_bandwidth_out", page=SITE,
        with_=[row("out", site(ALICE, SiteLimits(codec=Codec.G711, max_bandwidth_out=200)), dials(OUT),
                   limits={"site:4:out:bandwidth": 2})],
        without=[row("in", site(BOB, SiteLimits(codec=Codec.G711, max_bandwidth_out=200)), outside(), limits={})],
    ),
)  # fmt: skip
