"""Every form of every page: foreign ids, fields that are not on it, and rubbish. Nothing gets in, no page breaks.

The forms are found by asking the pages for them, so that a new form is tested without a line here.
"""

import random
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import FileField
from django.forms.models import ModelChoiceField
from django.urls import reverse
from django.views.generic.edit import FormMixin
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import Account, AutoPay, Payment, SpendLimits
from centrex.models import (
    CalledCountries,
    CompanySettings,
    Extension,
    Huntgroup,
    HuntgroupMember,
    Line,
    NumberFilter,
    Schedule,
    Site,
    Sound,
)
from centrex.sounds.tune import default_tune
from selfcare.crud.views import EditPage
from selfcare.models import AuditEvent, Customer, User, Versioned
from tests.factories import (
    PASSWORD,
    CategoryFactory,
    CustomerFactory,
    ExtensionFactory,
    HuntgroupFactory,
    LineFactory,
    MethodSetupFactory,
    NumberFilterFactory,
    PaymentFactory,
    ScheduleFactory,
    SiteFactory,
    SoundFactory,
)
from tests.house.test_security import FORMS, address_of, no_provider, view_class  # noqa: F401 - a fixture
from tests.rows import contents

ODD = ["\0", "a\0b", "\ud7ff\uffff", "1" * 5000, "-1", "9" * 30, "1e400000", "NaN", "٣٤", "' OR 1=1 --", "{{7*7}}",
       "<script>alert(1)</script>", "\r\nBcc: x@example.com", "x" * 100_000, "[]", "on", "null", "../../etc/passwd",
       "%(x)s", "\u202e", ""]  # fmt: skip
RUBBISH = st.sampled_from(ODD) | st.text(max_size=60)
FOREIGN = {
    Line: LineFactory, Extension: ExtensionFactory, Huntgroup: HuntgroupFactory, Site: SiteFactory, Sound: SoundFactory,
    NumberFilter: NumberFilterFactory, Schedule: ScheduleFactory,
}  # fmt: skip
PROTECTED_OF_CUSTOMER = {
    "status": "closed", "credit_limit": "999999", "billing": "debit", "currency": "JPY", "tax_rate": "0", "tax_id": "x",
    "customer_class": "", "main_office": "", "pending_email": "evil@example.com", "payment_terms_days": "999",
    "billing_day": "9", "billing_period": "daily", "extension_length": "6", "balance": "-999999",
}  # fmt: skip
PROTECTED_OF_ANY = {
    "id": "1", "pk": "1", "is_staff": "on", "is_superuser": "on", "role": "owner", "user": "1", "author": "1",
    "requestor": "1", "status": "resolved", "state": "succeeded", "created_at": "2000-01-01", "from_staff": "on",
    "internal": "on", "tax": "0", "provider": "x", "session_url": "https://evil.example",
}  # fmt: skip


@pytest.fixture
def office(easycall):
    """EasyCall with one of each thing that a form may choose."""
    CustomerFactory(main_office=easycall)
    LineFactory(customer=easycall)
    CategoryFactory(name="Fault")
    group = HuntgroupFactory(customer=easycall)
    member = ExtensionFactory(customer=easycall, line=LineFactory(customer=easycall))
    HuntgroupMember.objects.create(huntgroup=group, extension=member, position=1)
    CompanySettings.objects.filter(customer=easycall).update(abbreviated_length=3)
    CalledCountries.objects.create(customer=easycall)
    SpendLimits.objects.create(customer=easycall)
    AutoPay.objects.create(customer=easycall)
    return easycall


# The sum that is paid is checked with the provider first; a SIP password is shown by the answer itself.
ANSWERED_IN_PLACE = ("billing:pay", "centrex:line-sip-password")
FORM_PAGES = [name for name in FORMS if issubclass(view_class(name), FormMixin)]
VERSIONED = [
    name
    for name in FORM_PAGES
    if issubclass(view_class(name), EditPage) and issubclass(view_class(name).model, Versioned)
]


def shown(client: Any, address: str) -> Any:
    """The form of the page."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.context["form"]


def written(bound: Any) -> Any:
    """What stands in the field's box."""
    value = bound.value()
    return bound.field.widget.format_value(value) if isinstance(value, datetime) else value


