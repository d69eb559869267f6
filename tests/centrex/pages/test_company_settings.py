"""General, Incoming Calls, Outgoing Calls and Identity of IP Centrex."""

import re

import pytest
from django.utils.html import strip_tags

from centrex.models import CompanySettings, DialCode, HuntgroupMember
from centrex.operations.company import save_incoming
from centrex.queries.codes import codes_of
from centrex.routing.codes import Pickup, pickup_of, service_of
from selfcare.models import CustomerClass
from tests.factories import CustomerFactory, ExtensionFactory, HuntgroupFactory, LineFactory, UserFactory
from tests.people import signed_in
from tests.rows import contents

GENERAL, INCOMING, OUTGOING, IDENTITY = (
    f"/centrex/{name}/" for name in ("general", "incoming", "outgoing", "identity")
)
PICKUP = {"pickup_enabled": "on", "pickup_prefix": "*77", "park_prefix": "*70", "release_prefix": "*71"}
HIDING = {"hide_cli": "automatic", "hide_cli_prefix": "*67", "show_cli_prefix": "*82"}


def body(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def words(client, address: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(body(client, address).replace("</dt>", " "))).replace("( ", "(")


def promise(customer, **values) -> None:
    CompanySettings.objects.filter(customer=customer).update(**values)


def kept(customer) -> CompanySettings:
    return CompanySettings.objects.get(customer=customer)


def codes(office) -> set[str]:
    return set(DialCode.objects.filter(customer=office, kind="service").values_list("code", flat=True))


@pytest.fixture
def branch(easycall):
    return CustomerFactory(company_name="EasyCall Berlin", main_office=easycall)


@pytest.fixture
def as_berta(branch):
    return signed_in(UserFactory(username="berta", customer=branch))


@pytest.fixture
def sales(easycall):
    """Sales allows pickup and is Anna's primary group; Reception does not allow it."""
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales & Service", pickup_allowed=True)
    reception = HuntgroupFactory(customer=easycall, number="89", name="Reception")
    anna = ExtensionFactory(customer=easycall, number="201", name="Anna", primary_group=group)
    for each in (group, reception):
        HuntgroupMember.objects.create(huntgroup=each, extension=anna, position=1)
    return group


def test_general_shows_what_is_set_up_and_what_there_is(as_alice, easycall):
    ExtensionFactory(customer=easycall, line=LineFactory(customer=easycall))
    LineFactory(customer=easycall)
    page = words(as_alice, GENERAL)
    assert "Paging / Intercom Off" in page
    assert "Paging / Intercom Prefix" not in page
    assert "Extension Number Length 3 digits" in page
    assert "Phone Lines 2 (1 without an extension)" in page
    assert "Extensions 1" in page
    promise(easycall, paging_enabled=True, paging_prefix="*34")
    page = words(as_alice, GENERAL)
    assert "Paging / Intercom On" in page
    assert "Paging / Intercom Prefix *34" in page


def test_outgoing_shows_the_limit(as_alice, easycall):
    page = words(as_alice, OUTGOING)
    assert "Limit Simultaneous Calls Off" in page
    assert "Max Number of Simultaneous Calls" not in page
    promise(easycall, limit_calls=True, max_calls=7)
    page = words(as_alice, OUTGOING)
    assert "Limit Simultaneous Calls On" in page
    assert "Max Number of Simultaneous Calls 7" in page


@pytest.mark.parametrize("address", [GENERAL, OUTGOING])
def test_what_the_telephone_company_sets_no_customer_changes(as_alice, as_bob, as_charlie, as_berta, address):
    forged = {
        "paging_enabled": "on",
        "paging_prefix": "*1",
        "limit_calls": "",
        "max_calls": "999",
        "extension_length": 6,
    }
    for client, status in ((as_alice, 405), (as_charlie, 405), (as_bob, 403)):
        assert "<form" not in body(client, address).split("<main")[1]
        before = contents()
        for method in ("post", "put", "patch", "delete"):
            assert getattr(client, method)(address, forged).status_code == status
        assert contents() == before
    assert as_berta.post(address, forged).status_code == 405


def test_a_branch_office_has_a_limit_of_its_own_and_the_offices_paging(as_berta, easycall, branch):
    promise(easycall, paging_enabled=True, limit_calls=True, max_calls=7)
    promise(branch, limit_calls=True, max_calls=2)
    assert "Paging / Intercom On" in words(as_berta, GENERAL)
    assert "Max Number of Simultaneous Calls 2" in words(as_berta, OUTGOING)


def test_incoming_claims_its_codes(as_alice, easycall):
    answer = as_alice.post(INCOMING, PICKUP | {"distinctive_ring": "on", "version": 1}, follow=True)
    assert "Your settings were saved." in answer.content.decode()
    settings = kept(easycall)
    assert (settings.distinctive_ring, settings.pickup_enabled, settings.pickup_prefix) == (True, True, "*77")
    assert codes(easycall) == {"*77"}


def test_what_a_switch_that_is_off_hides_is_kept_and_not_looked_at(as_alice, easycall):
    promise(easycall, park_prefix="*50")
    odd = PICKUP | {"park_prefix": "nonsense", "release_prefix": "", "version": 1}
    assert as_alice.post(INCOMING, odd).status_code == 302
    settings = kept(easycall)
    assert (settings.park_prefix, settings.release_prefix, settings.parking_enabled) == ("*50", "*71", False)
    answer = as_alice.post(INCOMING, odd | {"parking_enabled": "on", "version": 2})
    assert set(answer.context["form"].errors) == {"park_prefix", "release_prefix"}


@pytest.mark.parametrize("prefix", ["", "**7", "7*", "123456", "*123456", "+7", "a", "*", "٣"])
def test_an_odd_prefix_is_an_error(as_alice, easycall, prefix):
    answer = as_alice.post(INCOMING, PICKUP | {"pickup_prefix": prefix, "version": 1})
    assert "pickup_prefix" in answer.context["form"].errors
    assert kept(easycall).version == 1


def test_what_is_in_the_way_is_named_with_a_link_that_nobody_can_abuse(as_alice, easycall):
    anna = ExtensionFactory(customer=easycall, number="401", name="Anna <b>&</b>")
    page = as_alice.post(INCOMING, PICKUP | {"pickup_prefix": "40", "version": 1}).content.decode()
    link = f'<a href="/centrex/extensions/{anna.pk}/">extension Anna &lt;b&gt;&amp;&lt;/b&gt;</a>'
    assert page.count(f"40 is the beginning of 401 ({link}), which nobody could dial any more.") == 2
    assert f'<a href="#id_pickup_prefix">Group Pickup Prefix</a>: 40 is the beginning of 401 ({link})' in page
    assert codes(easycall) == set()


def test_a_page_that_is_switched_off_is_not_linked(as_alice, easycall):
    ExtensionFactory(customer=easycall, number="401", name="Anna")
    easycall.customer_class = CustomerClass.objects.create(name="Plain", hidden_pages=["centrex:extensions"])
    easycall.save()
    page = as_alice.post(INCOMING, PICKUP | {"pickup_prefix": "40", "version": 1}).content.decode()
    assert page.count("40 is the beginning of 401 (extension Anna), which nobody could dial any more.") == 2


def test_the_example_is_right_by_the_rule(as_alice, easycall, alice, sales):
    as_alice.post(INCOMING, PICKUP | {"parking_enabled": "on", "version": 1})
    page = words(as_alice, INCOMING)
    assert "Dial *77 alone to answer a call that rings in your own primary group." in page
    assert "For 201 Anna that is Sales &amp; Service." in page
    assert "Dial *7788 to answer a call that rings in Sales &amp; Service." in page
    assert "Reception does not allow it." in page
    assert "*7789" not in page
    assert "On any phone, dial *71201 to take the call back that 201 Anna has parked." in page
    for dialled in ("*77", "*7788"):  # what the page says is what the engine does
        asked = service_of(dialled, codes_of(kept(easycall)))
        assert pickup_of(asked.rest, primary="88", member_of={"88": True, "89": False}) == Pickup("88")


def test_without_groups_the_example_says_where_to_begin(as_alice):
    assert "You have no huntgroup with extensions in it yet" in words(as_alice, INCOMING)


def test_identity_claims_its_codes_with_automatic_only(as_alice, easycall):
    assert as_alice.post(IDENTITY, HIDING | {"version": 1}).status_code == 302
    assert codes(easycall) == {"*67", "*82"}
    always = {"hide_cli": "always", "hide_cli_prefix": "", "show_cli_prefix": "x", "version": 2}
    assert as_alice.post(IDENTITY, always).status_code == 302
    settings = kept(easycall)
    assert (settings.hide_cli, settings.hide_cli_prefix, settings.show_cli_prefix) == ("always", "*67", "*82")
    assert codes(easycall) == set()


def test_hide_and_show_cannot_be_one_code(as_alice):
    answer = as_alice.post(IDENTITY, HIDING | {"show_cli_prefix": "*67", "version": 1})
    errors = answer.context["form"].errors
    assert errors == {"show_cli_prefix": ["*67 is already the code for hiding the caller's number."]}


def test_identity_explains_each_choice(as_alice):
    page = words(as_alice, IDENTITY)
    for beginning in ("Never: everybody", "Always: nobody", "Automatic: each caller"):
        assert beginning in page


@pytest.mark.parametrize(("address", "data"), [(INCOMING, PICKUP), (IDENTITY, HIDING)])
def test_who_may_only_read_sees_it_and_changes_nothing(easycall, as_bob, as_berta, address, data):
    promise(easycall, pickup_enabled=True, pickup_prefix="*55", hide_cli="automatic", hide_cli_prefix="*56")
    for client in (as_bob, as_berta):
        page = body(client, address).split("<main")[1]
        assert "<fieldset disabled>" in page
        assert 'method="post"' not in page
        assert ("*55" if address == INCOMING else "*56") in page
        before = contents()
        assert client.post(address, data | {"version": 1}).status_code == 403
        assert contents() == before
    assert "Your main office keeps this" in body(as_berta, address)
    assert "Your main office keeps this" not in body(as_bob, address)


@pytest.mark.parametrize(("address", "data"), [(INCOMING, PICKUP), (IDENTITY, HIDING)])
def test_a_stranger_sees_and_changes_his_own(easycall, lotus, as_charlie, address, data):
    promise(easycall, pickup_prefix="*55", hide_cli_prefix="*56")
    page = body(as_charlie, address)
    assert "*55" not in page
    assert "*56" not in page
    assert as_charlie.post(address, data | {"version": 1}).status_code == 302
    assert kept(easycall).version == 1
    assert kept(lotus).version == 2


def test_the_second_to_save_is_told_and_another_page_is_no_conflict(as_alice, bob, easycall):
    as_alice.post(IDENTITY, HIDING | {"version": 1})
    assert as_alice.post(INCOMING, PICKUP | {"version": 1}).status_code == 302
    settings = kept(easycall)
    settings.pickup_prefix = "*78"
    save_incoming(user=bob, settings=settings, version=3)
    answer = as_alice.post(INCOMING, PICKUP | {"pickup_prefix": "*79", "version": 3})
    page = answer.content.decode()
    assert "bob changed Group Pickup Prefix: “*77” → “*78”." in page
    assert 'value="*79"' in page
    assert as_alice.post(INCOMING, PICKUP | {"pickup_prefix": "*79", "version": 4}).status_code == 302
    assert codes(easycall) == {"*79", "*67", "*82"}


def test_the_pages_stand_in_the_menu_in_their_order(as_alice):
    page = body(as_alice, GENERAL)
    names = ["general", "extensions", "lines", "abbreviated", "incoming", "outgoing", "huntgroups", "identity"]
    places = [page.index(f'href="/centrex/{name}/"', page.index('class="side"')) for name in names]
    assert places == sorted(places)
