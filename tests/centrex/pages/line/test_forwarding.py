"""A line's Forwarding page: the list as a plain form, the period wizard, the password, and who may what."""

import pytest
from django.urls import reverse

from centrex.models import FeatureSetting
from selfcare.models import OutgoingMail
from tests.factories import PASSWORD, ExtensionFactory, ForwardNumberFactory, LineFactory, SipProxyFactory

ROW = {"enabled": "on", "number": "+1 212 555 0102", "ring_seconds": "20", "display": "caller", "when": "always"}


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall, account_id="12125550201")


@pytest.fixture
def address(line):
    return reverse("centrex:line-forwarding", args=[line.pk])


def rows(*keys, **changes):
    """The fields of rows with these keys, as a browser sends them."""
    sent = {"number": list(keys), "forwarding": "follow_me", "order": "listed"}
    for key in keys:
        sent |= {f"number-{key}-{name}": value for name, value in (ROW | changes).items()}
    return sent


def form_of(answer):
    assert answer.status_code == 200
    return answer.context["form"]


def test_a_list_is_put_together_with_plain_buttons_and_kept_by_save(as_alice, address, line):
    added = form_of(as_alice.post(address, {"forwarding": "follow_me", "do": "add"}))
    assert [row.key for row in added.numbers] == ["new1"]
    assert added.numbers[0]["ring_seconds"].value() == "20"
    both = rows("new1", "new2") | {"number-new2-number": "+1 212 555 0177", "number-new2-description": "Mobile"}
    moved = form_of(as_alice.post(address, both | {"do": "up:new2"}))
    assert [row.key for row in moved.numbers] == ["new2", "new1"]
    assert form_of(as_alice.post(address, both | {"do": "remove:new1"})).numbers[0].key == "new2"
    assert not line.forward_numbers.exists()  # nothing before Save
    answer = as_alice.post(address, both | {"version": "1"}, follow=True)
    assert "The settings of the line were saved." in answer.content.decode()
    assert list(line.forward_numbers.values_list("number", "description")) == [
        ("12125550102", ""), ("12125550177", "Mobile"),
    ]  # fmt: skip


def test_the_wizard_includes_removes_and_finishes_without_javascript(as_alice, address, line):
    nights = {
        "number-new1-start": "20:00",
        "number-new1-end": "8.00",
        "number-new1-weekdays": ["2", "3", "4", "5", "6"],
    }
    opened = form_of(as_alice.post(address, rows("new1") | {"do": "open:new1"}))
    assert opened.open == "new1"
    included = form_of(
        as_alice.post(address, rows("new1", when="times") | nights | {"do": "include:new1", "open": "new1"})
    )
    period = included.numbers[0].period
    assert [words for _text, words in period.rows] == ["Monday to Friday, 20:00 until 08:00 the next morning"]
    assert not period.new.is_bound  # the fields are free for the next one
    kept = rows("new1", when="times") | {"number-new1-period": [text for text, _words in period.rows]}
    weekend = {"number-new1-weekdays": ["7", "1"]}
    two = form_of(as_alice.post(address, kept | weekend | {"do": "finish:new1", "open": "new1"}))
    assert two.open == ""
    assert (
        two.numbers[0].period.words
        == "Monday to Friday, 20:00 until 08:00 the next morning; Saturday and Sunday, all day"
    )
    texts = [text for text, _words in two.numbers[0].period.rows]
    dropped = form_of(as_alice.post(address, kept | {"number-new1-period": texts, "do": "drop:new1:0"}))
    assert dropped.numbers[0].period.words == "Saturday and Sunday, all day"
    always = form_of(as_alice.post(address, kept | {"do": "always:new1", "open": "new1"}))
    assert (always.open, always.numbers[0].period.words) == ("", "Always")
    every = form_of(as_alice.post(address, kept | {"do": "months:new1", "open": "new1"}))
    assert len(every.numbers[0].period.new["months"].value()) == 12
    as_alice.post(address, kept | weekend | {"version": "1"})  # Save includes what is still typed
    row = line.forward_numbers.get()
    assert row.period == "wd{mo-fr} hr{20-23}, wd{tu-sa} hr{0-7}, wd{su sa}"
    again = form_of(as_alice.get(address)).numbers[0].period
    assert [words for _text, words in again.rows] == [
        "Monday to Friday, 20:00 until 08:00 the next morning", "Saturday and Sunday, all day",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"start": "25:00", "end": "08:00"}, "start", "24 hours"),
        ({"start": "20:61", "end": "08:00"}, "start", "24 hours"),
        ({"start": "24:30", "end": "08:00"}, "start", "24 hours"),
        ({"start": "20:00"}, "end", "Enter this time as well"),
        ({"end": "08:00"}, "start", "Enter this time as well"),
        ({"weekdays": ["8"]}, "weekdays", "valid choice"),
    ],
)
def test_a_mistake_in_a_new_period_stands_at_its_field(as_alice, address, line, typed, field, words):
    sent = rows("new1", when="times") | {f"number-new1-{name}": value for name, value in typed.items()}
    for act in ({"do": "include:new1"}, {"do": "finish:new1"}, {"version": "1"}):
        form = form_of(as_alice.post(address, sent | act | {"open": "new1"}))
        assert words in str(form.numbers[0].period.new.errors[field])
        assert form.open == "new1"
    assert not line.forward_numbers.exists()


