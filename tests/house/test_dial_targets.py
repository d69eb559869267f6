"""Every number that can start a leg of a call is a DialTarget and went through the destination policy when saved."""

import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import models

from centrex.models import AbbreviatedNumber, CompanySettings, ScreeningRule
from centrex.models.dial_target import DialTarget
from centrex.operations import attendant
from centrex.operations.abbreviated import add_abbreviated
from centrex.operations.disa import save_disa
from centrex.operations.forwarding import Number, Wanted, set_forwarding
from centrex.operations.group_hours import set_hours
from centrex.operations.screening import save_rule
from centrex.routing.features import FEATURES, Disa
from selfcare.errors import Refused
from selfcare.models.history import is_history
from tests.factories import ExtensionFactory, HuntgroupFactory, LineFactory, MenuFactory, ScheduleFactory

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
DIALABLE = re.compile(r"number|target|dial|forward|fallback|callback|transfer|phone|mobile|\bto\b|cld|uri|destination")
# Columns that only sound as if a call could be sent there: why not.
OTHERS = {
    "centrex.AbbreviatedNumber.number": "a code that people dial",
    "centrex.BlockedCaller.number": "a caller",
    "centrex.Did.number": "a number of ours",
    "centrex.EmergencyAddress.house_number": "no telephone number",
    "centrex.Extension.number": "a code that people dial",
    "centrex.Huntgroup.number": "a code that people dial",
    "centrex.Line.forwarding": "a mode",
    "centrex.Line.phone_model": "no telephone number",
    "centrex.Line.forwarding_order": "a mode",
}
# Where the model's page is another one's to build, its DialTarget is asked again when the call is made.
FEATURE_TARGETS = {f"{feature.__name__}.{name}" for feature in FEATURES.values() for name in feature.DIALS}


def columns():
    """Each text column of telephony by its name."""
    for model in apps.get_app_config("centrex").get_models():
        if not is_history(model):
            for field in model._meta.concrete_fields:
                if isinstance(field, models.CharField) and not field.is_relation:
                    yield f"centrex.{model.__name__}.{field.name}", field


def test_no_column_takes_a_number_to_call_without_being_a_dial_target():
    odd = [
        name
        for name, field in columns()
        if DIALABLE.search(field.name) and not isinstance(field, DialTarget) and name not in OTHERS
    ]
    assert odd == []


def test_no_value_of_a_feature_takes_one_either():
    known = {"Identity.number", "Disa.number"}  # what others see, not where a call goes
    for feature in FEATURES.values():
        for name, kind in feature.__annotations__.items():
            is_text = kind == "str" and DIALABLE.search(name)
            assert (
                not is_text or name in feature.DIALS or f"{feature.__name__}.{name}" in known | {"ForwardOptions.uri"}
            )


def by_forwarding(user, line, number):
    wanted = Wanted("follow_me", numbers=[Number(number)])
    set_forwarding(user=user, line=line, version=None, wanted=wanted, confirmed=True, now=NOW)


def by_simple_forwarding(user, line, number):
    set_forwarding(user=user, line=line, version=None, wanted=Wanted("simple", to=number), confirmed=True, now=NOW)


def by_screening(user, line, number):
    rule = ScreeningRule(line=line, position=1, action="number", number=number)
    save_rule(user=user, rule=rule, version=None, confirmed=True, now=NOW)


def by_abbreviated(user, line, number):
    CompanySettings.objects.filter(customer=line.customer).update(abbreviated_length=3)
    number = AbbreviatedNumber(customer=line.customer, number="701", target=number)
    add_abbreviated(user=user, number=number, confirmed_at=NOW)


def by_disa(user, line, number):
    values = Disa(fallback=number)
    save_disa(
        user=user, line=line, version=None, values=values, pin="740961", enabled=True, labels={}, confirmed=True
    )  # fmt: skip


def by_menu(user, line, number):
    menu = MenuFactory(line=line, name="ROOT")
    choices = {"1": attendant.Wanted("transfer", number=number)}
    attendant.save_menu(user=user, menu=menu, version=None, choices=choices, prompts={}, confirmed=True, now=NOW)


def by_huntgroup(user, line, number):
    group = HuntgroupFactory(customer=line.customer)
    group.hours, group.closed_action = ScheduleFactory(customer=line.customer), "number"
    group.closed_line, group.closed_number = line, number
    set_hours(user=user, huntgroup=group, version=None, confirmed_at=NOW)


# Each target, and the act that saves a number into it.
SAVED_BY = {
    "centrex.ForwardNumber.number": by_forwarding,
    "ForwardOptions.to": by_simple_forwarding,
    "centrex.ScreeningRule.number": by_screening,
    "centrex.AbbreviatedNumber.target": by_abbreviated,
    "Disa.fallback": by_disa,
    "centrex.MenuChoice.number": by_menu,
    "centrex.Huntgroup.closed_number": by_huntgroup,
}
WRITTEN_BY_OTHERS = {
    "centrex.NewDestination.number": "copied from a number that was checked",
}


def test_each_target_is_known_here():
    targets = {name for name, field in columns() if isinstance(field, DialTarget)} | FEATURE_TARGETS
    assert targets == {*SAVED_BY, *WRITTEN_BY_OTHERS}


# Written as thieves write them: with and without a plus, prefixes, separators, digits of other scripts, and addresses.
RISKY = [
    "+53 7 1234567", "011 53 7 1234567", "+53(7)123-4567", "٠١١٥٣٧١٢٣٤٥٦٧", "tel:+5371234567", "+5371234567;ext=1",
    "sip:5371234567@example.com", "+5371234567,,1", "005371234567", "*675371234567", "+" + "5" * 30, "5371234567x",
    "+999123456789", "+0123456789", "911", "+1911", "<script>", "+53\u200b71234567", "+53\u00a071234567", "%", "+",
]  # fmt: skip


@pytest.mark.parametrize("number", RISKY)
@pytest.mark.parametrize("target", SAVED_BY)
def test_no_target_takes_a_denied_or_odd_number(alice, easycall, settings, target, number):
    settings.DENIED_DESTINATIONS = ["53%", "0%"]
    line = LineFactory(customer=easycall)
    ExtensionFactory(customer=easycall, number="555", line=LineFactory(customer=easycall))
    with pytest.raises(Refused):
        SAVED_BY[target](alice, line, number)
