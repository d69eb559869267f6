"""A line's page Incoming Calls: what happens to calls about which no screening rule says anything."""

from centrex.routing.features import Answering
from centrex.routing.hunting import Member
from tests.centrex.routing.engine.changes import entry, forwards, has, line, members
from tests.centrex.routing.engine.office import ALICE, BOB, SALES
from tests.centrex.routing.engine.table import dials, outside, row, setting, table

PAGE = "centrex:line-incoming"
MOBILE = "19175550123"

test_answering = table(
    setting(
        "Ring", "Answering.ring", page=PAGE,
        with_=[
            row("the phone rings first", has(BOB, Answering(forward=False, voicemail=False)), dials("202"), rings="bob",
                then=""),
            row("from outside as well", has(BOB, Answering(forward=False, voicemail=False)), outside(), rings="bob"),
        ],
        without=[
            row("forward only", has(BOB, Answering(ring=False, voicemail=False)), forwards(entry()), dials("202"),
                rings=MOBILE, then=""),
            row("a phone that does not ring is not paged", has(BOB, Answering(ring=False)), dials("*33202"),
                refused="do_not_disturb"),
            row("nothing at all refuses the call", has(BOB, Answering(ring=False, forward=False, voicemail=False)),
                dials("202"), refused="no_answer"),
        ],
    ),
    setting(
        "Forward", "Answering.forward", page=PAGE,
        with_=[
            row("ring, then forward", has(BOB, Answering(voicemail=False)), forwards(entry()), dials("202"),
                rings=f"bob > {MOBILE}", then=""),
            row("forward, then voicemail", has(BOB, Answering(ring=False)), forwards(entry()), dials("202"),
                rings=MOBILE, then="voicemail"),
        ],
        without=[
            row("ring, then voicemail", has(BOB, Answering(forward=False)), forwards(entry()), dials("202"),
                rings="bob", then="voicemail"),
        ],
    ),
    setting(
        "Voicemail", "Answering.voicemail", page=PAGE,
        with_=[row("in the end", has(BOB, Answering()), forwards(entry()), dials("202"), rings=f"bob > {MOBILE}",
                   then="voicemail")],
        without=[row("the call ends", has(BOB, Answering(voicemail=False)), forwards(entry()), dials("202"),
                     rings=f"bob > {MOBILE}", then="")],
    ),
    setting(
        "Ring for", "Answering.ring_seconds", page=PAGE,
        with_=[
            row("its own time", has(BOB, Answering(ring_seconds=12)), dials("202"), times=[(0, 12)]),
            row("in a group that heeds the line's settings", has(BOB, Answering(ring_seconds=12, voicemail=False)),
                members(SALES, Member(2, ignore_forwarding=False)), dials("88"), times=[(0, 12)]),
        ],
        without=[
            row("half a minute", dials("202"), times=[(0, 30)]),
            row("in a group that ignores the line's settings", has(BOB, Answering(ring_seconds=12)),
                members(SALES, Member(2)), dials("88"), times=[(0, None)]),
        ],
    ),
    setting(
        "Call waiting", "Answering.call_waiting", page=PAGE,
        with_=[row("a phone that talks rings again", has(BOB, Answering()), dials("202"), only_idle=False)],
        without=[
            row("a phone that talks is busy", has(BOB, Answering(call_waiting=False)), dials("202"), only_idle=True),
            row("in a group it is passed over", has(BOB, Answering(call_waiting=False)), members(SALES, Member(2)),
                dials("88"), only_idle=True),
            row("where it is forwarded to", has(ALICE, Answering(call_waiting=False)), forwards(entry("201")),
                outside(), rings="bob > alice", only_idle=False, last_idle=True),
        ],
    ),
    setting(
        "Blocked", "Line.blocked", page="admin:centrex_line_changelist",
        with_=[
            row("its phone calls nobody", line(ALICE, blocked=True), dials("202"), refused="line_blocked"),
            row("nobody calls it", line(BOB, blocked=True), dials("202"), refused="line_blocked"),
            row("it calls for help", line(ALICE, blocked=True), dials("112"), rings="112", help=True),
            row("a group passes it over", line(BOB, blocked=True), dials("88"), rings="alice"),
            row("nobody forwards to it", line(ALICE, blocked=True), forwards(entry("201")), outside(), rings="bob"),
            row("nobody pages it", line(BOB, blocked=True), dials("*33202"), refused="line_blocked"),
            row("it takes no call of a group", line(ALICE, blocked=True), dials("*77"), refused="line_blocked"),
        ],
        without=[
            row("calls", dials("202"), rings="bob"),
            row("is rung by a group", dials("88"), rings="alice > bob"),
        ],
    ),
    setting(
        "Registered", "Line.registered_until", page="centrex:lines",
        with_=[row("the phone rings", dials("202"), ring_step="ring.phone")],
        without=[row("the call goes on to the next step", line(BOB, registered=False), dials("202"), then="voicemail",
                     ring_step="ring.unreachable")],
    ),
)  # fmt: skip
