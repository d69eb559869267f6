"""What rows were: kept by triggers, with who and where, cheap for what changes all day, and not for ever."""

import time
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.models import AutoPay, LineLimit, SpendLimits
from centrex.models import Extension, Huntgroup, HuntgroupMember, IncludedHuntgroup, Line
from centrex.operations.usage import mark_lines_used
from selfcare import tasks
from selfcare.models import Customer, Versioned
from selfcare.models.history import begin, forget, is_tracked, states
from selfcare.pages.profile import CONFIRMATION
from tests.factories import ExtensionFactory, HuntgroupFactory, LineFactory

TRACKED = {model for model in apps.get_models() if is_tracked(model)}


def test_everything_that_two_may_edit_is_tracked_and_the_ledger_is_not():
    ours = {model for model in apps.get_models() if issubclass(model, Versioned)}
    assert ours <= TRACKED
    assert {HuntgroupMember, IncludedHuntgroup} <= TRACKED
    assert {model for model in TRACKED if model._meta.app_label in ("billing", "tickets")} == {
        AutoPay,
        LineLimit,
        SpendLimits,
    }


def test_a_state_names_user_and_address(as_alice, alice, easycall):
    anna = ExtensionFactory(customer=easycall, number="201", name="Anna")
    data = {"number": "201", "name": "Hanna", "published": "on", "version": "1"}
    as_alice.post(f"/centrex/extensions/{anna.pk}/", data)
    first, second = states(Extension).filter(pgh_obj=anna)
    assert first.pgh_context is None
    assert second.pgh_context == {"user": alice.pk, "url": f"/centrex/extensions/{anna.pk}/"}


def test_the_secret_of_a_mailed_link_is_not_kept(client, easycall):
    Customer.objects.filter(pk=easycall.pk).update(pending_email="new@example.com")
    token = signing.dumps({"customer": easycall.pk, "email": "new@example.com"}, salt=CONFIRMATION)
    client.post(reverse("profile:confirm-email", args=[token]))
    state = states(Customer).filter(pgh_obj=easycall).last()
    assert state.email == "new@example.com"
    assert state.pgh_context["url"] == "/profile/confirm-email/…"


def test_a_request_asks_no_more_for_being_written_down(as_alice, easycall):
    """The context travels in front of the statement that changes the row."""
    anna = ExtensionFactory(customer=easycall, number="201", name="Anna")
    data = {"number": "201", "name": "Hanna", "published": "on"}
    with CaptureQueriesContext(connection) as captured:
        as_alice.post(f"/centrex/extensions/{anna.pk}/", data | {"version": "1"})
    told = [query["sql"] for query in captured if "pghistory.context_id" in query["sql"]]
    assert told
    assert all(sql.startswith("SELECT set_config") and "; " in sql for sql in told)
    assert not [query for query in captured if "extensionevent" in query["sql"]]


def test_calls_that_mark_a_line_used_make_no_state(db):
    line = LineFactory()
    mark_lines_used({line.pk: datetime(2026, 3, 2, tzinfo=UTC)})
    Line.objects.filter(pk=line.pk).update(registered_until=timezone.now())
    assert states(Line).filter(pgh_obj=line).count() == 1
    Line.objects.filter(pk=line.pk).update(name="Reception")
    assert states(Line).filter(pgh_obj=line).count() == 2


def test_a_thousand_at_once_stay_bearable(easycall):
    start = time.monotonic()
    Extension.objects.bulk_create([Extension(customer=easycall, number=str(n)) for n in range(1000, 2000)])
    assert states(Extension).filter(customer=easycall).count() == 1000
    assert time.monotonic() - start < 5


def aged(model, days: int, **which) -> None:
    past = timezone.now() - timedelta(days=days)
    states(model).filter(**which).update(pgh_created_at=past)


def test_old_states_go_but_what_the_next_change_begins_from_stays(easycall):
    anna, bert = (ExtensionFactory(customer=easycall, name=name) for name in ("Anna", "Bert"))
    for name in ("Hanna", "Johanna"):
        Extension.objects.filter(pk=anna.pk).update(name=name)
    bert.delete()
    aged(Extension, 500)
    Extension.objects.filter(pk=anna.pk).update(name="Jo")
    tasks.forget_states()
    assert list(states(Extension).values_list("name", flat=True)) == ["Johanna", "Jo"]


def test_states_within_the_time_stay(easycall):
    anna = ExtensionFactory(customer=easycall)
    Extension.objects.filter(pk=anna.pk).update(name="Hanna")
    aged(Extension, settings.HISTORY_DAYS - 1)
    tasks.forget_states()
    assert states(Extension).count() == 2
    assert forget(before=timezone.now()) >= 1


def test_rows_from_before_the_history_get_a_first_state(easycall):
    group = HuntgroupFactory(customer=easycall, name="Sales")
    states(Huntgroup).delete()
    begin("centrex")(apps, None)
    state = states(Huntgroup).get()
    assert (state.pgh_obj_id, state.name, state.version, state.pgh_label) == (group.pk, "Sales", 1, "insert")


def test_staff_see_what_a_row_was(as_dora, as_alice, alice, easycall):
    anna = ExtensionFactory(customer=easycall, number="201", name="Anna")
    data = {"number": "201", "name": "Hanna", "published": "on", "version": "1"}
    as_alice.post(f"/centrex/extensions/{anna.pk}/", data)
    page = as_dora.get(reverse("admin:centrex_extension_history", args=[anna.pk])).content.decode()
    assert "name: Anna → Hanna" in page
    assert f"<td>{alice}</td><td>/centrex/extensions/{anna.pk}/</td>" in page
    assert as_alice.get(reverse("admin:centrex_extension_history", args=[anna.pk])).status_code in {302, 403}
