"""The pages of DIDs: the list, assigning, releasing."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import Subscription
from billing.operations.subscriptions import open_subscription
from centrex.models import Did
from selfcare.models import AuditEvent, CustomerClass
from tests.factories import CustomerFactory, DidFactory, FreeDidFactory, LineFactory, UserFactory
from tests.people import signed_in

PAGE = "/centrex/dids/"


def body(client, address: str = PAGE, **query) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def page_of(did: Did, act: str) -> str:
    return f"{PAGE}{did.pk}/{act}/"


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall, account_id="12125550100", name="Front desk")


@pytest.fixture
def london(easycall) -> Did:
    """A number of EasyCall's that is paid for and rings no phone."""
    did = FreeDidFactory(customer=easycall, number="442079460153", country="GB", city="London")
    open_subscription(customer=easycall, name="London", fee=Decimal("4.50"), did=did, now=timezone.now())
    return did


@pytest.fixture
def boston(easycall, line) -> Did:
    return DidFactory(line=line, number="16175550162", country="US", city="Boston")


@pytest.fixture
def as_branch(easycall):
    branch = CustomerFactory(company_name="Berlin", main_office=easycall)
    return signed_in(UserFactory(username="berta", customer=branch))


def test_the_list_shows_number_place_line_and_fee(as_alice, london, boston, line):
    page = body(as_alice)
    for words in ("+44 20 7946 0153", "United Kingdom, London", "Unassigned", "4.50 USD", "Add DID", str(line)):
        assert words in page
    for head in ("Country and city", "Assigned to", "Monthly charges"):
        assert head in page
    assert f'href="/centrex/lines/{line.pk}/"' in page


def test_what_is_paid_for_in_vain_is_named(as_alice, london, boston, line):
    FreeDidFactory(customer=boston.customer)  # costs nothing, so it is not named
    assert "You pay for 1 number that rings no phone." in body(as_alice)
    Did.objects.filter(pk=london.pk).update(line=line)
    assert "rings no phone" not in body(as_alice)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "7946"}, {"London"}),
        ({"text": "+44 20 7946"}, {"London"}),
        ({"text": "bost"}, {"Boston"}),
        ({"text": "united k"}, {"London"}),
        ({"text": "front"}, {"Boston"}),
        ({"text": "12125550100"}, {"Boston"}),
        ({"assigned": "yes"}, {"Boston"}),
        ({"assigned": "no"}, {"London"}),
        ({"assigned": "no", "text": "bost"}, set()),
        ({"assigned": "x"}, {"London", "Boston"}),
    ],
)
def test_the_filter(as_alice, london, boston, query, found):
    page = body(as_alice, **query)
    assert {city for city in ("London", "Boston") if f", {city}" in page} == found


@pytest.mark.parametrize("sort", ["number", "-place", "line", "-fee"])
def test_every_column_sorts(as_alice, london, boston, sort):
    assert "London" in body(as_alice, sort=sort)


def test_the_download_has_the_numbers(as_alice, london):
    answer = as_alice.get(PAGE, {"format": "csv"})
    text = b"".join(answer.streaming_content).decode()
    assert "442079460153" in text
    assert "Unassigned" in text


def test_assign_and_unassign(as_alice, alice, london, line):
    answer = as_alice.post(page_of(london, "assign"), {"line": line.pk}, follow=True)
    assert "+44 20 7946 0153 rings that phone line now." in answer.content.decode()
    london.refresh_from_db()
    assert london.line == line
    assert "+44 20 7946 0153" in body(as_alice, f"/centrex/lines/{line.pk}/")
    answer = as_alice.post(page_of(london, "assign"), {"line": ""}, follow=True)
    assert "+44 20 7946 0153 rings no phone now." in answer.content.decode()
    assert list(AuditEvent.objects.order_by("id").values_list("action", "user")) == [
        ("assign", alice.pk),
        ("unassign", alice.pk),
    ]


def test_only_own_lines_are_offered(as_alice, london, line, lotus):
    foreign = LineFactory(customer=lotus)
    of_branch = LineFactory(customer=CustomerFactory(main_office=london.customer))
    page = body(as_alice, page_of(london, "assign"))
    assert str(line) in page
    assert "Unassigned" in page
    for other in (foreign, of_branch):
        assert str(other) not in page
        answer = as_alice.post(page_of(london, "assign"), {"line": other.pk})
        assert "line" in answer.context["form"].errors
    london.refresh_from_db()
    assert london.line is None


