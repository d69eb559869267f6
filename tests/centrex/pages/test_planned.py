"""Planned Changes on the pages: the second button, the notice, the list, and who may do what."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from centrex.models import FeatureSetting, Line, PlannedChange
from centrex.operations.planned.begin_and_end import apply_due
from centrex.queries.features import effective_of
from centrex.routing.features import Answering
from selfcare.models import CustomerClass, Role
from tests.factories import (
    CustomerFactory,
    HuntgroupFactory,
    LineFactory,
    MenuFactory,
    PlannedChangeFactory,
    UserFactory,
)
from tests.people import signed_in

ANSWER = {"own": "own", "ring": "on", "ring_seconds": "15"}
TYPED = "%Y-%m-%dT%H:%M"


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall)


@pytest.fixture
def address(line):
    return reverse("centrex:line-incoming", args=[line.pk])


def days(count: int) -> str:
    return (timezone.now() + timedelta(days=count)).strftime(TYPED)


def when(start: int = 2, end: int | None = 4) -> dict[str, str]:
    return {"planning": "plan", "when-starts_at": days(start), "when-ends_at": days(end) if end else ""}


def test_the_button_asks_for_the_times_and_keeps_what_was_typed(as_alice, address, line):
    assert "Plan for a time…" in as_alice.get(address).content.decode()
    page = as_alice.post(address, ANSWER | {"version": line.version, "planning": "ask"}).content.decode()
    assert 'name="when-starts_at"' in page
    assert 'value="15"' in page
    assert "Plan this change" in page
    assert not PlannedChange.objects.exists()
    assert not FeatureSetting.objects.exists()


def test_planned_shown_and_done(as_alice, as_bob, address, line):
    answer = as_alice.post(address, ANSWER | {"version": line.version} | when(), follow=True).content.decode()
    change = PlannedChange.objects.get()
    assert not FeatureSetting.objects.exists()
    for page in (answer, as_alice.get(reverse("centrex:line", args=[line.pk])).content.decode()):
        assert "Ring for, sec becomes 15" in page
        assert reverse("centrex:planned-cancel", args=[change.pk]) in page
    assert reverse("centrex:undo", args=[1])[:-2] in answer
    looked_at = as_bob.get(address).content.decode()
    assert "Ring for, sec becomes 15" in looked_at
    assert reverse("centrex:planned-cancel", args=[change.pk]) not in looked_at
    apply_due(now=change.starts_at)
    page = as_alice.get(address).content.decode()
    assert "In force" in page
    assert "Changed (planned change)" in page
    as_alice.post(reverse("centrex:planned-end", args=[change.pk]))
    change.refresh_from_db()
    assert change.state == "done"
    assert effective_of(line, Answering).values.ring_seconds == 30


def test_times_are_those_of_the_companys_clock(as_alice, easycall, address, line):
    year = timezone.now().year + 1
    typed = {"planning": "plan", "when-starts_at": f"{year}-01-08T18:00", "when-ends_at": f"{year}-07-09T08:00"}
    as_alice.post(address, ANSWER | {"version": line.version} | typed)
    change = PlannedChange.objects.get()
    assert change.starts_at.isoformat() == f"{year}-01-08T23:00:00+00:00"
    assert change.ends_at.isoformat() == f"{year}-07-09T12:00:00+00:00"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"when-starts_at": ""}, "This field is required"),
        ({"when-starts_at": "soon"}, "Enter a day and a time"),
        (when(-2, None), "still to come"),
        (when(4, 2), "The end must be after the beginning"),
        ({"ring_seconds": "3"}, "greater than or equal to 5"),
        ({"own": "inherit"}, "changes nothing"),
    ],
)
def test_what_is_wrong_stands_on_the_page(as_alice, address, line, sent, words):
    page = as_alice.post(address, ANSWER | {"version": line.version} | when() | sent).content.decode()
    assert words in page
    assert "Plan this change" in page
    assert not PlannedChange.objects.exists()


def test_a_button_of_the_list_keeps_the_times(as_alice, line):
    address = reverse("centrex:line-forwarding", args=[line.pk])
    sent = {"version": line.version, "forwarding": "follow_me", "do": "add"} | when()
    page = as_alice.post(address, sent).content.decode()
    assert f'value="{sent["when-starts_at"]}"' in page
    assert 'name="number-new1-number"' in page
    assert "Plan this change" in page
    assert not PlannedChange.objects.exists()


def test_an_overlap_links_to_the_other(as_alice, address, line):
    as_alice.post(address, ANSWER | {"version": line.version} | when())
    page = as_alice.post(address, ANSWER | {"version": line.version, "ring_seconds": "20"} | when(3, None))
    assert f'href="{reverse("centrex:planned-change", args=[PlannedChange.objects.get().pk])}"' in page.content.decode()


def test_forwarding_abroad_asks_for_the_password_and_counts_wrong_ones(as_alice, alice, line):
    alice.set_password("correct horse")
    alice.save()
    client = signed_in(alice)
    address = reverse("centrex:line-forwarding", args=[line.pk])
    sent = {"version": line.version, "forwarding": "simple", "to": "+44 20 7946 0000"} | when()
    assert "Is it really you?" in client.post(address, sent).content.decode()
    for _try in range(5):
        assert "This is not your password." in client.post(address, sent | {"password": "x"}).content.decode()
    assert "tried too often" in client.post(address, sent | {"password": "correct horse"}).content.decode()
    assert not PlannedChange.objects.exists()


def test_forwarding_abroad_with_the_password(alice, line):
    alice.set_password("correct horse")
    alice.save()
    address = reverse("centrex:line-forwarding", args=[line.pk])
    sent = {"version": line.version, "forwarding": "simple", "to": "+44 20 7946 0000", "password": "correct horse"}
    signed_in(alice).post(address, sent | when())
    change = PlannedChange.objects.get()
    assert (change.new, change.confirmed) == ({"mode": "simple", "to": "442079460000"}, True)
    assert "password" not in str(change.changes)


def test_a_huntgroups_fields_and_members(as_alice, easycall):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    edit = reverse("centrex:huntgroup-edit", args=[group.pk])
    sent = {"number": "88", "name": "Nights", "sequence": group.sequence, "caller_id": group.caller_id, "version": 1}
    if group.pickup_allowed:
        sent["pickup_allowed"] = "on"
    answer = as_alice.post(edit, sent | when(), follow=True)
    assert PlannedChange.objects.get().new == {"name": "Nights"}
    assert "becomes Nights" in answer.content.decode()
    assert "becomes Nights" in as_alice.get(reverse("centrex:huntgroup-members", args=[group.pk])).content.decode()
    page = as_alice.get(reverse("centrex:huntgroup-members", args=[group.pk])).content.decode()
    assert "Plan for a time…" in page


def test_the_list_with_its_filter(as_alice, easycall, alice):
    there = PlannedChangeFactory(line__customer=easycall, line__name="Front desk", planned_by=alice)
    gone = PlannedChangeFactory(line__customer=easycall, state="failed", reason="It was deleted.")
    Line.objects.filter(pk=gone.record_id).delete()
    address = reverse("centrex:planned")
    page = as_alice.get(address).content.decode()
    assert "Front desk" in page
    assert "It was deleted." in page
    assert ">deleted</span>" in page
    page = as_alice.get(address, {"state": "failed"}).content.decode()
    assert there.record_name not in page
    assert gone.record_name in page


def test_a_plan_is_moved_and_cancelled(as_alice, easycall, alice):
    change = PlannedChangeFactory(line__customer=easycall, planned_by=alice)
    address = reverse("centrex:planned-change", args=[change.pk])
    start = change.starts_at
    as_alice.post(address, {"version": 1, "starts_at": days(3), "ends_at": ""})
    change.refresh_from_db()
    assert (change.starts_at > start, change.ends_at) == (True, None)
    answer = as_alice.post(address, {"version": 1, "starts_at": days(5), "ends_at": ""})
    assert "alice changed" in answer.content.decode()
    as_alice.post(reverse("centrex:planned-cancel", args=[change.pk]))
    change.refresh_from_db()
    assert change.state == "cancelled"
    answer = as_alice.post(reverse("centrex:planned-end", args=[change.pk]))
    assert "not in force" in answer.content.decode()


def test_only_touched_times_move(as_alice, easycall, alice):
    """A minute of the form does not cut the seconds off a kept moment."""
    change = PlannedChangeFactory(line__customer=easycall, planned_by=alice)
    shown = change.starts_at.astimezone(easycall.zone).strftime(TYPED)
    as_alice.post(
        reverse("centrex:planned-change", args=[change.pk]), {"version": 1, "starts_at": shown, "ends_at": days(9)}
    )
    kept, change.ends_at = change.starts_at, None
    change.refresh_from_db()
    assert change.starts_at.replace(second=0, microsecond=0) == kept.replace(second=0, microsecond=0)
    assert change.ends_at > timezone.now() + timedelta(days=7)


NAMES = ["planned-change", "planned-cancel", "planned-end"]


@pytest.mark.parametrize("name", NAMES)
def test_rights(as_alice, as_bob, as_charlie, client, easycall, alice, name):
    change = PlannedChangeFactory(line__customer=easycall, planned_by=alice)
    address = reverse(f"centrex:{name}", args=[change.pk])
    for method in ("get", "post", "put", "delete", "options"):
        assert getattr(as_charlie, method)(address).status_code == 404, method
    assert as_bob.post(address).status_code == 403
    assert "/login" in client.get(address).url
    assert as_bob.get(reverse("centrex:planned")).status_code == 200
    change.refresh_from_db()
    assert change.state == "planned"


def test_readers_look_at_a_plan_without_its_form(as_bob, easycall, alice):
    change = PlannedChangeFactory(line__customer=easycall, planned_by=alice)
    page = as_bob.get(reverse("centrex:planned-change", args=[change.pk])).content.decode()
    assert "Ring for, sec becomes 15" in page
    assert 'name="starts_at"' not in page


def test_bob_cannot_plan(as_bob, address, line):
    assert "Plan for a time…" not in as_bob.get(address).content.decode()
    assert as_bob.post(address, ANSWER | {"version": line.version} | when()).status_code == 403


def test_a_branch_office_plans_for_its_lines_and_not_for_huntgroups(easycall):
    berlin = CustomerFactory(main_office=easycall, time_zone="Europe/Berlin")
    berta = signed_in(UserFactory(customer=berlin, role=Role.OWNER))
    own, foreign = LineFactory(customer=berlin), LineFactory(customer=easycall)
    group = HuntgroupFactory(customer=easycall, branch_office=berlin)
    berta.post(reverse("centrex:line-incoming", args=[own.pk]), ANSWER | {"version": 1} | when())
    assert PlannedChange.objects.get().customer == berlin
    sent = ANSWER | {"version": 1} | when()
    assert berta.post(reverse("centrex:line-incoming", args=[foreign.pk]), sent).status_code == 404
    assert berta.post(reverse("centrex:huntgroup-edit", args=[group.pk]), {"name": "X"} | when()).status_code in (
        403,
        404,
    )
    assert PlannedChange.objects.count() == 1


def test_a_class_of_customers_without_the_page(as_alice, easycall, address):
    easycall.customer_class = CustomerClass.objects.create(name="Small", hidden_pages=["centrex:planned"])
    easycall.save()
    assert "Plan for a time…" not in as_alice.get(address).content.decode()
    assert as_alice.get(reverse("centrex:planned")).status_code == 404


def test_what_happens_if_at_a_time_to_come(as_alice, easycall, alice, line):
    change = PlannedChangeFactory(line=line, planned_by=alice)
    sent = {"caller": "hidden", "dialled": line.account_id}
    link = reverse("centrex:planned-change", args=[change.pk])
    inside = (change.starts_at + timedelta(hours=1)).astimezone(easycall.zone).strftime(TYPED)
    assert link in as_alice.get(reverse("centrex:what-if"), sent | {"at": inside}).content.decode()
    assert link not in as_alice.get(reverse("centrex:what-if"), sent).content.decode()


def test_a_menu_is_planned_on_its_page(as_alice, as_bob, line):
    menu = MenuFactory(line=line, name="ROOT")
    address = reverse("centrex:menu-edit", args=[menu.pk])
    page = as_alice.get(address)
    assert "Plan for a time…" in page.content.decode()
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent |= {row[name].html_name: row[name].value() or "" for row in form.rows for name in row.fields if name != "file"}
    sent |= {"max_loops": "5"}
    with_file = {"prompt_file": SimpleUploadedFile("a.wav", b"RIFF")}
    assert "A file cannot be planned" in as_alice.post(address, sent | when() | with_file).content.decode()
    assert not PlannedChange.objects.exists()
    as_alice.post(address, sent | when())
    change = PlannedChange.objects.get()
    assert (change.part, change.new["max_loops"], change.record_id) == ("menu", 5, menu.pk)
    assert "Times it is played becomes 5" in as_alice.get(address).content.decode()
    assert "Times it is played becomes 5" in as_alice.get(reverse("centrex:planned")).content.decode()
    assert as_bob.post(address, sent | when()).status_code == 403


@pytest.mark.parametrize(
    ("section", "typed", "new"),
    [
        ("voicemail", {"greeting": "standard", "email_option": "none", "file_format": "mp3", "announce_time": "on"},
         {"file_format": "mp3"}),
        ("faxes", {"action": "copy", "file_format": "tiff"}, {"file_format": "tiff"}),
        ("dialing", {"kind": "pbx", "country_code": "1", "international_prefix": "011", "outside_prefix": "9"},
         {"outside_prefix": "9"}),
    ],
)  # fmt: skip
def test_these_sections_can_be_planned_and_come_into_force(as_alice, line, section, typed, new):
    address = reverse(f"centrex:line-{section}", args=[line.pk])
    assert "Plan for a time…" in as_alice.get(address).content.decode()
    as_alice.post(address, {"own": "own", "enabled": "on", "version": line.version} | typed | when())
    change = PlannedChange.objects.get()
    assert change.new.items() >= new.items()
    apply_due(now=change.starts_at)
    change.refresh_from_db()
    assert (change.state, change.reason) == ("active", "")
    apply_due(now=change.ends_at)
    change.refresh_from_db()
    assert (change.state, change.reason) == ("done", "")
    assert not FeatureSetting.objects.filter(line=line).exists()
