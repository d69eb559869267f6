"""Blocking and unblocking callers, and what must never be blocked."""

from datetime import UTC, datetime

import pytest

from centrex.models import BlockedCaller
from centrex.operations.blocked import block_caller, unblock_caller
from selfcare.errors import Refused
from selfcare.models import AuditEvent
from tests.factories import (
    BlockedCallerFactory,
    CustomerFactory,
    DialCodeFactory,
    DidFactory,
    ExtensionFactory,
    HuntgroupFactory,
    LineFactory,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONDON = "442079460000"


def test_blocking_is_kept_and_written_down(alice, easycall):
    caller = block_caller(user=alice, customer=easycall, number=LONDON, note="Sales", now=NOW)
    kept = BlockedCaller.objects.get()
    assert (kept.customer, kept.number, kept.note, kept.blocked_at, kept.blocked_by) == (
        easycall, LONDON, "Sales", NOW, alice,
    )  # fmt: skip
    event = AuditEvent.objects.get()
    assert (event.action, event.record_id, event.customer) == ("add", str(caller.pk), easycall)
    assert event.changes == {"number": ["", LONDON], "note": ["", "Sales"]}
    assert event.record_name == "+44 20 7946 0000"


def test_hidden_numbers_are_blocked_by_an_empty_one(alice, easycall):
    assert str(block_caller(user=alice, customer=easycall, number="", now=NOW)) == "Hidden numbers"
    with pytest.raises(Refused, match="Hidden numbers are blocked already"):
        block_caller(user=alice, customer=easycall, number="", now=NOW)


def test_the_same_number_is_blocked_once_for_each_company(alice, easycall, lotus):
    block_caller(user=alice, customer=easycall, number=LONDON, now=NOW)
    with pytest.raises(Refused, match="blocked already") as refusal:
        block_caller(user=alice, customer=easycall, number=LONDON, now=NOW)
    assert refusal.value.field == "number"
    block_caller(user=alice, customer=lotus, number=LONDON, now=NOW)
    assert BlockedCaller.objects.count() == 2


@pytest.mark.parametrize("from_branch", [False, True])
def test_numbers_of_the_office_and_its_branches_are_refused(alice, easycall, from_branch):
    branch = CustomerFactory(main_office=easycall)
    own = [
        LineFactory(customer=easycall).account_id,
        LineFactory(customer=branch).account_id,
        DidFactory(line=LineFactory(customer=easycall)).number,
        DidFactory(line=LineFactory(customer=branch)).number,
        ExtensionFactory(customer=easycall, branch_office=branch).number,
        HuntgroupFactory(customer=easycall).number,
        DialCodeFactory(customer=easycall).code,
    ]
    for number in own:
        with pytest.raises(Refused, match="one of your own numbers"):
            block_caller(user=alice, customer=branch if from_branch else easycall, number=number, now=NOW)
    assert not BlockedCaller.objects.exists()


def test_numbers_of_somebody_else_are_not_ones_own(alice, easycall, lotus):
    block_caller(user=alice, customer=easycall, number=LineFactory(customer=lotus).account_id, now=NOW)
    block_caller(user=alice, customer=easycall, number=ExtensionFactory(customer=lotus).number, now=NOW)


@pytest.mark.parametrize(
    ("country", "number"), [("US", "911"), ("US", "112"), ("DE", "110"), ("", "112"), ("GB", "999")]
)
def test_emergency_numbers_are_refused(alice, country, number):
    with pytest.raises(Refused, match="Emergency services"):
        block_caller(user=alice, customer=CustomerFactory(country=country), number=number, now=NOW)


def test_unblocking_is_written_down_once(alice, easycall):
    caller = BlockedCallerFactory(customer=easycall, number=LONDON)
    unblock_caller(user=alice, caller=caller)
    unblock_caller(user=alice, caller=caller)
    assert not BlockedCaller.objects.exists()
    assert list(AuditEvent.objects.values_list("action", "record_name")) == [("delete", "+44 20 7946 0000")]
