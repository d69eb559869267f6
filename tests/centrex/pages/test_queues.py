"""The pages of Call Queue: list, add, edit, what callers hear, delete."""

import pytest

from centrex.models import CallQueue, Huntgroup
from tests.factories import (
    CallQueueFactory,
    CustomerFactory,
    ExtensionFactory,
    HuntgroupFactory,
    LineFactory,
    SoundFactory,
    UserFactory,
)
from tests.people import signed_in

PAGE = "/centrex/queues/"
ADD = f"{PAGE}add/"
VALUES = {"max_waiting": "5", "call_seconds": "4:00", "max_connected": "", "music": ""}


def body(client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def page_of(queue: CallQueue, act: str = "") -> str:
    return f"{PAGE}{queue.pk}/{act}"


@pytest.fixture
def support(easycall) -> Huntgroup:
    group = HuntgroupFactory(customer=easycall, number="89", name="Support")
    for position in (1, 2):
        extension = ExtensionFactory(customer=easycall, line=LineFactory(customer=easycall))
        group.members.create(extension=extension, position=position)
    return group


def test_the_list_shows_every_column(as_alice, easycall, support):
    tune = SoundFactory(customer=easycall, name="Harp", state="ready")
    queue = CallQueueFactory(huntgroup=support, call_seconds=210, music=tune)
    CallQueueFactory(huntgroup=HuntgroupFactory(customer=easycall, number="77", name="Empty"), max_connected=3)
    page = body(as_alice)
    for head in ("Huntgroup", "Maximum Number of Unconnected Calls", "Call Duration", "Music on Hold"):
        assert head in page
    for cell in ("89 Support", "3:30", "2 (all phones)", "Harp", "The default music", "Nobody answers"):
        assert cell in page
    assert f'href="{page_of(queue, "delete/")}"' in page


@pytest.mark.parametrize(
    ("typed", "seconds"), [("4:00", 240), ("240", 240), (" 0:45 ", 45), ("1:00:00", 3600), ("90:00", 5400)]
)
def test_adding_with_a_duration_as_people_write_it(typed, seconds, as_alice, support):
    answer = as_alice.post(ADD, VALUES | {"huntgroup": support.pk, "call_seconds": typed}, follow=True)
    page = answer.content.decode()
    assert "“89 Support” was added." in page
    assert "Nobody answers" not in page
    queue = CallQueue.objects.get()
    assert (queue.call_seconds, queue.max_waiting, queue.max_connected, queue.music) == (seconds, 5, None, None)


@pytest.mark.parametrize(
    ("typed", "at", "said"),
    [
        ({"call_seconds": "4.5"}, "call_seconds", "such as 3:30, or seconds such as 210"),
        ({"call_seconds": "٣"}, "call_seconds", "such as 3:30, or seconds such as 210"),
        ({"call_seconds": "3:75"}, "call_seconds", "A minute has 60 seconds"),
        ({"call_seconds": "1:75:00"}, "call_seconds", "A minute has 60 seconds"),
        ({"call_seconds": "0"}, "call_seconds", "greater than or equal to 1"),
        ({"call_seconds": "10:00:01"}, "call_seconds", "less than or equal to 36000"),
        ({"call_seconds": ""}, "call_seconds", "such as 3:30, or seconds such as 210"),
        ({"max_waiting": "0"}, "max_waiting", "greater than or equal to 1"),
        ({"max_connected": "0"}, "max_connected", "greater than or equal to 1"),
        ({"huntgroup": ""}, "huntgroup", "This field is required"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(typed, at, said, as_alice, support):
    answer = as_alice.post(ADD, VALUES | {"huntgroup": support.pk} | typed)
    assert said in str(answer.context["form"].errors[at])
    assert not CallQueue.objects.exists()


def test_a_group_that_has_a_queue_is_not_offered_and_is_refused(as_alice, easycall, support):
    CallQueueFactory(huntgroup=support)
    HuntgroupFactory(customer=easycall, number="77", name="Sales")
    page = body(as_alice, ADD)
    assert "77 Sales</option>" in page
    assert "89 Support</option>" not in page
    answer = as_alice.post(ADD, VALUES | {"huntgroup": support.pk})
    assert "89 Support has a call queue already" in str(answer.context["form"].errors["huntgroup"])


def test_only_ones_own_music_that_is_ready_is_offered(as_alice, easycall, lotus, support):
    SoundFactory(customer=easycall, name="Harp", state="ready")
    SoundFactory(customer=lotus, name="Drums", state="ready")
    SoundFactory(customer=easycall, name="Broken", state="failed")
    SoundFactory(customer=easycall, name="Anna Smith", state="ready", purpose="name")
    page = body(as_alice, ADD)
    assert "Harp</option>" in page
    assert '<a href="/centrex/music/">Add music of your own</a>' in page
    for name in ("Drums", "Broken", "Anna Smith"):
        assert f"{name}</option>" not in page


def test_the_page_says_what_callers_hear(as_alice, support):
    queue = CallQueueFactory(huntgroup=support, call_seconds=180, max_waiting=4)
    page = body(as_alice, page_of(queue))
    heard = ["you are next", "about 2 minutes", "about 3 minutes", "about 5 minutes"]
    for place, words in enumerate(heard, start=1):
        assert f"<td>{place}</td><td>{words}</td>" in page
    assert "<td>5</td>" not in page
    assert "2 calls are answered at a time." in page


def test_other_numbers_are_tried_without_saving(as_alice, support):
    queue = CallQueueFactory(huntgroup=support)
    tried = {"huntgroup": support.pk, "call_seconds": "40", "max_connected": "1", "max_waiting": "3", "do": "show"}
    answer = as_alice.post(page_of(queue), tried | {"version": 1})
    page = answer.content.decode()
    assert "1 call is answered at a time." in page
    assert "<td>2</td><td>less than a minute</td>" in page
    assert "<td>3</td><td>about 2 minutes</td>" in page
    queue.refresh_from_db()
    assert (queue.call_seconds, queue.version) == (180, 1)
    wrong = as_alice.post(page_of(queue), tried | {"call_seconds": "x"})
    assert wrong.status_code == 200
    assert "Fill in the fields above" in wrong.content.decode()
    assert as_alice.post(ADD, tried).status_code == 200


def test_a_group_without_phones_is_warned_of(as_alice, easycall):
    group = HuntgroupFactory(customer=easycall, number="77", name="Empty")
    said = "Nobody answers huntgroup 77 Empty"
    assert said in as_alice.post(ADD, VALUES | {"huntgroup": group.pk}, follow=True).content.decode()
    page = body(as_alice, page_of(CallQueue.objects.get()))
    assert said in page
    assert "nobody is there to answer" in page


def test_the_second_to_save_is_told(as_alice, easycall, support):
    queue = CallQueueFactory(huntgroup=support)
    other = signed_in(UserFactory(username="carol", customer=easycall))
    values = VALUES | {"huntgroup": support.pk, "version": 1}
    assert other.post(page_of(queue), values).status_code == 302
    page = as_alice.post(page_of(queue), values | {"max_waiting": "7"}).content.decode()
    assert "carol changed" in page
    queue.refresh_from_db()
    assert queue.max_waiting == 5


def test_deleting(as_alice, support):
    queue = CallQueueFactory(huntgroup=support)
    assert "Its call queue is deleted as well." in body(as_alice, f"/centrex/huntgroups/{support.pk}/delete/")
    assert "hear the busy tone" in body(as_alice, page_of(queue, "delete/"))
    assert as_alice.post(page_of(queue, "delete/")).status_code == 302
    assert not CallQueue.objects.exists()
    assert "call queue" not in body(as_alice, f"/centrex/huntgroups/{support.pk}/delete/").partition("<main")[2]


def test_who_may_only_read_and_strangers_change_nothing(as_bob, as_charlie, support):
    queue = CallQueueFactory(huntgroup=support)
    page = body(as_bob)
    assert "89 Support" in page
    assert f'href="{page_of(queue)}"' not in page
    for address in (ADD, page_of(queue), page_of(queue, "delete/")):
        assert as_bob.post(address, VALUES).status_code == 403
    for address in (page_of(queue), page_of(queue, "delete/")):
        assert as_charlie.get(address).status_code == 404
        assert as_charlie.post(address, VALUES).status_code == 404
    answer = as_charlie.post(ADD, VALUES | {"huntgroup": support.pk})
    assert "huntgroup" in answer.context["form"].errors
    assert "89 Support" not in body(as_charlie)


def test_a_branch_office_sees_its_own_groups_queues_and_changes_none(easycall, support):
    branch = CustomerFactory(main_office=easycall)
    as_branch = signed_in(UserFactory(username="berta", customer=branch))
    CallQueueFactory(huntgroup=support)
    group = HuntgroupFactory(customer=easycall, number="91", name="Berlin", branch_office=branch)
    own = CallQueueFactory(huntgroup=group)
    page = body(as_branch)
    assert "91 Berlin" in page
    assert "89 Support" not in page
    assert "Add Call Queue" not in page
    for address in (ADD, page_of(own), page_of(own, "delete/")):
        for method in (as_branch.get, as_branch.post):
            assert method(address).status_code == 403
