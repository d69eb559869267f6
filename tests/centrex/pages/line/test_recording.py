"""A line's Call Recording: the ITSP's to allow, then the line's own."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from centrex.models import CallRecording, CompanySettings, FeatureSetting, Site
from centrex.operations.line_recording import set_recording
from centrex.queries.features import effective_of
from centrex.queries.recordings import heard_by
from centrex.routing.features import Recording, Source
from selfcare.errors import Refused
from selfcare.tenancy import VIEW_AS
from tests.factories import CallRecordingFactory, LineFactory, UserFactory
from tests.people import signed_in


def address(line):
    return reverse("centrex:line-recording", args=[line.pk])


def test_where_the_itsp_does_not_record_no_line_may(as_alice, line, easycall):
    FeatureSetting.objects.create(customer=easycall, name="recording", values={"outgoing": True})
    page = as_alice.get(address(line)).content.decode()
    assert "Your telephone company keeps this setting." in page
    as_alice.post(address(line), {"own": "own", "enabled": "on", "outgoing": "on", "version": 1})
    assert not effective_of(line, Recording).enabled
    assert not FeatureSetting.objects.filter(line=line).exists()


def test_a_line_may_be_left_out(as_alice, line, easycall):
    CompanySettings.for_customer(easycall).update(call_recording=True)
    assert effective_of(line, Recording).enabled
    as_alice.post(address(line), {"own": "own", "version": 1})
    counts = effective_of(line, Recording)
    assert (counts.enabled, counts.source) == (False, Source.LINE)


def test_what_is_recorded_and_for_how_long(as_alice, line, easycall):
    CompanySettings.for_customer(easycall).update(call_recording=True)
    own = {"own": "own", "enabled": "on", "redirected": "on", "start_stop": "on", "version": 1}
    assert "keep_days" in as_alice.post(address(line), own | {"keep_days": "0"}).context["form"].errors
    as_alice.post(address(line), own | {"keep_days": "90"})
    expected = Recording(False, False, True, start_stop=True, announce=False, keep_days=90)
    assert effective_of(line, Recording).values == expected


# Who is told and who may listen


def private(line):
    CompanySettings.for_customer(line.customer).update(call_recording=True)
    return FeatureSetting.objects.create(
        customer=line.customer, line=line, name="recording", values={"owner_only": True}
    )


def recorded(line, **values):
    CallRecordingFactory(customer=line.customer, line=line, status="ready", file="recordings/x.wav", **values)
    return CallRecording.objects.latest("pk")


def status(client, address):
    answer = client.get(address)
    b"".join(getattr(answer, "streaming_content", ()))  # or the file stays open
    return answer.status_code


def view_as(client, customer):
    """Staff look at the portal as the customer does."""
    session = client.session
    session[VIEW_AS] = customer.pk
    session.save()


def manager(line):
    return UserFactory(customer=line.customer, role="centrex_manager")


def test_the_latest_recordings_of_the_line_are_listed(as_alice, line, easycall):
    mine, other = recorded(line), recorded(LineFactory(customer=easycall))
    page = as_alice.get(address(line)).content.decode()
    assert reverse("centrex:recording", args=[mine.pk]) in page
    assert reverse("centrex:recording", args=[other.pk]) not in page
    assert f"{reverse('centrex:calls')}?line={line.account_id}&amp;recorded=on" in page


def test_private_recordings_are_the_owners_alone(as_alice, as_dora, line, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    recording = recorded(line)
    recording.file.save("x.wav", ContentFile(b"RIFF"))
    heard = reverse("centrex:recording", args=[recording.pk])
    colleague = signed_in(manager(line))
    view_as(as_dora, line.customer)
    for client in (as_alice, colleague, as_dora):
        assert status(client, heard) == 200
    setting = private(line)
    assert status(as_alice, heard) == 200
    for client in (colleague, as_dora):
        assert status(client, heard) == 404
        assert heard not in client.get(address(line)).content.decode()
        assert heard not in client.get(reverse("centrex:calls")).content.decode()
    sent = {"recording": recording.pk}
    assert colleague.post(reverse("centrex:recordings-delete"), sent).status_code == 404
    assert CallRecording.objects.exists()
    # Old recordings stay private also where nothing is recorded any more.
    CompanySettings.for_customer(line.customer).update(call_recording=False)
    assert status(colleague, heard) == 404
    setting.delete()
    assert status(colleague, heard) == 200


def test_a_line_inherits_that_its_recordings_are_private(line, easycall):
    heard, colleague = recorded(line), manager(line)
    FeatureSetting.objects.create(customer=easycall, name="recording", values={"owner_only": True})
    assert heard not in heard_by(colleague, easycall)
    own = FeatureSetting.objects.create(customer=easycall, line=line, name="recording", values={"owner_only": False})
    assert heard in heard_by(colleague, easycall)
    own.delete()
    default = Site.for_customer(easycall).get(is_default=True)
    FeatureSetting.objects.create(customer=easycall, site=default, name="recording", values={"owner_only": False})
    assert heard in heard_by(colleague, easycall)


def test_only_an_owner_makes_them_private_or_lets_them_out(as_alice, line):
    colleague = signed_in(manager(line))
    CompanySettings.for_customer(line.customer).update(call_recording=True)
    own = {"own": "own", "enabled": "on", "outgoing": "on"}
    colleague.post(address(line), own | {"owner_only": "on", "version": 1})
    assert not effective_of(line, Recording).values.owner_only
    as_alice.post(address(line), own | {"owner_only": "on", "version": 2})
    assert effective_of(line, Recording).values.owner_only
    told = own | {"send_by_email": "on", "email": "thief@example.com", "version": 3}
    for sent in (told, {"own": "inherit", "version": 3}):
        colleague.post(address(line), sent)
        values = effective_of(line, Recording).values
        assert (values.owner_only, values.email) == (True, "")
    with pytest.raises(Refused, match="Only an owner"):
        set_recording(user=manager(line), line=line, version=3, values=None, enabled=True, labels={})


def test_a_mail_needs_an_address(as_alice, line, easycall):
    CompanySettings.for_customer(easycall).update(call_recording=True)
    own = {"own": "own", "enabled": "on", "send_by_email": "on", "version": 1}
    assert list(as_alice.post(address(line), own).context["form"].errors) == ["email"]
    as_alice.post(address(line), own | {"email": "desk@example.com"})
    assert effective_of(line, Recording).values.send_by_email


def test_the_page_names_the_companys_codes(as_alice, line, easycall):
    CompanySettings.for_customer(easycall).update(call_recording=True)
    assert "has no codes for it yet" in as_alice.get(address(line)).content.decode()
    CompanySettings.for_customer(easycall).update(record_codes_enabled=True, record_start_code="*91")
    assert "dial *91 to begin a recording and *45 to end it" in as_alice.get(address(line)).content.decode()
