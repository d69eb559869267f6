"""Messages come into a box by one door: within the quota, once, and with the mail that the line wants."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Barrier

import pytest
from django.contrib.auth.hashers import check_password
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from centrex.models import BoxMessage, FeatureSetting, Line, Sound
from centrex.operations.boxes import (
    delete_messages,
    mark_heard,
    remove_forwarded,
    set_fax,
    set_voicemail,
    store_message,
    storing,
)
from centrex.queries.boxes import Room, room_of
from centrex.queries.features import effective_of
from centrex.routing.features import Fax, Voicemail
from centrex.sounds.kinds import Kind, recognise
from selfcare import mail
from selfcare.errors import Refused
from selfcare.models import AuditEvent, MailAttachment, OutgoingMail
from tests.factories import BoxMessageFactory, ExtensionFactory, LineFactory, SoundFactory
from tests.faxes import fax
from tests.parallel import parallel
from tests.sounds import heard, tone
from tests.tools import require

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
VOICE, FAX = BoxMessage.Kind.VOICE, BoxMessage.Kind.FAX
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    require("ffmpeg")
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall, account_id="12125550101")


@pytest.fixture
def hello(tmp_path) -> bytes:
    return tone(tmp_path, "wav", seconds=2).read_bytes()


def say(line, feature, /, **values):
    """The line's own setting."""
    FeatureSetting.objects.create(customer=line.customer, line=line, name=feature, values=values)


def store(line, data, *, kind=VOICE, uid="m-1", **values):
    usual = {"caller": "442079460018", "name": "London", "received_at": NOW, "now": NOW}
    return store_message(line=line, kind=kind, uid=uid, data=data, **(usual | values))


def content(message) -> bytes:
    """What is stored of a message."""
    with message.file.open("rb") as file:
        return file.read()


