"""Who is in a huntgroup: order, primary groups, circles, and many people at once."""

from threading import Barrier

import pytest

from centrex.models import Extension, Huntgroup
from centrex.operations import membership
from centrex.operations.membership import Inclusion, Member, set_contents
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent
from tests.factories import ExtensionFactory, HuntgroupFactory
from tests.parallel import parallel


@pytest.fixture
def sales(easycall) -> Huntgroup:
    return HuntgroupFactory(customer=easycall, number="88", name="Sales")


@pytest.fixture
def people(easycall) -> list[Extension]:
    names = ["Anna", "Bert", "Cleo", "Dora", "Emil"]
    return [ExtensionFactory(customer=easycall, number=str(201 + n), name=name) for n, name in enumerate(names)]


def order(group: Huntgroup) -> list[tuple[int, str]]:
    return list(group.members.values_list("position", "extension__name"))


def fill(user, group, *members: Member, included=(), version=None) -> Huntgroup:
    group.refresh_from_db()
    return set_contents(user=user, huntgroup=group, version=version, members=members, included=included)


def test_the_whole_list_in_its_order(alice, sales, people):
    anna, bert, cleo, *_others = people
    fill(alice, sales, Member(anna.pk, ring_delay=5), Member(bert.pk, ring_time=20, ignore_forwarding=False))
    kept = sales.members.get(extension=bert).pk
    fill(alice, sales, Member(cleo.pk), Member(bert.pk))
    assert order(sales) == [(1, "Cleo"), (2, "Bert")]
    assert sales.members.get(extension=bert).pk == kept
    sales.refresh_from_db()
    assert sales.version == 3
    first, second = AuditEvent.objects.order_by("id")
    words = "201 Anna (after 5 sec), 202 Bert (for 20 sec, with follow-me and voicemail)"
    assert first.changes == {"Included Extensions": ["", words]}
    assert second.changes == {"Included Extensions": [words, "203 Cleo, 202 Bert"]}


def test_an_unchanged_list_is_no_change(alice, sales, people):
    fill(alice, sales, Member(people[0].pk))
    fill(alice, sales, Member(people[0].pk))
    sales.refresh_from_db()
    assert sales.version == 2


def test_primary_is_set_moved_and_cleared(alice, easycall, sales, people):
    anna, bert, *_others = people
    support = HuntgroupFactory(customer=easycall, number="77", name="Support")
    fill(alice, sales, Member(anna.pk, primary=True), Member(bert.pk))
    fill(alice, support, Member(anna.pk, primary=True), Member(bert.pk, primary=True))
    anna.refresh_from_db()
    assert (anna.primary_group, anna.version) == (support, 3)
    sales.refresh_from_db()
    assert sales.version == 3  # it was primary, and somebody may have its form open
    fill(alice, support, Member(bert.pk))
    for each in (anna, bert):
        each.refresh_from_db()
    assert anna.primary_group is None  # no longer a member
    assert bert.primary_group is None  # unticked


@pytest.mark.parametrize("times", [{"ring_delay": -1}, {"ring_delay": 3601}, {"ring_time": 0}, {"ring_time": 3601}])
def test_odd_times_are_refused(alice, sales, people, times):
    with pytest.raises(Refused, match="between"):
        fill(alice, sales, Member(people[0].pk, **times))
    assert order(sales) == []


def test_what_stands_twice_or_is_not_ours_is_refused(alice, lotus, sales, people):
    anna = people[0]
    with pytest.raises(Refused, match="twice"):
        fill(alice, sales, Member(anna.pk), Member(anna.pk))
    for foreign in (ExtensionFactory(customer=lotus).pk, 2**31):
        with pytest.raises(Refused, match="deleted meanwhile"):
            fill(alice, sales, Member(anna.pk), Member(foreign))
    with pytest.raises(Refused, match="deleted meanwhile"):
        fill(alice, sales, included=[Inclusion(HuntgroupFactory(customer=lotus).pk)])
    assert order(sales) == []


