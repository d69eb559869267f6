"""Codes of the company: Paging / Intercom, Group Pickup, Call Parking; and the ring between colleagues."""

from centrex.routing.features import Answering
from centrex.routing.hunting import Member
from tests.centrex.routing.engine.changes import (
    another_extension,
    berta,
    codes,
    company,
    dana,
    entry,
    forwards,
    group,
    has,
    line,
    members,
)
from tests.centrex.routing.engine.office import ALICE, BOB, SALES
from tests.centrex.routing.engine.table import dials, outside, row, setting, table

GENERAL, INCOMING = "centrex:general", "centrex:incoming"
PAGED = ["Alert-Info", "Answer-Mode"]
NONE = codes(hide_cli="*67")

test_services = table(
    setting(
        "Paging / Intercom", "CompanySettings.paging_enabled", page=GENERAL,
        with_=[
            row("the phone answers by itself", dials("*33202"), rings="bob", headers=PAGED, times=[(0, 20)]),
            row("nothing is forwarded", forwards(entry()), dials("*33202"), rings="bob", then=""),
            row("who talks is left alone", dials("*33202"), only_idle=True),
            row("all phones of a group, but one's own", dials("*3388"), rings="bob", headers=PAGED),
            row("all phones of a group", dana(), dials("*3388", line=4), rings="alice + bob"),
            row("who is not to be disturbed is left alone in a group", dana(), has(BOB, Answering(ring=False)),
                dials("*3388", line=4), rings="alice"),
            row("nobody is in the group", members(SALES, Member(1)), dials("*3388"), refused="empty_group"),
            row("an extension without a line", dials("*33203"), refused="not_assigned"),
            row("no number", dials("*33"), refused="not_assigned"),
        ],
        without=[row("switched off", NONE, dials("*33202"), refused="not_recognised"),
                 row("an ordinary call does not answer by itself", dials("202"), headers=[])],
    ),
    setting(
        "Paging / Intercom Prefix", "CompanySettings.paging_prefix", page=GENERAL,
        with_=[row("another code", codes(paging="*55"), dials("*55202"), rings="bob", headers=PAGED)],
        without=[row("the former code is none any more", codes(paging="*55"), dials("*33202"),
                     refused="not_recognised")],
    ),
    setting(
        "Ext-to-Ext call distinctive ring", "CompanySettings.distinctive_ring", page=INCOMING,
        with_=[
            row("a colleague", company(distinctive_ring=True), dials("202"), headers=["Alert-Info"]),
            row("a colleague calls the group", company(distinctive_ring=True), dials("88"), headers=["Alert-Info"]),
        ],
        without=[
            row("switched off", dials("202"), headers=[]),
            row("a call from outside", company(distinctive_ring=True), outside(), headers=[]),
        ],
    ),
    setting(
        "Group Pickup", "CompanySettings.pickup_enabled", page=INCOMING,
        with_=[
            row("the primary group", dials("*77"), rings="pickup 88"),
            row("a named group", dials("*7788"), rings="pickup 88"),
            row("a group one is in, though another is primary", members(2, Member(1)), group(2, pickup_allowed=True),
                dials("*7789"), rings="pickup 89"),
            row("it is a call of the line that takes it", dials("*77"), account=ALICE),
            row("not a member", dials("*7789"), refused="pickup", because="not_a_member"),
            row("a number that is no group", dials("*77202"), refused="pickup", because="not_a_member"),
            row("a line without an extension", line(ALICE, extension="", primary_group=""), dials("*7788"),
                refused="pickup", because="not_a_member"),
        ],
        without=[row("switched off", NONE, dials("*77"), refused="not_recognised")],
    ),
    setting(
        "Group Pickup Prefix", "CompanySettings.pickup_prefix", page=INCOMING,
        with_=[row("another code", codes(pickup="*40"), dials("*40"), rings="pickup 88")],
        without=[row("the former code is none any more", codes(pickup="*40"), dials("*77"), refused="not_recognised")],
    ),
    setting(
        "Call Parking", "CompanySettings.parking_enabled", page=INCOMING,
        with_=[
            row("parks", codes(park="*70", release="*71"), dials("*70"), rings="park"),
            row("takes back", codes(park="*70", release="*71"), dials("*71"), rings="retrieve"),
        ],
        without=[row("switched off: parks nothing", NONE, dials("*70"), refused="not_recognised"),
                 row("switched off: takes nothing back", NONE, dials("*71"), refused="not_recognised")],
    ),
    setting(
        "Park Prefix", "CompanySettings.park_prefix", page=INCOMING,
        with_=[
            row("another code", codes(park="*50", release="*51"), dials("*50"), rings="park"),
            row("at a place of one's choice", codes(park="*70", release="*71"), dials("*703"), rings="park 3"),
            row("a place is a number", codes(park="*70", release="*71"), dials("*70#"), refused="not_recognised"),
        ],
        without=[row("the former code is none any more", codes(park="*50", release="*51"), dials("*70"),
                     refused="not_recognised")],
    ),
    setting(
        "Release Prefix", "CompanySettings.release_prefix", page=INCOMING,
        with_=[row("another code", codes(park="*50", release="*51"), dials("*51"), rings="retrieve"),
               row("from a place", codes(park="*70", release="*71"), dials("*713"), rings="retrieve 3")],
        without=[row("the former code is none any more", codes(park="*50", release="*51"), dials("*71"),
                     refused="not_recognised")],
    ),
    setting(
        "Extension Number", "Extension.number", page="centrex:extensions",
        with_=[
            row("rings its line", dials("202"), rings="bob", called="202", account=BOB),
            row("in a branch office", berta(), dials("301"), rings="berta"),
            row("from a branch office", berta(), dials("202", line=5), rings="bob", sees="301 Berta"),
            row("a second one for a line", another_extension(6, "206", BOB), dials("206"), rings="bob"),
        ],
        without=[row("another number leads nowhere", dials("209"), refused="not_recognised")],
    ),
)  # fmt: skip