def test_only_at_times_needs_a_period(as_alice, address):
    form = form_of(as_alice.post(address, rows("new1", when="times") | {"version": "1"}))
    assert "Include at least one period" in str(form.numbers[0].period.errors)


def test_what_the_wizard_cannot_show_is_edited_as_text(as_alice, address, line):
    row = ForwardNumberFactory(line=line, position=1, period="yr{2026} wk{1}")
    key, page = str(row.pk), as_alice.get(address)
    assert form_of(page).numbers[0].period.advanced
    assert "By its own notation: yr{2026} wk{1}" in page.content.decode()
    sent = rows(key, when="times") | {"version": "1", f"number-{key}-text": "yr{2026} wk{9}"}
    wrong = as_alice.post(address, sent)
    assert "At character 13, between “yr{2026} wk{” and “9}”: this is too small or too large" in wrong.content.decode()
    as_alice.post(address, sent | {f"number-{key}-text": "yr{2026} wk{2}"})
    row.refresh_from_db()
    assert row.period == "yr{2026} wk{2}"
    anew = form_of(as_alice.post(address, sent | {"do": f"anew:{key}", "open": key})).numbers[0].period
    assert not anew.advanced


def test_the_page_says_what_is_kept_and_whose_a_number_is(as_alice, address, line, easycall):
    ExtensionFactory(customer=easycall, number="202", name="Bob", line=LineFactory(customer=easycall))
    ForwardNumberFactory(line=line, position=1, number="202", period="wd{mo-fr} hr{8-16}")
    ForwardNumberFactory(line=line, position=2, number="442079460000")
    page = as_alice.get(address).content.decode()
    assert "Monday to Friday, 08:00 until 17:00" in page
    assert "America/New_York" in page
    assert "202 Bob" in page
    assert 'value="+44 20 7946 0000"' in page


def test_a_refusal_stands_at_its_row(as_alice, address, line):
    sent = rows("new1", "new2") | {"number-new2-number": "12125550201", "version": "1"}
    form = form_of(as_alice.post(address, sent))
    assert "a number of the line itself" in str(form.numbers[1].errors["number"])
    assert not form.numbers[0].errors


