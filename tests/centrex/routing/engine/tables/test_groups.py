"""Huntgroups and call queues."""

from datetime import UTC, datetime

from centrex.routing.features import Recording
from centrex.routing.hunting import Inclusion, Member
from centrex.routing.plan import Queue
from tests.centrex.routing.engine.changes import (
    another_extension,
    company,
    dana,
    entry,
    extension,
    forwards,
    group,
    has,
    includes,
    line,
    members,
    queue,
)
from tests.centrex.routing.engine.office import ALICE, BOB, SALES, SUPPORT
from tests.centrex.routing.engine.table import dials, row, setting, table

PAGE, MEMBERS, QUEUES = "centrex:huntgroups", "centrex:huntgroup-members", "centrex:queues"
MOBILE = "19175550123"
EARLY, LATE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
HEEDED = Member(1, ignore_forwarding=False)

test_groups = table(
    setting(
        "Huntgroup Number", "Huntgroup.number", page=PAGE,
        with_=[row("is dialled", dials("88"), rings="alice > bob", called="201")],
        without=[row("another is no number", dials("87"), refused="not_recognised")],
    ),
    setting(
        "Hunt Sequence", "Huntgroup.sequence", "Line.last_used_at", page=PAGE,
        with_=[
            row("simultaneous", group(sequence="simultaneous"), dials("88"), rings="alice + bob"),
            row("simultaneous with a forwarding", group(sequence="simultaneous"), members(SALES, HEEDED, Member(2)),
                forwards(entry(), line=ALICE), dials("88"), rings=f"alice + {MOBILE} + bob > voicemail 201"),
            row("random, by the lot of the call", group(sequence="random"), dials("88", seed=1), rings="bob > alice"),
            row("random, by the lot of another call", group(sequence="random"), dials("88", seed=5),
                rings="alice > bob"),
            row("least used: never used is first", group(sequence="least_used"), line(ALICE, last_used=EARLY),
                dials("88"), rings="bob > alice"),
            row("least used: unused the longest is first", group(sequence="least_used"), line(ALICE, last_used=EARLY),
                line(BOB, last_used=LATE), dials("88"), rings="alice > bob"),
        ],
        without=[row("order", line(ALICE, last_used=LATE), dials("88"), rings="alice > bob")],
    ),
    setting(
        "Caller ID", "Huntgroup.caller_id", "Huntgroup.name", page=PAGE,
        with_=[
            row("name and CLI of the huntgroup", group(caller_id="group"), dials("88"), sees="88 Sales"),
            row("name of the huntgroup, CLI of the caller", group(caller_id="group_name"), dials("88"),
                sees="201 Sales"),
            row("a hidden caller stays hidden", group(caller_id="group_name"), dials("*6788"), sees="hidden"),
        ],
        without=[row("keep original", dials("88"), sees="201 Alice")],
    ),
    setting(
        "Call Pickup Allowed", "Huntgroup.pickup_allowed", page=PAGE,
        with_=[row("a member takes the call", dials("*7788"), rings="pickup 88")],
        without=[row("nobody does", group(pickup_allowed=False), dials("*7788"), refused="pickup",
                     because="not_allowed")],
    ),
    setting(
        "Included Extensions", "HuntgroupMember.extension", page=MEMBERS,
        with_=[
            row("rings", members(SALES, Member(2)), dials("88"), rings="bob"),
            row("without a phone line it is left out", members(SALES, Member(3), Member(1)), dials("88"), rings="alice",
                left_out=["group.no_line"]),
            row("a blocked phone line is left out", line(ALICE, blocked=True), dials("88", line=BOB), rings="bob",
                left_out=["group.blocked"]),
            row("an extension for a colleague's second phone", another_extension(6, "206", BOB),
                members(SALES, Member(6)), dials("88"), rings="bob", called="206"),
        ],
        without=[
            row("nobody is in it", members(SALES), dials("88"), refused="empty_group"),
            row("nobody has a phone", members(SALES, Member(3)), dials("88"), refused="empty_group"),
            row("a suspended company", company(active=False), dials("88"), refused="suspended"),
        ],
    ),
    setting(
        "Order", "HuntgroupMember.position", page=MEMBERS,
        with_=[row("first is first", members(SALES, Member(1), Member(2)), dials("88"), rings="alice > bob")],
        without=[row("changed about", members(SALES, Member(2), Member(1)), dials("88"), rings="bob > alice")],
    ),
    setting(
        "Ring Delay, sec", "HuntgroupMember.ring_delay", page=MEMBERS,
        with_=[row("later", members(SALES, Member(1, ring_delay=5, ring_time=20)), dials("88"), times=[(5, 20)])],
        without=[row("at once", members(SALES, Member(1, ring_time=20)), dials("88"), times=[(0, 20)])],
    ),
    setting(
        "Ring Time, sec", "HuntgroupMember.ring_time", page=MEMBERS,
        with_=[row("for so long", members(SALES, Member(1, ring_time=7)), dials("88"), times=[(0, 7)])],
        without=[
            row("empty: without end", members(SALES, Member(1)), dials("88"), times=[(0, None)]),
            row("empty, with the line's settings: as long as they say", members(SALES, HEEDED), dials("88"),
                rings="alice > voicemail 201", times=[(0, 30), (0, None)]),
        ],
    ),
    setting(
        "Ignore Follow-me/Voicemail", "HuntgroupMember.ignore_forwarding", page=MEMBERS,
        with_=[row("the phone alone", members(SALES, Member(1)), forwards(entry(), line=ALICE), dials("88"),
                   rings="alice")],
        without=[
            row("forwarding and voicemail follow", members(SALES, HEEDED), forwards(entry(), line=ALICE), dials("88"),
                rings=f"alice > {MOBILE} > voicemail 201"),
            row("then the next member", members(SALES, HEEDED, Member(2)), dials("88"),
                rings="alice > voicemail 201 > bob"),
        ],
    ),
    setting(
        "Primary Group", "Extension.primary_group", page=MEMBERS,
        with_=[row("the code alone takes its call", dials("*77"), rings="pickup 88")],
        without=[row("none: the code alone takes nothing", line(ALICE, primary_group=""), dials("*77"),
                     refused="pickup", because="no_primary_group")],
    ),
    setting(
        "Included Huntgroups", "IncludedHuntgroup.included", page=MEMBERS,
        with_=[
            row("its phones ring", members(SALES, Member(1)), includes(SALES, Inclusion(SUPPORT)), dials("88"),
                rings="alice > bob"),
            row("each phone once", includes(SALES, Inclusion(SUPPORT)), dials("88"), rings="alice > bob"),
            row("a circle ends", members(SALES, Member(1)), includes(SALES, Inclusion(SUPPORT)),
                includes(SUPPORT, Inclusion(SALES)), dials("88"), rings="alice > bob"),
            row("an empty group with one inside", members(SALES), includes(SALES, Inclusion(SUPPORT)), dials("88"),
                rings="bob"),
        ],
        without=[row("its own phones alone", members(SALES, Member(1)), dials("88"), rings="alice")],
    ),
    setting(
        "Place of an included huntgroup", "IncludedHuntgroup.position", page=MEMBERS,
        with_=[row("first is first", dana(), members(SALES), members(3, Member(4)),
                   includes(SALES, Inclusion(SUPPORT), Inclusion(3)), dials("88"), rings="bob > dana")],
        without=[row("changed about", dana(), members(SALES), members(3, Member(4)),
                     includes(SALES, Inclusion(3), Inclusion(SUPPORT)), dials("88"), rings="dana > bob")],
    ),
    setting(
        "Ignore Follow-me/Voicemail of a group inside", "IncludedHuntgroup.ignore_forwarding", page=MEMBERS,
        with_=[row("for all that it rings", members(SALES), members(SUPPORT, HEEDED),
                   includes(SALES, Inclusion(SUPPORT)), dials("88"), rings="alice")],
        without=[row("each as it is set there", members(SALES), members(SUPPORT, HEEDED),
                     includes(SALES, Inclusion(SUPPORT, ignore_forwarding=False)), dials("88"),
                     rings="alice > voicemail 201")],
    ),
)  # fmt: skip

