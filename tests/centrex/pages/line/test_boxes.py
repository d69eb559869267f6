"""Voicemail and Faxes of a line: the list, the file, the acts, the settings; each for its customer only."""

import pytest
from django.contrib.auth.hashers import check_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from centrex.models import BoxMessage, FeatureSetting, Sound
from centrex.queries.features import effective_of
from centrex.routing.features import Fax, Source, Voicemail
from centrex.sounds.tune import default_tune
from selfcare.models import AuditEvent
from tests.factories import BoxMessageFactory, CustomerFactory, ExtensionFactory, LineFactory, SoundFactory, UserFactory
from tests.people import signed_in

SOUND = bytes(range(256)) * 4
OWN = {"own": "own", "enabled": "on", "greeting": "standard", "email_option": "none", "file_format": "wav"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def message(line):
    return BoxMessageFactory(line=line, caller="442079460018", name="London partner", file__data=SOUND)


@pytest.fixture
def page_of_faxes(line):
    return BoxMessageFactory(
        line=line, kind="fax", seconds=None, pages=3, content_type="application/pdf", file__data=b"%PDF-1.7 x"
    )


def voicemail(line) -> str:
    return reverse("centrex:line-voicemail", args=[line.pk])


def file_of(message) -> str:
    return reverse("centrex:message-file", args=[message.pk])


def body(answer) -> bytes:
    """All of the file; the test client closes it at its end."""
    return b"".join(answer.streaming_content)


# The list


def test_the_list_says_who_when_how_long_and_what_is_new(as_alice, line, message):
    colleague = LineFactory(customer=line.customer, account_id="12125550102")
    ExtensionFactory(customer=line.customer, line=colleague, number="202", name="Bob")
    BoxMessageFactory(line=line, caller="12125550102", status="answered")
    BoxMessageFactory(line=line, caller="")
    text = as_alice.get(voicemail(line)).content.decode()
    for words in ("+44 20 7946 0018", "London partner", "202 Bob", "Hidden number", "0:07", "98 KB", "Answered"):
        assert words in text
    assert "0.3 of 10 MB" in text


def test_faxes_are_listed_apart(as_alice, line, message, page_of_faxes):
    faxes = as_alice.get(reverse("centrex:line-faxes", args=[line.pk])).content.decode()
    assert file_of(page_of_faxes) in faxes
    assert file_of(message) not in faxes
    assert file_of(page_of_faxes) not in as_alice.get(voicemail(line)).content.decode()


def test_another_lines_messages_are_not_here(as_alice, line, easycall):
    other = BoxMessageFactory(line__customer=easycall)
    assert file_of(other) not in as_alice.get(voicemail(line)).content.decode()


def test_new_messages_are_counted_in_the_menu_and_in_the_list_of_lines(as_alice, line, message, page_of_faxes):
    BoxMessageFactory(line=line, status="seen")
    assert {each.name: each.unread for each in as_alice.get(voicemail(line)).context["sections"] if each.unread} == {
        "centrex:line-voicemail": 1,
        "centrex:line-faxes": 1,
    }
    assert "2 new messages" in as_alice.get(reverse("centrex:lines")).content.decode()
    BoxMessage.objects.update(status="seen")
    assert "new message" not in as_alice.get(reverse("centrex:lines")).content.decode()


def test_a_full_box_says_so(as_alice, line):
    BoxMessageFactory(line=line, bytes=10 * 1024 * 1024)
    assert "The box is full" in as_alice.get(voicemail(line)).content.decode()


def test_one_and_many_messages_ask_the_database_equally_often(as_alice, line, django_assert_max_num_queries):
    BoxMessageFactory(line=line)
    as_alice.get(voicemail(line))
    with django_assert_max_num_queries(100) as first:
        as_alice.get(voicemail(line))
    for caller in ("4930231250", "33123456789", "12125550102"):
        BoxMessageFactory(line=line, caller=caller)
    with django_assert_max_num_queries(len(first)):
        as_alice.get(voicemail(line))


# The file


def test_a_message_is_played_in_any_part_under_our_name(as_alice, message):
    whole = as_alice.get(file_of(message))
    assert (whole.status_code, whole["Content-Type"], body(whole)) == (200, "audio/wav", SOUND)
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert whole["Cache-Control"] == "private, no-store"
    part = as_alice.get(file_of(message), headers={"Range": "bytes=10-19"})
    assert (part.status_code, body(part)) == (206, SOUND[10:20])
    kept = as_alice.get(f"{file_of(message)}?download=1")
    assert kept["Content-Disposition"] == 'attachment; filename="2026-03-02-040000-12125550101.wav"'
    body(kept)


def test_a_fax_is_a_pdf_and_also_its_tiff(as_alice, page_of_faxes):
    answer = as_alice.get(file_of(page_of_faxes))
    assert (answer["Content-Type"], body(answer)) == ("application/pdf", b"%PDF-1.7 x")
    page_of_faxes.tiff.save("", SimpleUploadedFile("x", b"II*\0"))
    tiff = as_alice.get(f"{file_of(page_of_faxes)}?download=tiff")
    assert (tiff["Content-Type"], body(tiff)) == ("image/tiff", b"II*\0")
    assert tiff["Content-Disposition"].endswith('.tiff"')


def test_listening_makes_it_seen_but_only_for_who_may_change_something(as_alice, as_bob, message):
    body(as_bob.get(file_of(message)))
    message.refresh_from_db()
    assert message.status == "new"
    body(as_alice.get(file_of(message)))
    message.refresh_from_db()
    assert message.status == "new"  # looking changes nothing; the page says that it was opened
    address, sent = reverse("centrex:messages-mark", args=[message.line_id]), {"message": message.pk, "status": "heard"}
    assert as_bob.post(address, sent).status_code == 403
    assert as_alice.post(address, sent).status_code == 302
    message.refresh_from_db()
    assert message.status == "seen"
    BoxMessage.objects.update(status="answered")
    as_alice.post(address, sent)
    message.refresh_from_db()
    assert message.status == "answered"


def test_a_lost_file_is_not_there(as_alice, message):
    message.file.storage.delete(message.file.name)
    assert as_alice.get(file_of(message)).status_code == 404


def test_nobody_else_gets_it(as_charlie, client, line, message):
    for address in (file_of(message), reverse("centrex:message", args=[message.pk]), voicemail(line)):
        assert as_charlie.get(address).status_code == 404
        assert client.get(address).status_code == 302
    clerk = signed_in(UserFactory(customer=line.customer, role="billing_manager"))
    assert clerk.get(file_of(message)).status_code == 403


def test_a_branch_office_keeps_its_own_boxes(easycall):
    berlin = CustomerFactory(main_office=easycall)
    berta = signed_in(UserFactory(customer=berlin))
    own, mains = BoxMessageFactory(line__customer=berlin), BoxMessageFactory(line__customer=easycall)
    assert berta.get(voicemail(own.line)).status_code == 200
    assert berta.get(file_of(mains)).status_code == 404


# The acts


def mark(client, line, **what):
    return client.post(reverse("centrex:messages-mark", args=[line.pk]), what)


def test_ticked_messages_are_marked(as_alice, line, message):
    other = BoxMessageFactory(line=line)
    answer = mark(as_alice, line, message=[message.pk, other.pk], status="answered")
    assert answer["Location"] == voicemail(line)
    assert set(BoxMessage.objects.values_list("status", flat=True)) == {"answered"}
    mark(as_alice, line, message=[message.pk], status="burnt")
    message.refresh_from_db()
    assert message.status == "answered"


def test_a_star_is_given_and_taken(as_alice, line, page_of_faxes):
    for expected in (True, False):
        answer = mark(as_alice, line, star=page_of_faxes.pk)
        assert answer["Location"] == reverse("centrex:line-faxes", args=[line.pk])
        page_of_faxes.refresh_from_db()
        assert page_of_faxes.starred is expected


def test_without_a_tick_the_page_says_what_to_do(as_alice, line):
    address = reverse("centrex:messages-delete", args=[line.pk])
    assert "Tick messages first." in as_alice.get(address, follow=True).content.decode()
    assert mark(as_alice, line, status="seen", kind="fax")["Location"].endswith("/faxes/")


def test_deleting_asks_first_and_is_final(as_alice, line, message, django_capture_on_commit_callbacks):
    address = reverse("centrex:messages-delete", args=[line.pk])
    asked = as_alice.get(address, {"message": message.pk}).content.decode()
    assert "nobody can bring it back" in asked
    assert "+44 20 7946 0018" in asked
    assert BoxMessage.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(address, {"message": message.pk})
    assert not BoxMessage.objects.exists()
    assert not message.file.storage.exists(message.file.name)
    assert as_alice.post(address, {"message": message.pk}).status_code == 404


@pytest.mark.parametrize("name", ["centrex:messages-mark", "centrex:messages-delete"])
def test_nobody_else_marks_or_deletes(as_bob, as_charlie, as_alice, line, message, lotus, name):
    address, sent = reverse(name, args=[line.pk]), {"message": message.pk, "status": "seen"}
    assert as_bob.post(address, sent).status_code == 403
    assert as_charlie.post(address, sent).status_code == 404
    foreign = BoxMessageFactory(line__customer=lotus)
    for wrong in (foreign.pk, 99999999, "x", "٣"):
        assert as_alice.post(address, {"message": wrong, "status": "seen"}).status_code == 404
    for star in ("x", foreign.pk, "٣"):
        assert mark(as_alice, line, star=star).status_code == 404
    # A line of one's own does not open the message of another line.
    other = reverse(name, args=[LineFactory(customer=line.customer).pk])
    assert as_alice.post(other, sent).status_code == 404
    assert set(BoxMessage.objects.values_list("status", flat=True)) == {"new"}
    assert BoxMessage.objects.count() == 2


# The settings


def test_a_greeting_is_uploaded_and_chosen(as_alice, line):
    file = SimpleUploadedFile("hello.wav", default_tune(8000))
    sent = OWN | {"greeting": "personal", "personal_file": file, "auto_play": "on", "version": 1}
    assert as_alice.post(voicemail(line), sent).status_code == 302
    sound = Sound.objects.get()
    values = effective_of(line, Voicemail).values
    assert values == Voicemail(greeting="personal", personal=sound.pk, auto_play=True, announce_time=False)
    assert "Being prepared" in as_alice.get(voicemail(line)).content.decode()
    Sound.objects.update(state="ready")
    assert reverse("centrex:sound", args=[sound.pk]) in as_alice.get(voicemail(line)).content.decode()


def test_what_is_refused_stands_at_its_field(as_alice, line):
    sent = OWN | {"greeting": "name", "needs_pin": "on", "pin": "123456", "email_option": "copy", "version": 1}
    assert list(as_alice.post(voicemail(line), sent).context["form"].errors) == ["pin"]
    assert list(as_alice.post(voicemail(line), sent | {"pin": "482915"}).context["form"].errors) == ["name_file"]
    sent |= {"greeting": "standard", "pin": "482915"}
    assert list(as_alice.post(voicemail(line), sent).context["form"].errors) == ["email"]
    assert list(as_alice.post(voicemail(line), sent | {"email": "x"}).context["form"].errors) == ["email"]
    wrong = sent | {"email": "desk@example.com", "personal_file": SimpleUploadedFile("x.wav", b"<html>")}
    assert list(as_alice.post(voicemail(line), wrong).context["form"].errors) == ["personal_file"]
    assert not FeatureSetting.objects.exists()


def test_the_pin_is_set_and_never_shown(as_alice, line):
    sent = OWN | {"needs_pin": "on", "pin": "482915", "version": 1}
    as_alice.post(voicemail(line), sent)
    values = effective_of(line, Voicemail).values
    assert check_password("482915", values.pin_hash)
    text = as_alice.get(voicemail(line)).content.decode()
    assert values.pin_hash not in text
    assert 'value="482915"' not in text
    assert "482915" not in str(AuditEvent.objects.values_list("changes", flat=True))
    as_alice.post(voicemail(line), sent | {"pin": "", "auto_play": "on", "version": 2})
    assert effective_of(line, Voicemail).values.pin_hash == values.pin_hash


def test_inheriting_again_ignores_what_is_typed_beside_it(as_alice, line):
    sound = SoundFactory(customer=line.customer, purpose="prompt", state="ready")
    FeatureSetting.objects.create(
        customer=line.customer, line=line, name="voicemail", values={"greeting": "personal", "personal": sound.pk}
    )
    sent = {"own": "inherit", "email": "x", "personal_file": SimpleUploadedFile("x.wav", b""), "version": 1}
    assert as_alice.post(voicemail(line), sent).status_code == 302
    assert effective_of(line, Voicemail).source is Source.DEFAULT
    assert not Sound.objects.exists()


def test_what_the_itsp_locks_stays(as_alice, line):
    FeatureSetting.objects.create(customer=line.customer, name="voicemail", enabled=False, locked=True)
    as_alice.post(voicemail(line), OWN | {"version": 1})
    assert not effective_of(line, Voicemail).enabled
    assert not FeatureSetting.objects.filter(line=line).exists()


def test_settings_of_faxes(as_alice, line):
    address = reverse("centrex:line-faxes", args=[line.pk])
    sent = {"own": "own", "enabled": "on", "fax_only": "on", "name": "Orders", "action": "forward", "version": 1}
    sent |= {"file_format": "tiff"}
    assert list(as_alice.post(address, sent).context["form"].errors) == ["email"]
    as_alice.post(address, sent | {"email": "orders@example.com"})
    counts = effective_of(line, Fax)
    expected = Fax(
        fax_only=True, name="Orders", email="orders@example.com", action="forward", file_format="tiff"
    )  # fmt: skip
    assert (counts.enabled, counts.values) == (True, expected)
    as_alice.post(address, {"own": "inherit", "version": 2})
    assert not effective_of(line, Fax).enabled


@pytest.mark.parametrize("name", ["centrex:line-voicemail", "centrex:line-faxes"])
def test_who_only_reads_is_offered_no_act(as_bob, as_charlie, line, message, page_of_faxes, name):
    address = reverse(name, args=[line.pk])
    text = as_bob.get(address).content.decode()
    assert "messages/mark" not in text
    assert "messages/delete" not in text
    assert as_bob.post(address, OWN).status_code == 403
    assert as_charlie.post(address, OWN).status_code == 404
