"""Call Recording, Music On Hold, Voicemail, Faxes and Auto Attendant: what is recorded and heard, and what answers."""

from centrex.routing.features import Answering, AutoAttendant, Fax, Music, Recording, Voicemail
from centrex.routing.hunting import Member
from tests.centrex.routing.engine.changes import codes, entry, forwards, has, members, queue
from tests.centrex.routing.engine.office import ALICE, BOB, SALES, SUPPORT
from tests.centrex.routing.engine.table import dials, outside, row, setting, table

RECORDING, MUSIC, INCOMING = "centrex:line-recording", "centrex:line-music", "centrex:line-incoming"
OUT = "2125551234"
OUTGOING_ONLY = Recording(incoming=False)
INCOMING_ONLY = Recording(outgoing=False)

test_recording = table(
    setting(
        "Call Recording", "Recording.enabled", "CompanySettings.call_recording", page=RECORDING,
        with_=[row("a call out", has(ALICE, Recording()), dials(OUT), records=True),
               row("a call in", has(BOB, Recording()), outside(), records=True)],
        without=[
            row("off: a call out", has(ALICE, Recording(), enabled=False), dials(OUT), records=False, announces=False),
            row("off: a call in", has(BOB, Recording(), enabled=False), outside(), records=False),
            row("off: nothing on demand", has(BOB, Recording(start_stop=True), enabled=False), outside(),
                records_on_demand=False),
            row("a call for help is never recorded", has(ALICE, Recording()), dials("911"), records=False),
        ],
    ),
    setting(
        "Outgoing calls", "Recording.outgoing", page=RECORDING,
        with_=[
            row("outside", has(ALICE, OUTGOING_ONLY), dials(OUT), records=True, each_records=[True]),
            row("to a colleague who records nothing", has(ALICE, OUTGOING_ONLY), dials("202"), records=True,
                each_records=[True]),
            row("to a group", has(ALICE, OUTGOING_ONLY), dials("88"), records=True, each_records=[True, True]),
        ],
        without=[row("outside", has(ALICE, INCOMING_ONLY), dials(OUT), records=False),
                 row("to a colleague", has(ALICE, INCOMING_ONLY), dials("202"), records=False)],
    ),
    setting(
        "Incoming calls", "Recording.incoming", page=RECORDING,
        with_=[
            row("from outside", has(BOB, INCOMING_ONLY), outside(), records=True, each_records=[True]),
            row("from a colleague", has(BOB, INCOMING_ONLY), dials("202"), records=True),
            row("the member of a group who answers", has(BOB, INCOMING_ONLY), dials("88"), records=False,
                each_records=[False, True]),
            row("a call that is forwarded to him", has(ALICE, INCOMING_ONLY), forwards(entry("201")), outside(),
                each_records=[False, True]),
            row("a call that he takes by pickup", has(ALICE, INCOMING_ONLY), dials("*77"), records=True),
            row("when he is paged", has(BOB, INCOMING_ONLY), dials("*33202"), each_records=[True]),
        ],
        without=[
            row("from outside", has(BOB, OUTGOING_ONLY), outside(), records=False),
            row("voicemail is not recorded", has(BOB, Recording(), Answering(ring=False)), outside(), rings="",
                then="voicemail", box_records=False),
        ],
    ),
    setting(
        "Forwarded calls", "Recording.redirected", page=RECORDING,
        with_=[
            row("outside", has(BOB, Recording(incoming=False, redirected=True)), forwards(entry()), outside(),
                records_redirected=True, each_records=[False, True]),
            row("to a colleague", has(BOB, Recording(incoming=False, redirected=True)), forwards(entry("201")),
                outside(), each_records=[False, True]),
            row("to an address", has(BOB, Recording(redirected=True)),
                forwards(mode="sip_uri", uri="sip:bob@example.com"), outside(), each_records=[True, True]),
            row("by a member of a group", has(BOB, Recording(redirected=True)), forwards(entry()),
                members(SUPPORT, Member(2, ignore_forwarding=False)), dials("89"), each_records=[True, True, False]),
        ],
        without=[row("outside", has(BOB, Recording()), forwards(entry()), outside(), records_redirected=False,
                     each_records=[True, False])],
    ),
    setting(
        "Start and stop by code", "Recording.start_stop", page=RECORDING,
        with_=[
            row("out", has(ALICE, Recording(outgoing=False, start_stop=True)), dials(OUT), records=False,
                records_on_demand=True),
            row("in", has(BOB, Recording(incoming=False, start_stop=True)), outside(), records_on_demand=True),
        ],
        without=[row("out", has(ALICE, Recording(outgoing=False)), dials(OUT), records_on_demand=False)],
    ),
    setting(
        "Announce", "Recording.announce", page=RECORDING,
        with_=[
            row("out", has(ALICE, Recording()), dials(OUT), announces=True),
            row("in", has(BOB, Recording()), outside(), announces=True),
            row("in a group", has(BOB, Recording()), members(SALES, Member(2)), dials("88"), last_announces=True),
        ],
        without=[
            row("silently", has(ALICE, Recording(announce=False)), dials(OUT), announces=False),
            row("nothing is recorded", dials(OUT), announces=False),
        ],
    ),
)  # fmt: skip

