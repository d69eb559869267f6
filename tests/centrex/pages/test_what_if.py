"""What happens if: own lines only, whatever is asked; links for who may follow them; the state in the address."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrex.models import Schedule, ScreeningRule
from selfcare.models import Role
from tests.centrex.pages.colleagues import colleague
from tests.factories import (
    CustomerFactory,
    DidFactory,
    HuntgroupFactory,
    HuntgroupMemberFactory,
    UserFactory,
)
from tests.people import signed_in

PAGE = reverse("centrex:what-if")


def tried(client, caller, dialled: str, **more) -> str:
    answer = client.get(PAGE, {"caller": caller, "dialled": dialled} | more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_anything_was_typed(as_alice, desk):
    html = as_alice.get(PAGE, {"caller": desk.pk}).content.decode()
    assert "Enter a number to see where a call to it goes." in html
    assert re.search(rf'<option value="{desk.pk}" selected>201 Alice', html)


def test_a_colleague_is_called(as_alice, desk, bobs):
    html = tried(as_alice, desk.pk, "202")
    assert "Rings 202 Bob for 30 seconds, then goes to voicemail." in html
    assert f'href="{reverse("centrex:line-incoming", args=[bobs.pk])}"' in html
    assert f'href="{reverse("centrex:extension-edit", args=[bobs.extension.pk])}"' in html
    assert "<svg" in html
    assert 'style="' not in html


def test_who_only_reads_is_led_to_pages_that_open_for_him(as_bob, desk, bobs):
    html = tried(as_bob, desk.pk, "202")
    assert reverse("centrex:extension-edit", args=[bobs.extension.pk]) not in html
    steps = html[html.index('class="steps"') :]
    for address in set(re.findall(r'<a href="(/centrex/[^"]*)"', steps)):
        assert as_bob.get(address).status_code == 200, address


def test_each_link_of_the_owner_opens(as_alice, easycall, desk, bobs):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    HuntgroupMemberFactory(huntgroup=group, extension=bobs.extension)
    html = tried(as_alice, desk.pk, "88")
    answer = html[html.index('id="answer"') :]
    addresses = set(re.findall(r'<a href="(/centrex/[^"]*)"', answer))
    assert reverse("centrex:huntgroup-members", args=[group.pk]) in addresses
    for address in addresses:
        assert as_alice.get(address).status_code == 200, address


def test_a_call_from_outside_and_from_a_hidden_number(as_alice, bobs):
    DidFactory(line=bobs, number="13475550000")
    assert "Rings 202 Bob" in tried(as_alice, "outside", "+1 347-555-0000", number="+44 20 7946 0000")
    assert "Hidden number" in tried(as_alice, "hidden", "13475550000")
    html = tried(as_alice, "outside", "13475550000")
    assert "Enter the number that calls, or choose a hidden number." in html
    assert "<svg" not in html


def test_the_time_is_the_customers(as_alice, easycall, desk, bobs):
    night = Schedule.objects.create(customer=easycall, name="Night", period="hr{10pm-5am}")
    ScreeningRule.objects.create(line=bobs, position=1, action="reject", times=night, name="Let me sleep")
    by_day = tried(as_alice, desk.pk, "202", at="2026-03-02T12:00")
    assert "Rings 202 Bob" in by_day
    by_night = tried(as_alice, desk.pk, "202", at="2026-03-02T23:00")
    assert "The call is refused. The rule rejects the call." in by_night
    assert "Let me sleep" in by_night


def test_what_cannot_be_tried(as_alice, desk):
    assert "Select a valid choice" in tried(as_alice, "999999", "202")
    assert "Enter a valid date/time." in tried(as_alice, desk.pk, "202", at="soon")
    assert "Dialled number: This field is required." in tried(as_alice, desk.pk, "")
    assert "leads nowhere" in tried(as_alice, desk.pk, "hello")


def test_what_was_typed_is_escaped(as_alice, desk):
    assert "<script>x" not in tried(as_alice, desk.pk, "<script>x</script>")


def test_htmx_gets_the_answer_alone(as_alice, desk, bobs):
    answer = as_alice.get(PAGE, {"caller": desk.pk, "dialled": "202"}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert "Rings 202 Bob" in html
    assert "<html" not in html
    assert "<form" not in html


def test_a_stranger_learns_nothing(as_charlie, lotus, desk, bobs):
    own = colleague(lotus, "301", "Charlie", account_id="12065550101")
    DidFactory(line=bobs, number="13475550000")
    for caller in (own.pk, desk.pk, "hidden"):
        for dialled in ("202", "12125550102", "13475550000"):
            html = tried(as_charlie, caller, dialled)
            answer = html[html.index('id="answer"') :]
            assert "Bob" not in html
            assert "Alice" not in html
            assert str(reverse("centrex:line", args=[bobs.pk])) not in answer
    assert "Select a valid choice" in tried(as_charlie, desk.pk, "202")


def test_a_branch_office_calls_its_main_office_without_seeing_its_settings(easycall, desk, bobs):
    berlin = CustomerFactory(main_office=easycall, company_name="Berlin")
    berta = signed_in(UserFactory(username="berta", customer=berlin, role=Role.OWNER))
    own = colleague(berlin, "301", "Berta", account_id="493012345678")
    ScreeningRule.objects.create(line=bobs, position=1, action="ring", name="Secret rule")
    html = tried(berta, own.pk, "202")
    assert "Rings 202 Bob for 30 seconds." in html
    assert "Secret rule" not in html
    assert bobs.account_id not in html
    assert reverse("centrex:line", args=[bobs.pk]) not in html
    assert "Select a valid choice" in tried(berta, desk.pk, "202")
    for address in set(re.findall(r'<a href="(/centrex/[^"]*)"', html[html.index('id="answer"') :])):
        assert berta.get(address).status_code == 200, address


def test_nothing_but_looking(as_alice, client):
    assert as_alice.post(PAGE).status_code == 405
    assert client.get(PAGE).status_code == 302


def test_the_number_of_queries_does_not_grow(as_alice, easycall, desk, bobs):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            tried(as_alice, desk.pk, "88")
        return len(found)

    group = HuntgroupFactory(customer=easycall, number="88")
    HuntgroupMemberFactory(huntgroup=group, extension=bobs.extension)
    queries()
    before = queries()
    for number in range(400, 410):
        line = colleague(easycall, str(number), "More")
        HuntgroupMemberFactory(huntgroup=group, extension=line.extension)
    assert queries() == before


def test_a_lines_page_leads_here(as_alice, desk):
    html = as_alice.get(reverse("centrex:line", args=[desk.pk])).content.decode()
    panel = html[html.index('id="what-if-panel"') :]
    typed = {name: re.search(rf'name="{name}" value="([^"]*)"', panel)[1] for name in ("number", "dialled")}
    assert "Rings 201 Alice" in tried(as_alice, "outside", **typed)