def test_release_says_what_follows_and_does_it(as_alice, london, line):
    Did.objects.update(line=line)
    page = body(as_alice, page_of(london, "delete"))
    until = Subscription.objects.get().last_paid.astimezone(london.customer.zone)
    for words in (
        "Phone line 12125550100 (Front desk) loses it.",
        "Calls to +44 20 7946 0153 no longer reach you.",
        "for sale again at once",
        "The monthly charge of 4.50 USD ends.",
        f"You have paid until {until:%m/%d/%Y}; that is not given back.",
    ):
        assert words in page
    answer = as_alice.post(page_of(london, "delete"), follow=True)
    assert "+44 20 7946 0153 was released." in answer.content.decode()
    london.refresh_from_db()
    assert (london.customer, london.line) == (None, None)
    assert Subscription.objects.get().ended_at is not None
    assert as_alice.post(page_of(london, "delete")).status_code == 404


def test_a_number_without_a_fee_says_nothing_of_charges(as_alice, boston):
    page = body(as_alice, page_of(boston, "delete"))
    assert "The monthly charge of" not in page


def test_bob_looks_and_changes_nothing(as_bob, london, line):
    page = body(as_bob)
    assert "London" in page
    for words in ('href="/centrex/dids/add/"', "/assign/", "/delete/"):
        assert words not in page
    for act in ("assign", "delete"):
        assert as_bob.get(page_of(london, act)).status_code == 403
        assert as_bob.post(page_of(london, act), {"line": line.pk}).status_code == 403
    london.refresh_from_db()
    assert (london.customer, london.line) == (line.customer, None)


def test_charlie_finds_nothing(as_charlie, london):
    assert "London" not in body(as_charlie)
    for act in ("assign", "delete"):
        for method in ("get", "post", "put", "options"):
            assert getattr(as_charlie, method)(page_of(london, act)).status_code == 404


def test_a_branch_office_has_numbers_of_its_own(as_branch, as_alice, easycall, london):
    branch = easycall.branch_offices.get()
    own_line = LineFactory(customer=branch)
    own = FreeDidFactory(customer=branch, city="Potsdam")
    page = body(as_branch)
    assert "Potsdam" in page
    assert "London" not in page
    assert "Potsdam" not in body(as_alice)
    assert as_branch.post(page_of(own, "assign"), {"line": own_line.pk}).status_code == 302
    own.refresh_from_db()
    assert own.line == own_line
    assert as_branch.post(page_of(own, "delete")).status_code == 302
    assert as_branch.post(page_of(london, "delete")).status_code == 404


def test_switched_off_it_is_not_there(as_alice, easycall, london):
    easycall.customer_class = CustomerClass.objects.create(name="Small", hidden_pages=["centrex:dids"])
    easycall.save()
    for address in (PAGE, f"{PAGE}add/", page_of(london, "assign"), page_of(london, "buy")):
        assert as_alice.get(address).status_code == 404


def test_its_help(as_alice):
    assert "double-click the row" in body(as_alice)


def test_staff_saves_only_what_staff_changed(as_dora, alice, easycall, line):
    """Between opening and saving the form a customer bought the number."""
    did = FreeDidFactory(reserved_for=easycall, reserved_until=datetime(2026, 1, 1, tzinfo=UTC))
    address = f"/admin/centrex/did/{did.pk}/change/"
    form = as_dora.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    Did.objects.update(customer=easycall, reserved_for=None, reserved_until=None)
    data.pop("frozen", None)
    assert as_dora.post(address, data | {"city": "Albany", "customer": easycall.pk}).status_code == 302
    did.refresh_from_db()
    assert (did.city, did.customer) == ("Albany", easycall)


def test_staff_gives_a_reserved_number_away(as_dora, easycall, lotus):
    did = FreeDidFactory(reserved_for=easycall, reserved_until=datetime(2036, 1, 1, tzinfo=UTC))
    address = f"/admin/centrex/did/{did.pk}/change/"
    form = as_dora.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data.pop("frozen", None)
    assert as_dora.post(address, data | {"customer": lotus.pk}).status_code == 302
    did.refresh_from_db()
    assert (did.customer, did.reserved_for) == (lotus, None)