test_music = table(
    setting(
        "Music On Hold", "Music.enabled", "CompanySettings.music_enabled", page=MUSIC,
        with_=[row("the default tune, in", has(BOB, Music()), outside(), music=None, silent=False),
               row("the default tune, out", has(ALICE, Music()), dials(OUT), music=None, silent=False)],
        without=[row("silence, in", has(BOB, Music(sound=7), enabled=False), outside(), music=None, silent=True),
                 row("silence, out", has(ALICE, Music(sound=7), enabled=False), dials(OUT), music=None, silent=True),
                 row("silence of a member", has(BOB, Music(sound=7), enabled=False), members(SALES, Member(2)),
                     dials("88"), last_silent=True)],
    ),
    setting(
        "Music", "Music.sound", "CompanySettings.music", page=MUSIC,
        with_=[
            row("in", has(BOB, Music(sound=7)), outside(), music=7),
            row("out", has(ALICE, Music(sound=7)), dials(OUT), music=7),
            row("of the member who answers", has(BOB, Music(sound=7)), dials("88"), last_music=7),
            row("of the colleague who is forwarded to", has(ALICE, Music(sound=7)), has(BOB, Music(sound=8)),
                forwards(entry("201")), outside(), music=8, last_music=7),
            row("of who parks a call", codes(park="*70"), has(ALICE, Music(sound=7)), dials("*70"), rings="park",
                music=7, last_music=7),
        ],
        without=[row("the default tune", outside(), music=None, silent=False)],
    ),
)  # fmt: skip

test_boxes = table(
    setting(
        "Voicemail", "Voicemail.enabled", page=INCOMING,
        with_=[row("takes the call in the end", dials("202"), rings="bob", then="voicemail"),
               row("of a member whose settings the group heeds", members(SALES, Member(2, ignore_forwarding=False)),
                   dials("88"), rings="bob > voicemail 202")],
        without=[
            row("the call ends", has(BOB, Voicemail(), enabled=False), dials("202"), rings="bob", then=""),
            row("of a member", has(BOB, Voicemail(), enabled=False), members(SALES, Member(2, ignore_forwarding=False)),
                dials("88"), rings="bob"),
            row("of a member whose settings the group ignores", members(SALES, Member(2)), dials("88"), rings="bob"),
        ],
    ),
    setting(
        "Fax only", "Fax.fax_only", page=INCOMING,
        with_=[row("the fax tone answers", has(BOB, Fax(fax_only=True)), outside(), rings="", then="fax")],
        without=[row("people answer", has(BOB, Fax()), outside(), rings="bob", then="voicemail")],
    ),
    setting(
        "Faxes", "Fax.enabled", page=INCOMING,
        with_=[row("on", has(BOB, Fax(fax_only=True)), outside(), then="fax")],
        without=[row("off", has(BOB, Fax(fax_only=True), enabled=False), outside(), rings="bob")],
    ),
    setting(
        "Auto Attendant", "AutoAttendant.enabled", page=INCOMING,
        with_=[row("answers at once", has(BOB, AutoAttendant()), outside(), rings="", then="attendant"),
               row("inside as well", has(BOB, AutoAttendant()), dials("202"), then="attendant")],
        without=[row("off", has(BOB, AutoAttendant(), enabled=False), outside(), rings="bob")],
    ),
    setting(
        "Music on Hold of a queue", "CallQueue.music", page="centrex:queues",
        with_=[row("who waits hears it", queue(music=9), dials("88"), music=9)],
        without=[row("the default tune", queue(), dials("88"), music=None, silent=False)],
    ),
)  # fmt: skip
