"""A branch office: it sees what its main office keeps for it, and no address lets it change anything.

The addresses are read off the URLconf, so that a page that the main office will keep later is found by itself.
"""

import re

import pytest
from django.urls import reverse

from centrex.models import Extension, Huntgroup
from selfcare.access import KEPT_BY_MAIN_OFFICE
from selfcare.models import Customer
from tests.factories import CustomerFactory, ExtensionFactory, HuntgroupFactory, LineFactory, UserFactory
from tests.house.samples import SAMPLES
from tests.house.test_security import PAGES, view_class
from tests.people import signed_in
from tests.rows import contents, read

KEPT = [name for name in PAGES if view_class(name).page in KEPT_BY_MAIN_OFFICE]
# What a form of any of these pages could be sent, and the buttons of those that draw themselves again.
FORGED = {
    "number": "299", "name": "Forged", "sequence": "random", "caller_id": "group", "pickup_allowed": "on",
    "version": "1",
    "published": "", "ring_delay": "9", "ignore_forwarding": "on", "pickup_enabled": "on", "pickup_prefix": "*11",
    "parking_enabled": "on", "hide_cli": "always", "length": "4", "description": "Forged", "target": "442079460000",
    "max_waiting": "9", "do": "save",
}  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin(easycall) -> Customer:
    return CustomerFactory(company_name="EasyCall Berlin", main_office=easycall)


@pytest.fixture
def as_berta(berlin):
    return signed_in(UserFactory(username="berta", customer=berlin, role="owner"))


@pytest.fixture
def desk(easycall, berlin) -> Extension:
    line = LineFactory(customer=berlin)
    return ExtensionFactory(customer=easycall, branch_office=berlin, name="Berta", line=line)


@pytest.fixture
def team(easycall, berlin, desk) -> Huntgroup:
    group = HuntgroupFactory(customer=easycall, branch_office=berlin, name="Berlin office")
    group.members.create(extension=desk, position=1)
    return group


def address_of(name: str, easycall: Customer, alice, berlin: Customer) -> str:
    """The page of a record that is kept for the branch, if the page has one."""
    args = SAMPLES[name][0](easycall, alice) if name in SAMPLES else []
    for model in (Extension, Huntgroup):
        model.objects.update(branch_office=berlin)
    return reverse(name, args=args)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", KEPT)
def test_no_address_changes_anything(name, method, easycall, alice, berlin, as_berta, team):
    address = address_of(name, easycall, alice, berlin)
    before = contents()
    for data in ({}, FORGED, FORGED | {"branch_office": "", "line": "", "customer": easycall.pk}):
        assert getattr(as_berta, method)(address, data).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("name", KEPT)
def test_what_only_changes_is_closed_and_the_rest_has_no_buttons(name, easycall, alice, berlin, as_berta, team):
    answer = as_berta.get(address_of(name, easycall, alice, berlin))
    if view_class(name).always_changes:
        assert answer.status_code == 403
        assert "Your main office keeps this" in answer.content.decode()
        return
    assert answer.status_code == 200
    assert changing(read(answer).decode()) == []


def changing(page: str) -> list[str]:
    """What of the page's content would change more than how a table looks."""
    content = page[page.index("<main") : page.index("</main>")]
    forms = re.findall(r"<form\b.*?</form>", content, re.DOTALL)
    posts = [form for form in forms if 'method="post"' in form and "/preferences/tables/" not in form]
    buttons = [button for form in posts for button in re.findall(r"<button\b", form)]
    links = re.findall(r'href="[^"]*/(?:add|delete|edit|rename)/"', content)
    return buttons + links + re.findall(r'href="/centrex/extensions/\d+/"', content)


def test_the_search_for_buttons_finds_them(easycall, as_alice, team):
    for address in ("/centrex/extensions/", "/centrex/huntgroups/", f"/centrex/huntgroups/{team.pk}/members/"):
        assert changing(as_alice.get(address).content.decode()) != []


def test_the_pages_are_found():
    assert {
        "centrex:extensions", "centrex:extension-add", "centrex:extension-edit", "centrex:extension-rename",
        "centrex:extension-delete", "centrex:huntgroups", "centrex:huntgroup-add", "centrex:huntgroup-edit",
        "centrex:huntgroup-members", "centrex:huntgroup-delete",
    } <= set(KEPT)  # fmt: skip


def content(client, address: str) -> str:
    page = client.get(address).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_it_sees_its_own_and_nothing_of_the_main_office(easycall, as_berta, desk, team):
    ExtensionFactory(customer=easycall, name="Alice")
    HuntgroupFactory(customer=easycall, name="Sales")
    extensions = content(as_berta, "/centrex/extensions/")
    huntgroups = content(as_berta, "/centrex/huntgroups/")
    assert desk.number in extensions
    assert "Berta" in extensions
    assert "Alice" not in extensions
    assert "Berlin office" in huntgroups
    assert str(desk) in huntgroups
    assert "Sales" not in huntgroups


def test_an_extension_that_the_main_office_gives_away_changes_hands(easycall, berlin, as_alice, as_berta):
    line = LineFactory(customer=berlin)
    form = {"number": "302", "name": "Jonas", "branch_office": berlin.pk, "line": line.pk, "published": "on"}
    assert as_alice.post("/centrex/extensions/add/", form).status_code == 302
    assert "Jonas" in as_berta.get("/centrex/extensions/").content.decode()
    extension = Extension.objects.get()
    back = form | {"branch_office": "", "line": "", "version": extension.version}
    assert as_alice.post(f"/centrex/extensions/{extension.pk}/", back).status_code == 302
    assert "Jonas" not in as_berta.get("/centrex/extensions/").content.decode()


def test_the_branch_of_somebody_else_sees_and_changes_nothing(lotus, team):
    other = signed_in(UserFactory(customer=CustomerFactory(main_office=lotus), role="owner"))
    assert "Berlin office" not in other.get("/centrex/huntgroups/").content.decode()
    assert other.get(f"/centrex/huntgroups/{team.pk}/members/").status_code == 404