def stored_files(settings) -> int:
    return sum(1 for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def test_a_voicemail_message_as_telephones_record_it(line, hello, tmp_path):
    message = store(line, hello)
    assert (message.customer, message.status, message.seconds) == (line.customer, "new", 2)
    assert (message.caller, message.name, message.content_type) == ("442079460018", "London", "audio/wav")
    assert message.bytes == message.file.size
    (tmp_path / "got.wav").write_bytes(content(message))
    sound = heard(tmp_path / "got.wav")
    assert (sound.rate, sound.channels) == (8000, 1)
    assert sound.frequency == pytest.approx(1000, rel=0.02)
    assert not OutgoingMail.objects.exists()


def test_as_mp3_where_the_line_wants_that(line, hello):
    say(line, "voicemail", file_format="mp3")
    message = store(line, hello)
    assert recognise(BytesIO(content(message))) is Kind.MP3
    assert (message.content_type, message.seconds) == ("audio/mpeg", 2)
    assert message.bytes < 32_000 / 2


def test_a_fax_as_pdf_and_with_its_tiff_where_the_line_wants_that(line):
    say(line, "fax")
    plain = store(line, fax(2), kind=FAX)
    assert (plain.pages, plain.content_type, plain.tiff.name) == (2, "application/pdf", "")
    assert content(plain).startswith(b"%PDF")
    FeatureSetting.objects.update(values={"file_format": "tiff"})
    both = store(line, fax(2), kind=FAX, uid="m-2")
    assert both.bytes == both.file.size + both.tiff.size


def test_the_same_message_twice_is_one(line, hello):
    assert store(line, hello) == store(line, hello)
    assert BoxMessage.objects.count() == 1
    other = LineFactory(customer=line.customer)
    assert store(other, hello) != store(line, hello)


def test_a_clock_that_is_ahead_and_a_name_with_tricks(line, hello):
    message = store(line, hello, received_at=NOW + timedelta(hours=1), name="Bad\r\nBcc: x\u202e", caller="x" * 99)
    assert (message.received_at, message.name, len(message.caller)) == (NOW, "Bad Bcc: x", 64)


@pytest.mark.parametrize("kind", [VOICE, FAX])
@pytest.mark.parametrize("data", [b"", b"<html>", b"RIFF\0\0\0\0WAVE", b"II*\0rubbish", b"%PDF-1.4"])
def test_what_is_no_message_is_refused(line, settings, kind, data):
    say(line, "fax")
    with pytest.raises(Refused):
        store(line, data, kind=kind)
    assert not BoxMessage.objects.exists()
    assert stored_files(settings) == 0


def test_a_file_that_is_too_large_is_not_even_looked_at(line, monkeypatch):
    monkeypatch.setattr(storing, "MOST_BYTES", 10)
    monkeypatch.setattr(storing, "made_of", None)
    with pytest.raises(Refused, match="too long"):
        store(line, b"x" * 11)


def test_a_box_that_is_off_takes_nothing(line, hello):
    with pytest.raises(Refused, match="takes no messages"):
        store(line, fax(), kind=FAX)  # faxes are off unless somebody switches them on
    FeatureSetting.objects.create(customer=line.customer, line=line, name="voicemail", enabled=False)
    with pytest.raises(Refused, match="takes no messages"):
        store(line, hello)


def test_a_full_box_takes_nothing_and_keeps_nothing(line, hello, settings):
    BoxMessageFactory(line=line, bytes=10 * 1024 * 1024 - 20_000, file="")
    files = stored_files(settings)
    with pytest.raises(Refused, match="The box is full: 10 of 10 MB"):
        store(line, hello)
    assert BoxMessage.objects.count() == 1
    assert stored_files(settings) == files
    assert not OutgoingMail.objects.exists()


def test_faxes_and_messages_share_the_room_that_the_company_has(line, easycall):
    FeatureSetting.objects.create(customer=easycall, name="voicemail", values={"limit_mb": 1})
    say(line, "voicemail", limit_mb=500)  # what was saved with the line's own setting once does not count
    BoxMessageFactory(line=line, bytes=300_000)
    BoxMessageFactory(line=line, kind="fax", bytes=500_000)
    BoxMessageFactory(line__customer=easycall, bytes=900_000)
    assert room_of(line) == Room(800_000, 1024 * 1024)
    assert str(room_of(line)) == "0.8 of 1 MB"


@pytest.mark.django_db(transaction=True)
def test_two_messages_at_once_cannot_share_the_same_room(line, hello):
    """Room for one of the two."""
    BoxMessageFactory(line=line, bytes=10 * 1024 * 1024 - 40_000, file="")
    results = parallel([lambda n=n: store(Line.objects.get(pk=line.pk), hello, uid=f"m-{n}") for n in range(2)])
    assert sorted(type(result).__name__ for result in results) == ["BoxMessage", "Refused"]
    assert room_of(line).used <= room_of(line).limit


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would(line, hello, monkeypatch):
    """The test above finds it."""
    BoxMessageFactory(line=line, bytes=10 * 1024 * 1024 - 40_000, file="")
    monkeypatch.setattr(storing.Line, "locked", classmethod(lambda cls, pk, version: cls.objects.get(pk=pk)))
    meeting = monkeypatched_meeting(monkeypatch)
    results = parallel([lambda n=n: store(Line.objects.get(pk=line.pk), hello, uid=f"m-{n}") for n in range(2)])
    assert [type(result).__name__ for result in results] == ["BoxMessage", "BoxMessage"]
    assert room_of(line).used > room_of(line).limit
    assert meeting.broken is False


def monkeypatched_meeting(monkeypatch):
    """Both acts have looked at the room before either stores anything."""
    meeting, check = Barrier(2, timeout=30), storing.refuse_full

    def both_look(line, size):
        check(line, size)
        if size > 1:
            meeting.wait()

    monkeypatch.setattr(storing, "refuse_full", both_look)
    return meeting


@pytest.mark.parametrize(("option", "files", "stays"), [("notify", 0, True), ("copy", 1, True), ("forward", 1, False)])
def test_mail_about_a_message(line, hello, mailoutbox, option, files, stays, django_capture_on_commit_callbacks):
    say(line, "voicemail", email="desk@example.com", email_option=option)
    message = store(line, hello)
    assert remove_forwarded() == 0, "no message goes before its mail has"
    kept = [each.file.name for each in MailAttachment.objects.all()]
    with django_capture_on_commit_callbacks(execute=True):
        assert mail.send_due(now=NOW, limit=5) == 1
    (sent,) = mailoutbox
    assert (sent.to, sent.subject) == (["desk@example.com"], "New voicemail message from +44 20 7946 0018")
    assert "London" in sent.body
    assert (f"/centrex/messages/{message.pk}/" in sent.body) is stays
    assert len(sent.attachments) == files
    if files:
        name, data, content_type = sent.attachments[0]
        assert (name, content_type) == ("2026-03-02-120000-12125550101.wav", "audio/wav")
        assert data == content(message)
    assert not MailAttachment.objects.exists()
    assert not any(default_storage.exists(name) for name in kept)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_forwarded() == (0 if stays else 1)
    assert BoxMessage.objects.exists() is stays
    assert default_storage.exists(message.file.name) is stays


def test_a_mail_that_was_not_taken_leaves_the_message_where_it_is(line, hello, settings):
    say(line, "voicemail", email="desk@example.com", email_option="forward")
    store(line, hello)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert mail.send_due(now=NOW, limit=5) == 0
    assert remove_forwarded() == 0
    assert BoxMessage.objects.get().leaves_with.last_error
    assert MailAttachment.objects.count() == 1


def test_no_mail_without_an_address_or_where_none_is_wanted(line, hello):
    say(line, "voicemail", email="desk@example.com", email_option="none")
    store(line, hello)
    FeatureSetting.objects.update(values={"email_option": "copy"})
    store(line, hello, uid="m-2")
    assert not OutgoingMail.objects.exists()


def test_a_fax_goes_by_mail_in_its_format(line, mailoutbox):
    say(line, "fax", email="orders@example.com", action="copy", file_format="tiff", name="Orders")
    store(line, fax(2), kind=FAX, caller="")
    mail.send_due(now=NOW, limit=5)
    (sent,) = mailoutbox
    assert sent.subject == "New fax from a hidden number"
    assert "Fax box: Orders" in sent.body
    assert "Pages: 2" in sent.body
    assert [(name, kind) for name, _data, kind in sent.attachments] == [
        ("2026-03-02-120000-12125550101.tiff", "image/tiff")
    ]


def test_deleting_takes_the_files_and_is_written_down(line, alice, hello, lotus, django_capture_on_commit_callbacks):
    message = store(line, hello)
    with pytest.raises(Refused, match="deleted one of these"):
        delete_messages(user=alice, customer=lotus, ids=[message.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_messages(user=alice, customer=line.customer, ids=[message.pk]) == 1
    assert not default_storage.exists(message.file.name)
    assert AuditEvent.objects.latest("id").action == "delete"
    with pytest.raises(Refused, match="deleted one of these"):
        delete_messages(user=alice, customer=line.customer, ids=[message.pk])


def test_an_answered_message_stays_answered_when_it_is_heard_again(line):
    new, answered = BoxMessageFactory(line=line), BoxMessageFactory(line=line, status="answered")
    for message in (new, answered):
        mark_heard(message)
        message.refresh_from_db()
    assert (new.status, answered.status) == ("seen", "answered")


# What the box does


def set_box(line, alice, *, values=None, greetings=None, **more):
    line = Line.objects.get(pk=line.pk)
    usual = {"enabled": True, "labels": {"pin_hash": "PIN", "personal": "Personal"}, "version": line.version}
    return set_voicemail(
        user=alice, line=line, values=values, greetings=greetings or {}, now=NOW, **(usual | more)
    )  # fmt: skip


def test_a_pin_is_kept_as_a_hash_only(line, alice):
    ExtensionFactory(customer=line.customer, line=line, number="201")
    set_box(line, alice, values=Voicemail(), pin="482915", needs_pin=True)
    values = effective_of(line, Voicemail).values
    assert check_password("482915", values.pin_hash)
    assert AuditEvent.objects.latest("id").changes["PIN"] == ["", "••••"]
    assert "482915" not in str(FeatureSetting.objects.values())
    set_box(line, alice, values=values, needs_pin=True)
    assert effective_of(line, Voicemail).values.pin_hash == values.pin_hash
    for pin in ("123456", "201482", "550101"):
        with pytest.raises(Refused, match="nobody guesses"):
            set_box(line, alice, values=values, pin=pin, needs_pin=True)
    set_box(line, alice, values=values, needs_pin=False)
    assert effective_of(line, Voicemail).values.pin_hash == ""
    with pytest.raises(Refused, match="six digits"):
        set_box(line, alice, values=Voicemail(), needs_pin=True)


def test_a_greeting_needs_a_sound_and_the_former_one_goes(line, alice, hello):
    with pytest.raises(Refused, match="this greeting first") as refusal:
        set_box(line, alice, values=Voicemail(greeting="personal"))
    assert refusal.value.field == "personal_file"
    with pytest.raises(Refused, match="not a sound") as refusal:
        set_box(line, alice, values=Voicemail(), greetings={"name": SimpleUploadedFile("x.wav", b"<html>")})
    assert refusal.value.field == "name_file"
    given = {"personal": SimpleUploadedFile("hello.wav", hello)}
    _line, first = set_box(line, alice, values=Voicemail(greeting="personal"), greetings=given)
    values = effective_of(line, Voicemail).values
    assert ([values.personal], values.greeting_sound) == (first, first[0])
    given = {"personal": SimpleUploadedFile("hello.wav", hello)}
    _line, second = set_box(line, alice, values=values, greetings=given)
    assert list(Sound.objects.values_list("pk", flat=True)) == second
    assert AuditEvent.objects.latest("id").changes["Personal"] == ["Recorded", "Recorded anew"]
    set_box(line, alice)
    assert not Sound.objects.exists()


def test_a_sound_that_a_screening_rule_plays_stays(line, alice, easycall):
    sound = SoundFactory(customer=easycall, purpose="prompt", state="ready")
    say(line, "voicemail", personal=sound.pk)
    FeatureSetting.objects.create(
        customer=easycall, line=LineFactory(customer=easycall), name="voicemail", values={"absence": sound.pk}
    )
    set_box(line, alice)
    assert Sound.objects.filter(pk=sound.pk).exists()


@pytest.mark.parametrize("option", ["notify", "copy", "forward"])
def test_mail_needs_an_address(line, alice, option):
    with pytest.raises(Refused, match="address") as refusal:
        set_box(line, alice, values=Voicemail(email_option=option))
    assert refusal.value.field == "email"


@pytest.mark.parametrize(("action", "refused"), [("copy", False), ("notify", True), ("forward", True)])
def test_only_a_copy_of_a_fax_may_stay_without_an_address(line, alice, action, refused):
    act = {"user": alice, "line": line, "version": line.version, "enabled": True, "labels": {}}
    if refused:
        with pytest.raises(Refused, match="address"):
            set_fax(**act, values=Fax(action=action))
    else:
        set_fax(**act, values=Fax(action=action))
        assert effective_of(line, Fax).enabled