test_queues = table(
    setting(
        "Huntgroup with a queue", "CallQueue.huntgroup", page=QUEUES,
        with_=[
            row("callers wait, and the phones ring for the first", queue(), dials("88"), rings="queue 88",
                behind="alice > bob"),
            row("the one who answers counts its own recording", queue(), has(BOB, Recording()), dials("88"),
                records=False, behind_records=[False, True]),
            row("a group without phones has no queue", members(SALES), queue(), dials("88"), refused="empty_group"),
        ],
        without=[row("the phones ring at once", dials("88"), rings="alice > bob", behind="", queue=None)],
    ),
    setting(
        "Maximum Number of Unconnected Calls", "CallQueue.max_waiting", page=QUEUES,
        with_=[row("so many places", queue(max_waiting=3), dials("88"), queue=Queue(1, 3, 180, 2))],
        without=[row("as usual", queue(), dials("88"), queue=Queue(1, 10, 180, 2))],
    ),
    setting(
        "Call Duration", "CallQueue.call_seconds", page=QUEUES,
        with_=[row("what waiting is told by", queue(call_seconds=60), dials("88"), queue=Queue(1, 10, 60, 2))],
        without=[row("as usual", queue(), dials("88"), queue=Queue(1, 10, 180, 2))],
    ),
    setting(
        "Maximum Number of Connected Calls", "CallQueue.max_connected", page=QUEUES,
        with_=[row("so many talk", queue(max_connected=1), dials("88"), queue=Queue(1, 10, 180, 1))],
        without=[row("as many as phones", queue(), dials("88"), queue=Queue(1, 10, 180, 2))],
    ),
    setting(
        "Assigned To Phone Line", "Extension.line", page="centrex:extensions",
        with_=[row("the extension rings it", dials("202"), rings="bob"),
               row("given to another line", extension(2, line=ALICE), dials("202", line=BOB), rings="alice")],
        without=[row("nobody", extension(2, line=None), dials("202"), refused="not_assigned")],
    ),
)  # fmt: skip
