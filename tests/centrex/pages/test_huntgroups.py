"""The pages of Huntgroups: list, add, edit, delete."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from centrex.models import Extension, Huntgroup, HuntgroupMember, IncludedHuntgroup
from tests.factories import CustomerFactory, ExtensionFactory, HuntgroupFactory, LineFactory, UserFactory
from tests.people import signed_in

PAGE = "/centrex/huntgroups/"
ADD = f"{PAGE}add/"
NEW = {"number": "88", "name": "Sales", "sequence": "least_used", "caller_id": "group", "pickup_allowed": "on"}


def body(client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def page_of(group: Huntgroup, act: str = "") -> str:
    return f"{PAGE}{group.pk}/{act}"


@pytest.fixture
def sales(easycall) -> Huntgroup:
    return HuntgroupFactory(customer=easycall, number="88", name="Sales")


def include(group: Huntgroup, *inner) -> None:
    for position, each in enumerate(inner, start=1):
        if isinstance(each, Huntgroup):
            IncludedHuntgroup.objects.create(huntgroup=group, included=each, position=position)
        else:
            HuntgroupMember.objects.create(huntgroup=group, extension=each, position=position)


def test_the_list_shows_every_column(as_alice, easycall, sales):
    support = HuntgroupFactory(customer=easycall, number="77", name="Support", sequence="least_used")
    anna = ExtensionFactory(customer=easycall, number="201", name="Anna")
    bert = ExtensionFactory(customer=easycall, number="202", name="Bert")
    include(sales, bert, anna, support)
    page = body(as_alice)
    for head in ("Huntgroup Number", "Huntgroup Name", "Hunt Sequence", "Assigned Extensions", "Caller ID"):
        assert head in page
    for cell in ("202 Bert, 201 Anna, huntgroup 77 Support", "Empty Huntgroup", "Least used", "Keep original"):
        assert cell in page
    for act in ("", "members/", "delete/"):
        assert f'href="{page_of(sales, act)}"' in page


def test_the_list_costs_the_same_with_one_and_three_rows(as_alice, easycall, sales):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            body(as_alice)
        return len(asked)

    extensions = [ExtensionFactory(customer=easycall, number=number) for number in ("201", "202")]
    more = [HuntgroupFactory(customer=easycall, number=number, name=number) for number in ("77", "99")]
    Huntgroup.objects.filter(pk__in=[each.pk for each in more]).update(customer=CustomerFactory())
    include(sales, extensions[0], more[0])
    body(as_alice)
    one = queries()
    Huntgroup.objects.update(customer=easycall)
    for each in more:
        include(each, *extensions)
    include(more[1], sales, more[0])
    assert queries() == one


def test_adding(as_alice, easycall):
    answer = as_alice.post(ADD, NEW, follow=True)
    assert "“88 Sales” was added." in answer.content.decode()
    group = Huntgroup.objects.get()
    assert (group.customer, group.sequence, group.caller_id, group.pickup_allowed) == (
        easycall,
        "least_used",
        "group",
        True,
    )


def test_a_number_of_an_extension_is_refused_at_the_field(as_alice, easycall):
    ExtensionFactory(customer=easycall, number="201", name="Anna")
    for number, said in {
        "201": "201 is already the number of extension Anna.",
        "2": "2 is the beginning of 201",
    }.items():
        answer = as_alice.post(ADD, NEW | {"number": number})
        assert said in strip_tags(str(answer.context["form"].errors["number"]))
    assert not Huntgroup.objects.exists()


def test_the_second_to_save_is_told(as_alice, easycall, sales):
    other = signed_in(UserFactory(username="carol", customer=easycall))
    assert other.post(page_of(sales), NEW | {"version": 1}).status_code == 302
    page = as_alice.post(page_of(sales), NEW | {"name": "Sale", "version": 1}).content.decode()
    assert "carol changed" in page
    assert "hunt sequence: “Order” → “Least used”" in page
    sales.refresh_from_db()
    assert sales.name == "Sales"


def test_deleting_says_what_else_changes(as_alice, easycall, sales):
    ExtensionFactory(customer=easycall, number="201", name="Anna", primary_group=sales)
    include(HuntgroupFactory(customer=easycall, number="99", name="All"), sales)
    page = body(as_alice, page_of(sales, "delete/"))
    for words in (
        "Delete <strong>88 Sales</strong>",
        "These extensions no longer have a primary group: 201 Anna.",
        "Huntgroup 99 All no longer includes it.",
    ):
        assert words in page
    assert as_alice.post(page_of(sales, "delete/")).status_code == 302
    assert [each.name for each in Huntgroup.objects.all()] == ["All"]


def test_who_may_only_read_changes_nothing(as_bob, sales):
    assert "/delete/" not in body(as_bob)
    for address in (ADD, page_of(sales), page_of(sales, "delete/"), page_of(sales, "members/")):
        assert as_bob.post(address, NEW).status_code == 403


def test_a_branch_office_sees_its_own_and_changes_nothing(easycall, sales):
    branch = CustomerFactory(main_office=easycall)
    as_branch = signed_in(UserFactory(customer=branch))
    own = HuntgroupFactory(customer=easycall, number="77", name="Boston Sales", branch_office=branch)
    page = body(as_branch)
    assert "Boston Sales" in page
    assert ">88<" not in page
    assert "Add Huntgroup" not in page
    assert as_branch.get(page_of(sales, "members/")).status_code == 404
    for act in ("", "delete/", "members/"):
        assert as_branch.post(page_of(own, act), NEW).status_code == 403
    own.refresh_from_db()
    assert (own.name, own.version) == ("Boston Sales", 1)


def test_its_help_explains_pickup(as_alice):
    page = body(as_alice)
    assert "dial the pickup prefix alone" in page
    assert "only for members of that group" in page


def plain(client, address: str = PAGE) -> str:
    page = body(client, address)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")]))


def connected(easycall, number: str, **line) -> Extension:
    line = LineFactory(customer=easycall, **({"registered_until": timezone.now() + timedelta(hours=1)} | line))
    return ExtensionFactory(customer=easycall, number=number, name="Anna", line=line)


def test_the_list_says_who_cannot_be_reached_and_why(as_alice, easycall, sales):
    silent = [connected(easycall, "202", blocked=True), connected(easycall, "203", registered_until=None)]
    include(sales, connected(easycall, "201"), *silent, ExtensionFactory(customer=easycall, number="204", name=""))
    assert (
        "201 Anna, 202 Anna, 203 Anna, 204 Cannot be reached: 202 (phone line is blocked), "
        "203 (phone has never been connected), 204 (no phone line)" in plain(as_alice)
    )


def test_a_group_whose_phones_all_ring_has_no_note(as_alice, easycall, sales):
    include(sales, connected(easycall, "201"))
    for address in (PAGE, page_of(sales, "members/")):
        assert "Cannot be reached:" not in plain(as_alice, address)


def test_empty_groups_are_told_apart_on_list_and_editor(as_alice, easycall, sales):
    outer = HuntgroupFactory(customer=easycall, number="99", name="All")
    include(outer, sales)
    page = plain(as_alice)
    assert page.count("Empty Huntgroup") == 1
    assert "huntgroup 88 Sales Contains only empty huntgroups: nobody answers" in page
    assert "Empty Huntgroup Nobody answers a call to it." in plain(as_alice, page_of(sales, "members/"))
    assert "Nobody answers This huntgroup contains only empty huntgroups." in plain(
        as_alice, page_of(outer, "members/")
    )


def test_the_editor_says_whom_a_group_of_groups_rings_in_the_end(as_alice, easycall, sales):
    outer = HuntgroupFactory(customer=easycall, number="99", name="All")
    anna, bert = connected(easycall, "201"), connected(easycall, "202", registered_until=None)
    include(sales, bert, anna)
    include(outer, anna)
    IncludedHuntgroup.objects.create(huntgroup=outer, included=sales, position=1)
    page = plain(as_alice, page_of(outer, "members/"))
    assert "Rings in the end, with the huntgroups inside it: 201 Anna , 202 Anna" in page
    assert "Cannot be reached: 202 Anna (phone has never been connected)" in page
    assert "Rings: 202 Anna , 201 Anna" in plain(as_alice, page_of(sales, "members/"))


def test_a_member_that_cannot_be_reached_is_marked_in_its_row(as_alice, easycall, sales):
    include(sales, connected(easycall, "201", blocked=True))
    row = body(as_alice, page_of(sales, "members/")).partition('<tr data-name="201 Anna">')[2].partition("</tr>")[0]
    assert "Cannot be reached: phone line is blocked" in row


def test_the_form_explains_each_sequence(as_alice):
    page = body(as_alice, ADD)
    for words in (
        "one after the other",
        "mixes them anew for each call",
        "all at once",
        "not been used for the longest",
    ):
        assert words in page


def test_the_download_names_the_members(as_alice, easycall, sales):
    include(sales, connected(easycall, "201"))
    csv = b"".join(as_alice.get(f"{PAGE}?format=csv").streaming_content).decode()
    assert "201 Anna" in csv
    assert "Cannot be reached" not in csv
