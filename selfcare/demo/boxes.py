"""The demo's voicemail messages and faxes, delivered as the feature server would; melodies and made-up pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from centrex.models import BoxMessage, Line
from centrex.operations.boxes import mark_messages, set_fax, set_voicemail, star_message, store_message
from centrex.operations.company import save_incoming
from centrex.operations.sounds import convert_waiting
from centrex.routing.features import Fax, Voicemail
from centrex.sounds.convert import find_ffmpeg
from selfcare.demo.company import settings_of
from selfcare.demo.people import People
from selfcare.demo.recordings import sound
from selfcare.demo.safety import LABELS as USUAL_LABELS
from selfcare.demo.safety import line_of

# Caller, name, how long ago, seconds.
MESSAGES = (
    ("442079460018", "London partner", timedelta(hours=2), 9),
    ("12125550176", "", timedelta(hours=20), 14),
    ("", "", timedelta(days=2, hours=3), 4),
    ("493023125099", "Vermietung Berlin", timedelta(days=6), 11),
)
# Sender, how long ago, what is on each page.
FAXES = (
    ("12125550188", timedelta(hours=5), ("Order 4711: 12 headsets", "Terms of delivery")),
    ("442079460055", timedelta(days=3), ("Quotation for meeting room 2",)),
)
LABELS = USUAL_LABELS | {
    "name": "Fax box name", "greeting": "Greeting", "personal": "Personal", "pin_hash": "PIN",
}  # fmt: skip
PAGE = (1728, 2244)  # a letter page of 204 dots an inch; a fax machine sends 98 down
DPI = (204, 98)


def make_boxes(people: People, *, now: datetime) -> None:
    """Alice's box with a greeting, messages and faxes; codes that record a part of a call."""
    codes = settings_of(people.easycall, record_codes_enabled=True)
    save_incoming(user=people.alice, settings=codes, version=None)
    line = line_of(people.easycall, "201")
    set_fax(user=people.alice, line=line, version=None, values=Fax(name="Orders"), enabled=True, labels=LABELS)
    for place, (caller, ago, pages) in enumerate(FAXES):
        deliver(line, BoxMessage.Kind.FAX, f"demo-fax-{place}", caller, "", now - ago, fax(pages), now=now)
    if find_ffmpeg() is None:
        return
    line = line_of(people.easycall, "201")  # as it is since the faxes
    greeting = SimpleUploadedFile("Hello.wav", sound(4, 3))
    set_voicemail(
        user=people.alice, line=line, version=None, enabled=True, labels=LABELS, pin="482915", needs_pin=True,
        values=Voicemail(greeting="personal"), greetings={"personal": greeting}, now=now,
    )  # fmt: skip
    convert_waiting(now=now)
    for place, (caller, name, ago, seconds) in enumerate(MESSAGES):
        heard = sound(seconds, place)
        deliver(line, BoxMessage.Kind.VOICE, f"demo-voice-{place}", caller, name, now - ago, heard, now=now)
    third, fourth = BoxMessage.for_customer(people.easycall).filter(kind=BoxMessage.Kind.VOICE)[2:4]
    for message, status in ((third, BoxMessage.Status.SEEN), (fourth, BoxMessage.Status.ANSWERED)):
        mark_messages(customer=people.easycall, ids=[message.pk], status=status)
    star_message(customer=people.easycall, pk=fourth.pk)


def deliver(
    line: Line, kind: str, uid: str, caller: str, name: str, at: datetime, data: bytes, *, now: datetime
) -> None:
    """One message into the box."""
    store_message(line=line, kind=kind, uid=uid, caller=caller, name=name, received_at=at, data=data, now=now)


def fax(pages: tuple[str, ...]) -> bytes:
    """A TIFF with a line of text on each page, as a fax machine sends it."""
    font = ImageFont.load_default(size=64)
    drawn = []
    for words in pages:
        page = Image.new("1", PAGE, 1)
        draw = ImageDraw.Draw(page)
        draw.text((120, 120), "EasyCall Ltd, 218 Broadway, New York", font=font, fill=0)
        draw.text((120, 320), words, font=font, fill=0)
        draw.line((120, 440, 1600, 440), fill=0, width=4)
        drawn.append(page.resize((PAGE[0], PAGE[1] * DPI[1] // DPI[0])))
    buffer = BytesIO()
    drawn[0].save(buffer, "TIFF", save_all=True, append_images=drawn[1:], compression="group4", dpi=DPI)
    return buffer.getvalue()
