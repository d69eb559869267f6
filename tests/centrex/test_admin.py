"""Staff cannot mix two customers' telephone systems, nor disturb the number space."""

from django.urls import reverse

from centrex.models import Did
from tests.factories import BatchFactory, DidFactory, ExtensionFactory, HuntgroupMemberFactory, LineFactory


def given(client, address) -> dict[str, object]:
    form = client.get(address).context["adminform"].form
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def test_a_choice_of_another_customers_is_refused(as_dora, easycall, lotus):
    line, foreign = LineFactory(customer=easycall), LineFactory(customer=lotus)
    did = Did.objects.create(number="17185550000", country="US", customer=easycall)
    address = reverse("admin:centrex_did_change", args=[did.pk])
    response = as_dora.post(address, given(as_dora, address) | {"line": foreign.pk})
    assert response.context["adminform"].form.errors == {"line": ["This belongs to another customer."]}
    assert as_dora.post(address, given(as_dora, address) | {"line": line.pk}).status_code == 302
    did.refresh_from_db()
    assert did.line == line


def test_a_line_and_its_batch_belong_together(as_dora, easycall, lotus):
    form = {"customer": easycall.pk, "account_id": "12125550199", "kind": "credit", "forwarding": "none"}
    dids = {"dids-TOTAL_FORMS": 0, "dids-INITIAL_FORMS": 0}
    address = reverse("admin:centrex_line_add")
    assert as_dora.post(address, form | dids | {"batch": BatchFactory(customer=lotus).pk}).status_code == 200
    assert as_dora.post(address, form | dids | {"batch": BatchFactory(customer=easycall).pk}).status_code == 302


def test_numbers_are_shown_not_changed(as_dora, easycall, lotus):
    extension = ExtensionFactory(customer=easycall, number="101")
    address = reverse("admin:centrex_extension_change", args=[extension.pk])
    assert as_dora.post(address, {"name": "Desk", "number": "999", "customer": lotus.pk}).status_code == 302
    extension.refresh_from_db()
    assert (extension.number, extension.name, extension.customer, extension.version) == ("101", "Desk", easycall, 2)
    assert as_dora.get(reverse("admin:centrex_extension_add")).status_code == 403
    delete = reverse("admin:centrex_extension_delete", args=[extension.pk])
    assert as_dora.post(delete, {"post": "yes"}).status_code == 403


def test_members_keep_their_place_and_get_their_ring_times(as_dora):
    member = HuntgroupMemberFactory()
    group = member.huntgroup
    foreign = ExtensionFactory()
    form = {
        "name": "Sales",
        "sequence": "order",
        "caller_id": "keep",
        "included_groups-TOTAL_FORMS": 0,
        "included_groups-INITIAL_FORMS": 0,
        "members-TOTAL_FORMS": 1,
        "members-INITIAL_FORMS": 1,
        "members-0-id": member.pk,
        "members-0-huntgroup": group.pk,
        "members-0-extension": foreign.pk,
        "members-0-ring_delay": 5,
        "members-0-ring_time": 20,
    }
    response = as_dora.post(reverse("admin:centrex_huntgroup_change", args=[group.pk]), form)
    assert response.status_code == 302
    before = member.extension
    member.refresh_from_db()
    assert (member.ring_delay, member.ring_time, member.extension) == (5, 20, before)


def test_a_number_shows_on_its_lines_page(as_dora):
    did = DidFactory()
    assert did.number in as_dora.get(reverse("admin:centrex_line_change", args=[did.line.pk])).content.decode()
