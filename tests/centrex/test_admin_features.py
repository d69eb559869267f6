"""Staff set and lock features for companies and sites, and keep the classes of numbers; nonsense is refused."""

import json

import pytest
from django.urls import reverse

from centrex.models import BarringClass, DialCode, FeatureSetting
from centrex.queries.features import effective_of
from centrex.routing.feature_values import mistakes_in
from centrex.routing.features import FEATURES, Answering, Source
from selfcare.models import AuditEvent
from tests.factories import DidFactory, ExtensionFactory, LineFactory, SiteFactory, SoundFactory

ADD = "admin:centrex_featuresetting_add"
PBX = {
    "kind": "pbx", "country_code": "1", "international_prefixes": ["011"], "outside_prefix": "9",
}  # fmt: skip


def form(customer, name, values, **more) -> dict:
    return {"customer": customer.pk, "name": name, "enabled": "on", "values": json.dumps(values)} | more


def errors(answer) -> dict:
    return answer.context["adminform"].form.errors


def test_a_company_and_a_site(as_dora, easycall):
    line = LineFactory(customer=easycall, site=SiteFactory(customer=easycall))
    as_dora.post(reverse(ADD), form(easycall, "answering", {"ring_seconds": 60}))
    assert effective_of(line, Answering).values.ring_seconds == 60
    as_dora.post(reverse(ADD), form(easycall, "answering", {"ring_seconds": 45}, site=line.site.pk, locked="on"))
    counts = effective_of(line, Answering)
    assert (counts.values.ring_seconds, counts.locked_by) == (45, Source.SITE)
    assert AuditEvent.objects.filter(record_type="centrex.featuresetting").count() == 2
    row = FeatureSetting.objects.get(site=None)
    change = reverse("admin:centrex_featuresetting_change", args=[row.pk])
    as_dora.post(change, {"enabled": "on", "values": '{"ring_seconds": 50}'})
    row.refresh_from_db()
    assert (row.values, row.version, row.name) == ({"ring_seconds": 50}, 2, "answering")


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("answering", {"ring_seconds": "60"}, "ring_seconds"),
        ("answering", {"ring_seconds": True}, "ring_seconds"),
        ("answering", {"bell": 1}, "bell"),
        ("answering", [], "values"),
        ("identity", {"hide_cli": "sometimes"}, "hide_cli is one of"),
        ("identity", {"number": "12125550199"}, "not an external number"),
        ("music", {"sound": 0}, "no music with this id"),
        ("barring", {"barred": [999]}, "no barring class 999"),
        ("disa", {"pin_hash": "x"}, "A PIN is set for each line"),
        ("dialing", {"kind": "farm"}, "kind is one of"),
        ("dialing", {"country_code": "0"}, "country_code"),
        ("dialing", PBX | {"outside_prefix": "2"}, "beginning of 201"),
    ],
)
def test_values_that_the_feature_cannot_have(as_dora, easycall, name, values, says):
    ExtensionFactory(customer=easycall, number="201")
    found = errors(as_dora.post(reverse(ADD), form(easycall, name, values)))
    assert says in str(found["values"])
    assert not FeatureSetting.objects.exists()


def test_what_is_the_customers_own_is_taken(as_dora, easycall):
    sound = SoundFactory(customer=easycall, state="ready")
    did = DidFactory(line=None, customer=easycall)
    premium = BarringClass.objects.create(name="Premium", patterns="1900%")
    for name, values in (
        ("music", {"sound": sound.pk}), ("identity", {"number": did.number}), ("barring", {"barred": [premium.pk]}),
        ("recording", {"keep_days": None}),
    ):  # fmt: skip
        assert as_dora.post(reverse(ADD), form(easycall, name, values)).status_code == 302


def test_no_second_setting_and_no_strangers_site(as_dora, easycall, lotus):
    as_dora.post(reverse(ADD), form(easycall, "limits", {"max_calls": 2}))
    assert errors(as_dora.post(reverse(ADD), form(easycall, "limits", {})))
    assert "site" in errors(as_dora.post(reverse(ADD), form(easycall, "fax", {}, site=SiteFactory(customer=lotus).pk)))
    assert FeatureSetting.objects.count() == 1


def test_a_prefix_of_a_sites_dialing_rules_is_taken_and_given_back(as_dora, easycall):
    site = SiteFactory(customer=easycall)
    assert as_dora.post(reverse(ADD), form(easycall, "dialing", PBX, site=site.pk)).status_code == 302
    assert DialCode.for_customer(easycall).get().code == "9"
    row = FeatureSetting.objects.get()
    as_dora.post(reverse("admin:centrex_featuresetting_delete", args=[row.pk]), {"post": "yes"})
    assert not DialCode.for_customer(easycall).exists()


def test_lines_own_settings_are_not_staffs_business(as_dora, easycall):
    row = FeatureSetting.objects.create(customer=easycall, line=LineFactory(customer=easycall), name="limits")
    answer = as_dora.get(reverse("admin:centrex_featuresetting_change", args=[row.pk]))
    assert answer.status_code == 302  # Django's "doesn't exist", back to the list


@pytest.mark.parametrize("patterns", ["1900%\n12a", "%1900", "1" * 21, "+1900"])
def test_a_class_with_a_wrong_pattern(as_dora, patterns):
    given = {"name": "Premium", "matching": "matches", "patterns": patterns}
    assert "patterns" in errors(as_dora.post(reverse("admin:centrex_barringclass_add"), given))
    assert not BarringClass.objects.exists()


def test_a_class_of_numbers(as_dora):
    given = {"name": "Premium", "matching": "matches", "patterns": " 1900%\r\n44909xxxxxxx ", "dangerous": "on"}
    assert as_dora.post(reverse("admin:centrex_barringclass_add"), given).status_code == 302
    assert BarringClass.objects.get().patterns == "1900%\n44909xxxxxxx"


@pytest.mark.parametrize("feature", FEATURES.values())
def test_the_usual_values_of_each_feature_are_values_of_it(feature):
    usual = {name: list(value) if isinstance(value, tuple) else value for name, value in vars_of(feature()).items()}
    assert mistakes_in(feature, usual) == []


def vars_of(values) -> dict:
    return {name: getattr(values, name) for name in values.__dataclass_fields__ if not name.isupper()}