def test_a_circle_is_refused_and_named(alice, easycall, sales):
    support = HuntgroupFactory(customer=easycall, number="77", name="Support")
    night = HuntgroupFactory(customer=easycall, number="99", name="Night")
    with pytest.raises(Refused, match="cannot include itself: Sales → Sales"):
        fill(alice, sales, included=[Inclusion(sales.pk)])
    fill(alice, sales, included=[Inclusion(support.pk)])
    fill(alice, support, included=[Inclusion(night.pk, ignore_forwarding=False)])
    with pytest.raises(Refused, match="Night → Sales → Support → Night") as refusal:
        fill(alice, night, included=[Inclusion(sales.pk)])
    assert refusal.value.field == "add_huntgroup"
    assert not night.included_groups.exists()
    fill(alice, support)
    fill(alice, night, included=[Inclusion(sales.pk)])  # the circle is open again


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_save_the_members(alice, sales, people):
    """Each read the same version; one is kept whole, the others are told, and the order has no gap or double."""
    lists = [people[n % 5 :] + people[: n % 5] for n in range(16)]
    acts = [
        lambda those=those: set_contents(
            user=alice,
            huntgroup=sales,
            version=1,
            members=[Member(each.pk, primary=True) for each in those],
            included=[],
        )
        for those in lists
    ]
    results = parallel(acts)
    winners = [n for n, result in enumerate(results) if not isinstance(result, Refused)]
    assert len(winners) == 1
    assert all(isinstance(result, Outdated) for n, result in enumerate(results) if n not in winners)
    assert "Included Extensions" in str(next(result for result in results if isinstance(result, Outdated)))
    assert order(sales) == list(enumerate((each.name for each in lists[winners[0]]), start=1))
    assert AuditEvent.objects.filter(record_type="centrex.huntgroup").count() == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_after_looking_again(alice, sales, people):
    """Whoever is told and saves again on top of the others loses nobody's version: one history, no gap."""

    def save_until_kept(those: list[Extension]) -> int:
        for tries in range(1, 40):
            version = Huntgroup.objects.values_list("version", flat=True).get(pk=sales.pk)
            members = [Member(each.pk) for each in those]
            try:
                set_contents(user=alice, huntgroup=sales, version=version, members=members, included=[])
            except Outdated:
                continue
            return tries
        raise AssertionError("never kept")

    results = parallel([lambda n=n: save_until_kept(people[n % 5 :] + people[: n % 5]) for n in range(16)])
    assert all(isinstance(tries, int) for tries in results)
    assert [position for position, _name in order(sales)] == [1, 2, 3, 4, 5]
    versions = list(AuditEvent.objects.order_by("id").values_list("version", flat=True))
    sales.refresh_from_db()
    assert versions == list(range(2, sales.version + 1))


@pytest.mark.django_db(transaction=True)
def test_two_halves_of_a_circle_at_once(alice, easycall, sales):
    support = HuntgroupFactory(customer=easycall, number="77", name="Support")
    acts = [
        lambda: set_contents(user=alice, huntgroup=sales, version=1, members=[], included=[Inclusion(support.pk)]),
        lambda: set_contents(user=alice, huntgroup=support, version=1, members=[], included=[Inclusion(sales.pk)]),
    ]
    results = parallel(acts)
    assert sum(isinstance(result, Refused) for result in results) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_circle_would_close(alice, easycall, sales, monkeypatch):
    """The negative control of the test above."""
    support = HuntgroupFactory(customer=easycall, number="77", name="Support")
    both_have_looked = Barrier(2)
    look = membership.refuse_circle

    def look_and_wait(*what):
        look(*what)
        both_have_looked.wait(timeout=30)

    monkeypatch.setattr(membership, "locked_office", lambda customer: customer)
    monkeypatch.setattr(membership, "refuse_circle", look_and_wait)
    pairs = [(sales, support), (support, sales)]
    acts = [
        lambda outer=outer, inner=inner: set_contents(
            user=alice, huntgroup=outer, version=1, members=[], included=[Inclusion(inner.pk)]
        )
        for outer, inner in pairs
    ]
    assert not [result for result in parallel(acts) if isinstance(result, Refused)]
    assert sales.included_groups.count() == support.included_groups.count() == 1