def filled_in(form: Any) -> dict[str, Any]:
    """What a browser would send if nothing or only what must be was typed."""
    data = {bound.html_name: written(bound) for bound in form if bound.value() not in (None, False)}
    for row in [*getattr(form, "members", []), *getattr(form, "groups", [])]:
        data |= {bound.html_name: value for bound in row if (value := bound.value()) not in (None, False)}
    data |= {name: [row.key for row in getattr(form, rows)]
             for name, rows in (("member", "members"), ("group", "groups")) if hasattr(form, rows)}  # fmt: skip
    wanted = {"number": "612" if form.initial.get("number") is None else form.initial["number"], "name": "Front desk",
              "subject": "Silent", "text": "Nothing rings.", "amount": "20", "country": "US",
              "patterns": "4420%", "day": "2026-12-24", "street": "5 Main Street", "city": "New York",
              "province": "NY", "postal_code": "10001"}  # fmt: skip
    data |= {name: value for name, value in wanted.items() if name in form.fields and not data.get(name)}
    for name, field in form.fields.items():
        if isinstance(field, ModelChoiceField) and field.required and not data.get(name):
            data[name] = field.queryset.values_list("pk", flat=True).first()
    if "password" in form.fields and form.fields["password"].required:
        data["password"] = PASSWORD
    if "category" in form.fields:
        data["category"] = CategoryFactory(name="Fault").pk
    for name, field in form.fields.items():
        if isinstance(field, FileField) and field.required:
            is_list = ".csv" in field.widget.attrs.get("accept", "")
            content = b"2026-12-24,Christmas Eve" if is_list else default_tune(8000)
            data[name] = SimpleUploadedFile("given", content)
    return data


def record_of(form: Any) -> Any:
    """What the form changes; dialing rules of a phone line are kept with the line, defaults in a row of their own."""
    return getattr(form, "kept_in", None) or getattr(form, "line", form.instance)


def every_form(client: Any, name: str, office: Any, alice: Any) -> tuple[str, Any]:
    address = address_of(name, office, alice)
    return address, shown(client, address)


def foreign_ids(form: Any, lotus: Customer) -> dict[str, Any]:
    """For each field that chooses a record, one of another customer's."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        if isinstance(field, ModelChoiceField) and field.queryset.model is Customer:
            found[name] = CustomerFactory(main_office=lotus).pk
        elif isinstance(field, ModelChoiceField) and field.queryset.model in FOREIGN:
            found[name] = FOREIGN[field.queryset.model](customer=lotus).pk
    if hasattr(form, "members"):
        extension, group = ExtensionFactory(customer=lotus), HuntgroupFactory(customer=lotus)
        found |= {"member": [extension.pk], "group": [group.pk]}
        found |= {"add_extension": extension.pk, "add_huntgroup": group.pk}
    if "payment_id" in form.fields:
        found["payment_id"] = PaymentFactory(customer=lotus).pk
    if "setup_id" in form.fields:
        found["setup_id"] = MethodSetupFactory(customer=lotus).pk
    return found


@pytest.mark.parametrize("name", FORM_PAGES)
def test_a_record_of_another_customer_cannot_be_chosen(name, office, alice, lotus, as_alice):
    address, form = every_form(as_alice, name, office, alice)
    data, foreign = filled_in(form), foreign_ids(form, lotus)
    before = contents()
    for field, value in foreign.items():
        answer = as_alice.post(address, data | {field: value})
        assert answer.status_code == 200, field
        refused = answer.context["form"]
        assert not refused.is_valid(), field
        assert contents() == before, field


def test_forms_do_choose_records(office, alice, lotus, as_alice):
    """The test above finds what it is made for."""
    chosen = {
        name: set(foreign_ids(shown(as_alice, address_of(name, office, alice)), lotus))
        for name in ("centrex:extension-add", "centrex:huntgroup-members", "billing:pay")
    }
    assert {"branch_office", "line"} <= chosen["centrex:extension-add"]
    assert {"member", "group", "add_extension"} <= chosen["centrex:huntgroup-members"]
    assert chosen["billing:pay"] == {"payment_id"}


def guarded(office: Customer, lotus: Customer) -> list[Any]:
    """What no form of a customer's may touch, as it is in the database."""
    fields = [name for name in PROTECTED_OF_CUSTOMER if name not in ("balance", "pending_email")]
    return [
        list(Customer.objects.order_by("pk").values_list("pk", *fields)),
        list(User.objects.order_by("pk").values_list("pk", "customer", "role", "is_staff", "is_superuser", "password")),
        list(Account.objects.order_by("pk").values_list()),
        [model.objects.filter(customer=lotus).count() for model in (Line, Extension, Huntgroup, Payment)],
    ]


