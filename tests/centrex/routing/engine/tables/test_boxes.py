"""Voicemail and Faxes: what callers meet at a line's box; and the codes that begin and end a recording."""

from dataclasses import replace

from centrex.routing.engine.calls import Box
from centrex.routing.features import Fax, Recording, Voicemail
from centrex.routing.plan import Plan
from tests.centrex.routing.engine.changes import codes, has
from tests.centrex.routing.engine.office import ALICE, BOB
from tests.centrex.routing.engine.table import dials, outside, row, setting, table

VOICEMAIL, FAXES, INCOMING = "centrex:line-voicemail", "centrex:line-faxes", "centrex:incoming"
READY = 7
ON_DEMAND = Recording(outgoing=False, start_stop=True)
OUT = "2125551234"


def sound_ready(plan: Plan) -> Plan:
    """The sound has been prepared."""
    return replace(plan, sounds=frozenset({READY}))


test_boxes = table(
    setting(
        "Greeting", "Voicemail.greeting", page=VOICEMAIL,
        with_=[row("the chosen one", sound_ready, has(BOB, Voicemail(greeting="personal", personal=READY)), outside(),
                   box=Box(greeting="personal"), box_sound=READY)],
        without=[
            row("standard", sound_ready, has(BOB, Voicemail(personal=READY)), outside(), box=Box(), box_sound=None),
            row("standard while the sound is not ready", has(BOB, Voicemail(greeting="personal", personal=READY)),
                outside(), box=Box(), box_sound=None),
        ],
    ),
    setting(
        "Recordings of the greetings", "Voicemail.personal", "Voicemail.name", "Voicemail.absence", page=VOICEMAIL,
        with_=[
            row("personal", sound_ready, has(BOB, Voicemail(greeting="personal", personal=READY)), outside(),
                box_sound=READY),
            row("name", sound_ready, has(BOB, Voicemail(greeting="name", name=READY)), outside(), box_sound=READY),
            row("absence", sound_ready, has(BOB, Voicemail(greeting="absence", absence=READY)), outside(),
                box_sound=READY),
        ],
        without=[row("none was recorded", sound_ready, has(BOB, Voicemail(greeting="name", personal=READY)), outside(),
                     box_sound=None)],
    ),
    setting(
        "PIN", "Voicemail.pin_hash", page=VOICEMAIL,
        with_=[row("is asked for", has(BOB, Voicemail(pin_hash="x")), outside(), box=Box(ask_pin=True))],
        without=[row("is not", outside(), box=Box())],
    ),
    setting(
        "Play new messages at once", "Voicemail.auto_play", page=VOICEMAIL,
        with_=[row("at once", has(ALICE, Voicemail(auto_play=True)), dials("201"), rings="mailbox 201",
                   own_box=Box(auto_play=True))],
        without=[row("after a menu", dials("201"), rings="mailbox 201", own_box=Box())],
    ),
    setting(
        "Say when a message came", "Voicemail.announce_time", page=VOICEMAIL,
        with_=[row("is said", dials("201"), own_box=Box())],
        without=[row("is not", has(ALICE, Voicemail(announce_time=False)), dials("201"),
                     own_box=Box(announce_time=False))],
    ),
    setting(
        "A fax tone at the box", "Fax.enabled", page=FAXES,
        with_=[row("is answered", has(BOB, Fax()), outside(), box=Box(takes_fax=True))],
        without=[row("is not", has(BOB, Fax(), enabled=False), outside(), box=Box())],
    ),
    setting(
        "Codes for recording", "CompanySettings.record_codes_enabled", page=INCOMING,
        with_=[
            row("who may record is told them", codes(record_start="*44", record_stop="*45"), has(ALICE, ON_DEMAND),
                dials(OUT), record_codes=("*44", "*45")),
            row("they are for during a call", codes(record_start="*44", record_stop="*45"), dials("*44"),
                refused="no_call"),
        ],
        without=[
            row("switched off", has(ALICE, ON_DEMAND), dials(OUT), record_codes=()),
            row("nobody may record", codes(record_start="*44", record_stop="*45"), dials(OUT), record_codes=()),
        ],
    ),
    setting(
        "Code that begins a recording", "CompanySettings.record_start_code", page=INCOMING,
        with_=[row("another code", codes(record_start="*54", record_stop="*45"), has(ALICE, ON_DEMAND), dials(OUT),
                   record_codes=("*54", "*45"))],
        without=[row("the former code is none any more", codes(record_start="*54", record_stop="*45"), dials("*44"),
                     refused="not_recognised")],
    ),
    setting(
        "Code that ends a recording", "CompanySettings.record_stop_code", page=INCOMING,
        with_=[row("another code", codes(record_start="*44", record_stop="*55"), has(ALICE, ON_DEMAND), dials(OUT),
                   record_codes=("*44", "*55"))],
        without=[row("the former code is none any more", codes(record_start="*44", record_stop="*55"), dials("*45"),
                     refused="not_recognised")],
    ),
)  # fmt: skip
