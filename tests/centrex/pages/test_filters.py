"""Filters and Hours, number filters: numbers in any usual way, mistakes with their line, who uses them."""

import pytest
from django.urls import reverse

from centrex.models import NumberFilter
from selfcare.models import AuditEvent
from tests.factories import LineFactory, NumberFilterFactory, ScreeningRuleFactory

ADD = reverse("centrex:filter-add")


@pytest.fixture
def vip(easycall):
    return NumberFilterFactory(customer=easycall, name="VIP")


def edit(vip):
    return reverse("centrex:filter-edit", args=[vip.pk])


def download(client, address):
    """The list as CSV."""
    return b"".join(client.get(address, {"format": "csv"}).streaming_content).decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+44 20 7946 0000", "442079460000"),
        ("(212) 555-0123", "12125550123"),
        ("0044 20 7946 0000 ", None),
        ("+44 20%", "4420%"),
        ("1 212 555 01xx", "121255501xx"),
        ("1212555_X", "1212555xx"),
        ("201", "201"),
        ("+44 20 7946 0000\n\n442079460000\n1800%", "442079460000\n1800%"),
        ("%", "%"),
    ],
)
def test_numbers_are_kept_as_the_engine_compares_them(as_alice, easycall, typed, kept):
    answer = as_alice.post(ADD, {"name": "VIP", "patterns": typed})
    found = NumberFilter.for_customer(easycall).first()
    assert (found.patterns if found else None) == kept
    assert answer.status_code == (302 if kept else 200)


def test_each_mistake_is_said_with_its_line(as_alice, easycall):
    answer = as_alice.post(ADD, {"name": "VIP", "patterns": "201\nBoss\n\n4%4\n020%\n" + "1" * 30})
    errors = answer.context["form"].errors["patterns"]
    assert [error.partition(",")[0] for error in errors] == ["Line 2", "Line 4", "Line 5", "Line 6"]
    assert "only at the end" in errors[1]
    assert "country code" in errors[2]
    assert not NumberFilter.for_customer(easycall).exists()


def test_a_filter_that_no_call_could_match_is_refused(as_alice, easycall):
    assert "patterns" in as_alice.post(ADD, {"name": "Nobody"}).context["form"].errors
    as_alice.post(ADD, {"name": "Hidden", "anonymous": "on"})
    assert NumberFilter.for_customer(easycall).get().anonymous


def test_a_long_list_is_shown_in_short_and_downloaded_whole(as_alice, easycall):
    NumberFilterFactory(customer=easycall, patterns="201\n202\n203\n204\n205")
    assert "201, 202, 203 and 2 more" in as_alice.get(reverse("centrex:filters")).content.decode()
    assert "201, 202, 203, 204, 205" in download(as_alice, reverse("centrex:filters"))


def test_a_name_is_there_once(as_alice, vip):
    answer = as_alice.post(ADD, {"name": "VIP", "patterns": "201"})
    assert "There is a filter of this name already." in answer.content.decode()


def test_the_page_names_the_rules_that_change_with_it(as_alice, vip, easycall):
    assert "No rule uses this filter yet." in as_alice.get(edit(vip)).content.decode()
    line = LineFactory(customer=easycall)
    ScreeningRuleFactory(line=line, name="As caller", callers=vip)
    ScreeningRuleFactory(line=line, name="As called", called=vip)
    page = as_alice.get(edit(vip)).content.decode()
    assert "Saving changes these rules at once" in page
    assert f"Rule “As caller” of line {line}" in page
    assert f"Rule “As called” of line {line}" in page
    assert reverse("centrex:line-screening", args=[line.pk]) in page
    assert as_alice.get(reverse("centrex:filters")).context["table"].data[0].uses == 2


def test_a_change_is_written_down_and_the_second_editor_is_told(as_alice, vip):
    as_alice.post(edit(vip), {"name": "VIP", "patterns": "1800%", "version": 1})
    assert AuditEvent.objects.latest("id").changes == {"Numbers": ["4420%", "1800%"]}
    answer = as_alice.post(edit(vip), {"name": "Mine", "patterns": "1800%", "version": 1})
    assert "alice changed" in answer.content.decode()


def test_deleting_is_refused_while_a_rule_uses_it(as_alice, vip, easycall):
    rule = ScreeningRuleFactory(line=LineFactory(customer=easycall), name="Boss", called=vip)
    place = reverse("centrex:filter-delete", args=[vip.pk])
    page = as_alice.get(place).content.decode()
    assert "cannot be deleted while it is used" in page
    assert "Rule “Boss”" in page
    assert "still uses this filter" in as_alice.post(place).content.decode()
    rule.delete()
    as_alice.post(place)
    assert not NumberFilter.objects.exists()
    assert AuditEvent.objects.latest("id").action == "delete"


def test_who_reads_only_looks_and_a_stranger_finds_nothing(as_bob, as_charlie, vip):
    assert "VIP" in as_bob.get(reverse("centrex:filters")).content.decode()
    assert "disabled" in as_bob.get(edit(vip)).content.decode()
    assert "VIP" not in as_charlie.get(reverse("centrex:filters")).content.decode()
    for place in (edit(vip), reverse("centrex:filter-delete", args=[vip.pk])):
        assert as_bob.post(place, {"name": "Mine", "patterns": "1"}).status_code == 403
        assert as_charlie.post(place, {"name": "Mine", "patterns": "1"}).status_code == 404
    assert as_bob.post(ADD, {"name": "Mine", "patterns": "1"}).status_code == 403
    assert NumberFilter.objects.get().name == "VIP"
