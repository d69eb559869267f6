"""The pages of Extensions."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from centrex.models import Extension, HuntgroupMember
from selfcare.models import CustomerClass
from tests.factories import CustomerFactory, ExtensionFactory, HuntgroupFactory, LineFactory, UserFactory
from tests.people import signed_in

PAGE = "/centrex/extensions/"
ADD = f"{PAGE}add/"


def body(client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def page_of(extension: Extension, act: str = "") -> str:
    return f"{PAGE}{extension.pk}/{act}"


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall, account_id="12125550100", name="Front desk")


@pytest.fixture
def anna(easycall, line) -> Extension:
    return ExtensionFactory(customer=easycall, number="201", name="Anna", line=line)


@pytest.fixture
def sales(easycall, anna):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    HuntgroupMember.objects.create(huntgroup=group, extension=anna, position=1)
    return group


@pytest.fixture
def branch(easycall):
    return CustomerFactory(company_name="Boston Branch", main_office=easycall)


@pytest.fixture
def as_branch(branch):
    return signed_in(UserFactory(username="berta", customer=branch))


def test_the_list_shows_every_column(as_alice, anna, sales):
    anna.primary_group = sales
    anna.save()
    page = body(as_alice)
    for head in ("Extension Number", "Extension Name", "Assigned To Phone Line", "Primary Group", "Published"):
        assert f">{head}" in page
    assert "Branch Office" not in page
    for cell in ("Anna", "+1 212-555-0100", "Front desk", "88 Sales", "Yes"):
        assert cell in page
    for address in (page_of(anna), page_of(anna, "delete/"), f"/centrex/lines/{anna.line_id}/"):
        assert f'href="{address}"' in page


def test_an_empty_list_says_what_it_is_and_how_to_begin(as_alice):
    page = body(as_alice)
    assert "An extension is a short number" in page
    assert f'href="{ADD}"' in page


def test_a_click_on_number_or_name_edits_in_place_or_on_the_page(as_alice, anna):
    page = body(as_alice)
    for field in ("number", "name"):
        assert f'href="{page_of(anna)}" data-in-place="{page_of(anna, "rename/")}" data-field="{field}"' in page


def test_who_may_only_read_gets_no_buttons(as_bob, anna):
    page = body(as_bob)
    assert "Anna" in page
    for address in (ADD, page_of(anna), page_of(anna, "delete/"), page_of(anna, "rename/")):
        assert f'"{address}"' not in page
        assert as_bob.get(address).status_code == 403
        assert as_bob.post(address, {"number": "202"}).status_code == 403
    assert Extension.objects.get().number == "201"


@pytest.mark.parametrize(("text", "found"), [("20", ["201", "202"]), ("201", ["201"]), ("ann", ["201"]), ("x", [])])
def test_filter_by_number_or_name(as_alice, easycall, anna, text, found):
    ExtensionFactory(customer=easycall, number="202", name="Bert")
    page = body(as_alice, f"{PAGE}?text={text}")
    assert [number for number in ("201", "202") if f">{number}</a>" in page] == found


def test_the_download_holds_what_is_shown(as_alice, easycall, anna):
    ExtensionFactory(customer=easycall, number="202", name="=1+1")
    answer = as_alice.get(f"{PAGE}?format=csv")
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    heads = "Extension Number,Extension Name,Assigned To Phone Line,Primary Group,Published,Recorded Name"
    assert ",".join(rows[0]) == heads
    assert rows[1] == ["201", "Anna", "12125550100 (Front desk)", "", "Yes", "Not Set"]
    assert rows[2][1] == "'=1+1"
    assert as_alice.get(f"{PAGE}?format=xlsx").status_code == 200


def test_the_list_costs_the_same_with_one_and_three_rows(as_alice, easycall, branch, anna, sales):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            body(as_alice)
        return len(asked)

    body(as_alice)
    one = queries()
    for number in ("202", "203"):
        ExtensionFactory(
            customer=easycall,
            number=number,
            branch_office=branch,
            line=LineFactory(customer=branch),
            primary_group=sales,
        )
    assert queries() == one


def test_adding(as_alice, easycall, line):
    answer = as_alice.post(ADD, {"number": "202", "name": "Bert", "line": line.pk, "published": "on"}, follow=True)
    assert "“202 Bert” was added." in answer.content.decode()
    bert = Extension.objects.get()
    assert (bert.customer, bert.number, bert.line, bert.published) == (easycall, "202", line, True)


def test_refusals_stand_at_the_field_and_what_was_typed_is_kept(as_alice, anna, sales):
    for number, said in {
        "88": "Extension numbers have 3 digits here.",
        "201": "201 is already the number of extension Anna.",
        "881": "881 begins with 88 (huntgroup Sales)",
        "20a": "Use digits only.",
    }.items():
        answer = as_alice.post(ADD, {"number": number, "name": "Bert"})
        assert answer.status_code == 200
        assert said in strip_tags(str(answer.context["form"].errors["number"]))
        page = answer.content.decode()
        assert 'href="#id_number"' in page
        assert 'value="Bert"' in page
    taken = as_alice.post(ADD, {"number": "202", "line": anna.line_id})
    assert "already assigned to extension 201 Anna" in str(taken.context["form"].errors["line"])
    assert Extension.objects.count() == 1


def test_only_free_lines_of_the_office_are_offered(as_alice, easycall, lotus, branch, anna):
    free, of_branch = LineFactory(customer=easycall), LineFactory(customer=branch)
    foreign = LineFactory(customer=lotus)
    page = body(as_alice, ADD)
    assert f'<option value="{free.pk}">{free}</option>' in page
    assert f"{of_branch} – Boston Branch" in page
    assert f'value="{anna.line_id}"' not in page
    assert str(foreign) not in page
    assert f'<option value="{anna.line_id}" selected>' in body(as_alice, page_of(anna))
    answer = as_alice.post(ADD, {"number": "202", "line": foreign.pk})
    assert "line" in answer.context["form"].errors


def test_only_own_branch_offices_are_offered(as_alice, branch, lotus):
    page = body(as_alice, ADD)
    assert "Boston Branch" in page
    assert "Lotus" not in page
    answer = as_alice.post(ADD, {"number": "202", "branch_office": lotus.pk})
    assert "branch_office" in answer.context["form"].errors
    assert not Extension.objects.exists()


def test_an_extension_of_a_branch(as_alice, branch):
    line = LineFactory(customer=branch, account_id="16175550100")
    as_alice.post(ADD, {"number": "202", "branch_office": branch.pk, "line": line.pk})
    page = body(as_alice)
    assert "Branch Office" in page
    assert "Boston Branch" in page
    assert f"/centrex/lines/{line.pk}/" not in page  # its page is in the branch's portal


def test_primary_group_offers_only_groups_it_is_in(as_alice, easycall, anna, sales):
    other = HuntgroupFactory(customer=easycall, number="77", name="Support")
    page = body(as_alice, page_of(anna))
    assert "88 Sales" in page
    assert "77 Support" not in page
    data = {"number": "201", "name": "Anna", "line": anna.line_id, "version": 1}
    refused = as_alice.post(page_of(anna), data | {"primary_group": other.pk})
    assert "includes this extension" in str(refused.context["form"].errors["primary_group"])
    assert as_alice.post(page_of(anna), data | {"primary_group": sales.pk}).status_code == 302
    anna.refresh_from_db()
    assert anna.primary_group == sales


def test_the_second_to_save_is_told_and_may_save_again(as_alice, easycall, anna):
    other = signed_in(UserFactory(username="carol", customer=easycall))
    other.post(page_of(anna, "rename/"), {"number": "201", "name": "Anna B.", "version": 1})
    answer = as_alice.post(page_of(anna, "rename/"), {"number": "201", "name": "Annie", "version": 1})
    page = answer.content.decode()
    assert "carol changed extension name: “Anna” → “Anna B.”." in page
    assert 'value="Annie"' in page
    assert 'name="version" value="2"' in page
    assert as_alice.post(page_of(anna, "rename/"), {"number": "201", "name": "Annie", "version": 2}).status_code == 302
    anna.refresh_from_db()
    assert anna.name == "Annie"
    assert anna.line is not None  # the small form leaves the rest alone


def test_deleting_names_it_and_what_else_changes(as_alice, anna, sales):
    page = body(as_alice, page_of(anna, "delete/"))
    for words in (
        "Delete <strong>201 Anna</strong>",
        "Huntgroup 88 Sales loses its only extension.",
        "Phone line 12125550100 (Front desk) no longer has an extension.",
        "The number 201 is free again.",
    ):
        assert words in page
    assert Extension.objects.exists()
    answer = as_alice.post(page_of(anna, "delete/"), follow=True)
    assert "“201 Anna” was deleted." in answer.content.decode()
    assert not Extension.objects.exists()


def test_a_branch_office_sees_its_own_and_changes_nothing(as_branch, easycall, branch, anna, sales):
    line = LineFactory(customer=branch)
    own = ExtensionFactory(
        customer=easycall, number="301", name="Beth", branch_office=branch, line=line, primary_group=sales
    )
    page = body(as_branch)
    assert f"/centrex/lines/{line.pk}/" in page
    assert "88 Sales" in page
    assert "/members/" not in page  # the main office's group has no page here
    assert "Beth" in page
    assert "Anna" not in page
    assert "Add Extension" not in page
    assert "/delete/" not in page
    for address in (ADD, page_of(own), page_of(own, "rename/"), page_of(own, "delete/"), page_of(anna)):
        answer = as_branch.post(address, {"number": "302", "name": "x"})
        assert answer.status_code == 403
        assert b"Your main office keeps this" in answer.content
    assert set(Extension.objects.values_list("number", flat=True)) == {"201", "301"}


def test_a_page_that_is_switched_off_is_not_there(as_alice, easycall, anna):
    easycall.customer_class = CustomerClass.objects.create(name="Small", hidden_pages=["centrex:extensions"])
    easycall.save()
    for address in (PAGE, ADD, page_of(anna), page_of(anna, "delete/")):
        assert as_alice.get(address).status_code == 404


def test_a_read_only_field_ignores_what_is_posted(as_alice, easycall, anna):
    names = ["centrex:extensions.name", "centrex:extensions.line"]
    easycall.customer_class = CustomerClass.objects.create(name="Small", read_only_fields=names)
    easycall.save()
    other = LineFactory(customer=easycall)
    forged = {"number": "202", "name": "Forged", "line": other.pk, "version": 1}
    assert as_alice.post(page_of(anna), forged).status_code == 302
    anna.refresh_from_db()
    assert (anna.number, anna.name) == ("202", "Anna")
    assert anna.line.account_id == "12125550100"


def test_its_help(as_alice):
    assert "none may be the beginning of another" in body(as_alice)