def test_simple_and_address(as_alice, address, line):
    missing = form_of(as_alice.post(address, {"forwarding": "simple", "version": "1"}))
    assert "Enter where calls shall go" in str(missing.errors["to"])
    as_alice.post(address, {"forwarding": "simple", "to": "+1 212 555 0102", "version": "1"})
    assert 'value="+1 212-555-0102"' in as_alice.get(address).content.decode()
    inside = {"forwarding": "sip_uri", "uri": "sip:x@192.168.1.1", "version": "2"}
    assert "private network" in str(form_of(as_alice.post(address, inside)).errors["uri"])
    as_alice.post(address, inside | {"uri": "sip:desk@pbx.example.com", "transport": "tcp"})
    values = FeatureSetting.objects.get(line=line).values
    assert (values["to"], values["uri"], values["transport"]) == ("12125550102", "sip:desk@pbx.example.com", "tcp")


def test_advanced_keeps_its_proxy(as_alice, address, line):
    proxy = SipProxyFactory()
    sent = rows("new1", proxy=str(proxy.pk), keep_cld="on", transport="tcp") | {
        "forwarding": "advanced",
        "version": "1",
    }
    as_alice.post(address, sent)
    row = line.forward_numbers.get()
    assert (row.proxy, row.keep_cld, row.transport) == (proxy, True, "tcp")
    assert "valid choice" in str(form_of(as_alice.post(address, sent | {"number-new1-proxy": "0"})).numbers[0].errors)


def test_a_number_abroad_asks_for_the_users_own_password(as_alice, address, line):
    sent = rows("new1", number="+44 20 7946 0000") | {"version": "1"}
    asked = as_alice.post(address, sent)
    assert "it is abroad" in str(form_of(asked).errors["password"])
    assert 'type="password"' in asked.content.decode()
    assert 'type="password"' not in as_alice.get(address).content.decode()
    assert "This is not your password." in str(form_of(as_alice.post(address, sent | {"password": "x"})).errors)
    assert as_alice.post(address, sent | {"password": PASSWORD}).status_code == 302
    assert line.forward_numbers.get().number == "442079460000"
    assert OutgoingMail.objects.get().to == ["alice@example.com"]


def test_guessing_the_password_ends_after_five(as_alice, address, line):
    sent = rows("new1", number="+44 20 7946 0000") | {"version": "1"}
    for _guess in range(5):
        assert "not your password" in str(form_of(as_alice.post(address, sent | {"password": "x"})).errors)
    assert "tried too often" in str(form_of(as_alice.post(address, sent | {"password": PASSWORD})).errors)
    assert not line.forward_numbers.exists()


def test_a_row_of_another_line_is_not_taken_over(as_alice, address, line, lotus):
    foreign = ForwardNumberFactory(line=LineFactory(customer=lotus), position=1, number="12065550100")
    as_alice.post(address, rows(str(foreign.pk)) | {"version": "1"})
    foreign.refresh_from_db()
    assert foreign.number == "12065550100"
    assert line.forward_numbers.get().pk != foreign.pk


def test_more_rows_ask_no_more_questions(as_alice, address, line, django_assert_max_num_queries):
    for position in (1, 2, 3):
        ForwardNumberFactory(line=line, position=position)
    with django_assert_max_num_queries(24):
        as_alice.get(address)


def test_who_may_what(as_bob, as_charlie, client, address, line):
    page = as_bob.get(address).content.decode()
    assert "Add New Number" not in page
    sent = rows("new1") | {"version": "1"}
    assert as_bob.post(address, sent).status_code == 403
    assert as_bob.post(address, sent | {"do": "add"}).status_code == 403
    for act in ({}, {"do": "add"}):
        assert as_charlie.post(address, sent | act).status_code == 404
    assert as_charlie.get(address).status_code == 404
    assert client.get(address).status_code == 302
    assert not line.forward_numbers.exists()


def test_what_the_telephone_company_locks(as_alice, address, line, easycall):
    FeatureSetting.objects.create(customer=easycall, name="forwarding", locked=True)
    assert "Your telephone company keeps this setting." in as_alice.get(address).content.decode()
    answer = as_alice.post(address, rows("new1") | {"version": "1"})
    assert "Your telephone company keeps this setting." in str(form_of(answer).errors)
