"""A line's Call Recording: the ITSP's to allow, then the line's own."""

from django.urls import reverse

from centrex.models import CompanySettings, FeatureSetting
from centrex.queries.features import effective_of
from centrex.routing.features import Recording, Source


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
