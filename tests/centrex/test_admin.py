"""Staff cannot mix two customers' telephone systems, nor disturb the number space."""

from django.urls import reverse

from centrex.models import CompanySettings, DialCode, Did
from selfcare.models import AuditEvent
from tests.factories import (
    BatchFactory,
    CustomerFactory,
    DidFactory,
    ExtensionFactory,
    HuntgroupMemberFactory,
    LineFactory,
)


def given(client, address) -> dict[str, object]:
    form = client.get(address).context["adminform"].form
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def test_a_choice_of_another_customers_is_refused(as_dora, easycall, lotus):
    line, foreign = LineFactory(customer=easycall), LineFactory(customer=lotus)
    did = Did.objects.create(number="17185550000", country="US", currency="USD", customer=easycall)
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


def of_company(customer, **values) -> tuple[str, dict[str, object]]:
    """The address of the customer's settings and what a browser would send."""
    address = reverse("admin:centrex_companysettings_change", args=[customer.company_settings.pk])
    return address, {"paging_prefix": "*33", "max_calls": ""} | values


def test_paging_takes_its_code_and_gives_it_back(as_dora, dora, easycall):
    address, form = of_company(easycall, paging_enabled="on", limit_calls="on", max_calls=5)
    assert as_dora.post(address, form).status_code == 302
    assert [each.code for each in DialCode.objects.filter(customer=easycall)] == ["*33"]
    event = AuditEvent.objects.get(record_type="centrex.companysettings")
    assert event.user == dora
    assert event.changes["Max Number of Simultaneous Calls"] == ["", "5"]
    settings = CompanySettings.objects.get(customer=easycall)
    assert (settings.version, settings.limit_calls, settings.max_calls) == (2, True, 5)
    assert as_dora.post(address, form | {"paging_enabled": ""}).status_code == 302
    assert not DialCode.objects.exists()


def test_a_code_in_the_way_is_an_error_of_the_form(as_dora, easycall):
    ExtensionFactory(customer=easycall, number="401", name="Anna")
    address, form = of_company(easycall, paging_enabled="on", paging_prefix="40", call_recording="on")
    answer = as_dora.post(address, form)
    said = "40 is the beginning of 401 (extension Anna), which nobody could dial any more."
    assert answer.context["adminform"].form.errors == {"paging_prefix": [said]}
    settings = CompanySettings.objects.get(customer=easycall)
    assert (settings.version, settings.paging_enabled, settings.call_recording) == (1, False, False)
    assert as_dora.post(address, form | {"paging_prefix": "911"}).status_code == 200
    limit = as_dora.post(address, form | {"limit_calls": "on", "paging_enabled": ""})
    assert limit.context["adminform"].form.errors == {"max_calls": ["Enter how many calls are allowed at a time."]}


def test_paging_of_a_branch_office_is_its_main_offices(as_dora, easycall):
    branch = CustomerFactory(main_office=easycall)
    address, form = of_company(branch, paging_enabled="on", limit_calls="on", max_calls=3)
    assert as_dora.post(address, form).status_code == 302
    settings = CompanySettings.objects.get(customer=branch)
    assert (settings.paging_enabled, settings.max_calls) == (False, 3)
    assert not DialCode.objects.exists()


def test_staffs_save_of_other_fields_is_no_conflict(as_dora, as_alice, easycall):
    address, form = of_company(easycall, paging_enabled="on")
    as_dora.post(address, form)
    codes = {"pickup_prefix": "*40", "park_prefix": "*70", "release_prefix": "*71"}
    save = {"distinctive_ring": "on", "version": 1} | codes  # another field: no conflict
    assert as_alice.post(reverse("centrex:incoming"), save).status_code == 302
    assert CompanySettings.objects.get(customer=easycall).paging_enabled


def test_a_new_length_of_extensions_leaves_those_that_exist(as_dora, easycall):
    page = as_dora.get(reverse("admin:selfcare_customer_change", args=[easycall.pk])).content.decode()
    assert "A new extension number length counts for new extensions; those that exist stay." in page