@pytest.mark.parametrize("name", FORM_PAGES)
def test_a_field_that_is_not_on_the_form_changes_nothing(name, office, alice, lotus, as_alice):
    address, form = every_form(as_alice, name, office, alice)
    extra = PROTECTED_OF_ANY | PROTECTED_OF_CUSTOMER | {"customer": lotus.pk, "customer_id": lotus.pk}
    before, record = guarded(office, lotus), getattr(form, "instance", None)
    data = filled_in(form)
    kept = {key: value for key, value in extra.items() if key not in form.fields}
    answer = as_alice.post(address, data | kept)
    assert answer.status_code == 302 or name in ANSWERED_IN_PLACE, answer.context["form"].errors
    assert name != "centrex:line-sip-password" or answer.context["shown"]
    assert guarded(office, lotus) == before
    if record is not None and record.pk and type(record).objects.filter(pk=record.pk).exists():
        saved = type(record).objects.get(pk=record.pk)
        nobodys = [None] if name == "centrex:did-release" else []
        assert getattr(saved, "customer_id", None) in [getattr(record, "customer_id", None), *nobodys]
        assert saved.pk == record.pk


@pytest.mark.parametrize("name", VERSIONED)
def test_an_older_version_is_told_and_an_odd_one_is_an_error(name, office, alice, as_alice):
    address, form = every_form(as_alice, name, office, alice)
    assert "version" in form.fields
    before = contents()
    for version in ("0", "999", "-1", "9" * 30, "x", "\0"):
        assert as_alice.post(address, filled_in(form) | {"version": version}).status_code == 200
        assert contents() == before


@pytest.mark.parametrize("name", VERSIONED)
def test_the_second_saver_is_told_who_changed_what(name, office, alice, bob, as_alice):
    """Bob saves while alice has the form open: she reads what he changed, and nothing of his is overwritten."""
    address, form = every_form(as_alice, name, office, alice)
    if record_of(form).pk is None:  # a record that the first Save makes
        assert as_alice.post(address, filled_in(form)).status_code == 302
        form = shown(as_alice, address)
    typed = filled_in(form)
    record = type(record_of(form))._base_manager.get(pk=record_of(form).pk)
    record.version += 1
    record.save()
    AuditEvent.write(
        user=bob, customer=office, action="edit", record=record, changes={"Greeting": ["Hello", "Good day"]}
    )
    before = contents()
    answer = as_alice.post(address, typed)
    assert answer.status_code == 200
    assert f"{bob} changed Greeting: “Hello” → “Good day”." in answer.content.decode()
    assert contents() == before
    again = filled_in(answer.context["form"])
    assert int(again["version"]) == record.version
    made = as_alice.post(address, again)
    assert made.status_code == 302 or made.context.get("shown"), (
        "the next Save, made in knowledge of the change, counts"
    )


@pytest.mark.parametrize("name", FORM_PAGES)
def test_rubbish_breaks_no_form(name, office, alice, as_alice):
    address, form = every_form(as_alice, name, office, alice)
    good = filled_in(form)
    names = sorted({*form.fields, *good, "do", "act", "order", "next"} - {"files"})

    @settings(max_examples=15, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.dictionaries(st.sampled_from(names), RUBBISH | st.lists(RUBBISH, max_size=3), min_size=1, max_size=4))
    def fuzz(rubbish):
        answer = as_alice.post(address, good | rubbish)
        assert answer.status_code in {200, 302, 400, 404}

    fuzz()


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_change_password", "preference",
                                  "table-preference", "dashboard-windows", "view-as-end"])  # fmt: skip
def test_rubbish_breaks_no_small_form(name, as_alice, client):
    address = reverse(name, args=["lines"] if name == "table-preference" else [])
    fields = ["login", "password", "email", "oldpassword", "password1", "password2", "next", "theme", "language",
              "column", "sort", "per_page", "act", "order", "remember"]  # fmt: skip
    chance = random.Random(7)
    for _example in range(15):
        data = {field: chance.choice(ODD) for field in chance.sample(fields, 6)}
        for browser in (as_alice, client):
            if name != "account_change_password" or browser is as_alice:
                assert browser.post(address, data).status_code in {200, 302, 400, 429}


def test_every_odd_value_in_every_field_of_the_tables_memory(as_alice):
    for odd in ODD:
        for field in ("per_page", "sort", "column", "next"):
            assert as_alice.post("/preferences/tables/lines/", {field: odd}).status_code == 302
        assert as_alice.post("/windows/", {"act": f"up:{odd}"}).status_code in {302, 400}
    assert as_alice.get("/centrex/lines/").status_code == 200


def test_the_forms_are_found():
    assert {"centrex:extension-edit", "profile:general", "tickets:add", "billing:pay"} <= set(FORM_PAGES)
    assert {"centrex:extension-rename", "centrex:huntgroup-members", "profile:general"} <= set(VERSIONED)
