"""Call Logs: who called whom in words, the filter, the downloads, one call, and recordings that go for good."""

import csv
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from billing.models import Service, Xdr
from billing.operations.ledger import LedgerRow, post_rows
from centrex.models import CallRecording, CompanySettings
from selfcare.crud import downloads
from selfcare.models import AuditEvent, CustomerClass
from tests.factories import (
    BlockedCallerFactory,
    CallRecordingFactory,
    CustomerFactory,
    DidFactory,
    ExtensionFactory,
    HuntgroupFactory,
    LineFactory,
    UserFactory,
)
from tests.people import signed_in

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
PAGE = "/centrex/calls/"
DELETE = "/centrex/recordings/delete/"
LONDON, BERLIN = "442079460000", "493023125010"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def anna(easycall):
    """Extension 201 on a line of her own."""
    line = LineFactory(customer=easycall, account_id="12125550100", name="Anna's desk")
    return ExtensionFactory(customer=easycall, number="201", name="Anna", line=line)


def post(customer, name, *, at=NOW - timedelta(hours=1), service=Service.CALLS, seconds=61, **more) -> None:
    values = {"cli": LONDON, "cld": "12125550100", "description": Xdr.INCOMING, "call_id": name, **more}
    row = LedgerRow(
        customer_id=customer.pk, service_id=service, started_at=at, ended_at=at + timedelta(seconds=seconds),
        amount=Decimal("0.12345"), quantity=Decimal(seconds), external_id=f"test:{customer.pk}-{name}", **values,
    )  # fmt: skip
    post_rows([row], now=NOW)


def plain(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    body = answer.content.decode()
    body = body[body.index("<main") : body.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<form class=\"menu\".*?</form>", "", body, flags=re.S)))


def listed(answer) -> list[str]:
    """The rows of the log, each in words."""
    body = answer.content.decode()
    rows = re.findall(r"<tr>(.*?)</tr>", body[body.index("<tbody") : body.index("</tbody")], re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]


def shown(client, query: str = "") -> int:
    answer = client.get(f"{PAGE}?{query}")
    return len(listed(answer)) if b"<tbody" in answer.content else 0


def test_each_call_says_who_called_whom(easycall, anna, as_alice):
    HuntgroupFactory(customer=easycall, number="88", name="Sales")
    DidFactory(customer=easycall, number="442071111111", line=anna.line)
    post(easycall, "in", at=NOW - timedelta(hours=1), line_id=anna.line_id)
    post(
        easycall,
        "out",
        at=NOW - timedelta(hours=2),
        cli="12125550100",
        cld=BERLIN,
        description="",
        line_id=anna.line_id,
    )
    post(easycall, "in2", at=NOW - timedelta(hours=3), cld="442071111111")
    post(easycall, "inside", at=NOW - timedelta(hours=4), cli="201", cld="88", description="", failed=True, seconds=0)
    post(easycall, "no", at=NOW - timedelta(hours=5), cli="12125550100", cld=BERLIN, description="", failed=True)
    post(easycall, "hid", at=NOW - timedelta(hours=6), cli="anonymous", failed=True)
    rows = listed(as_alice.get(PAGE))
    assert "+1 212-555-0100 Incoming +44 20 7946 0000 201 Anna +1 212-555-0100 1:01" in rows[0]
    assert "Outgoing 201 Anna +1 212-555-0100 +49 30 23125010 1:01" in rows[1]
    assert "Incoming +44 20 7946 0000 201 Anna +44 20 7111 1111 1:01" in rows[2]
    assert "Internal 201 Anna 88 Sales Missed" in rows[3]
    assert "Outgoing 201 Anna +1 212-555-0100 +49 30 23125010 No answer" in rows[4]
    assert "Incoming Hidden number 201 Anna +1 212-555-0100 Missed" in rows[5]
    assert f'href="/centrex/lines/{anna.line_id}/"' in as_alice.get(PAGE).content.decode()


def test_only_calls_and_only_ones_own(easycall, lotus, as_alice):
    post(easycall, "call")
    post(easycall, "sms", service=Service.MESSAGES)
    post(lotus, "foreign", cli="33170185154")
    answer = as_alice.get(PAGE)
    assert len(listed(answer)) == 1
    assert "33 1 70" not in plain(answer)


def test_without_a_question_it_shows_31_days(easycall, as_alice):
    """New York's 15 November and the 30 days before begin on 16 October at 04:00 UTC."""
    first = datetime(2026, 10, 16, 4, tzinfo=UTC)
    post(easycall, "first", at=first)
    post(easycall, "before", at=first - timedelta(seconds=1))
    answer = as_alice.get(PAGE)
    assert len(listed(answer)) == 1
    assert "1 – 1 of 1" in plain(answer)
    assert shown(as_alice, "from_date=2026-10-01") == 2
    assert shown(as_alice, "from_date=2026-10-01&till_date=2026-10-15") == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("442079460000", True), ("%2B44 20 7946 0000", True), ("%2B44 (0)20 7946-0000", True), ("020 7946 00", True),
        ("0044 20 7946", True), ("011 44 20 7946 0000", True), ("7946", True), ("5550100", True),
        ("(212) 555-0100", True), ("7947", False), ("44207946000011", False), ("201", True), ("202", False),
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_typed(easycall, anna, as_alice, typed, found):
    post(easycall, "1")
    assert shown(as_alice, f"number={typed}") == int(found)


def test_line_recorded_and_missed_narrow_it(easycall, anna, as_alice):
    other = LineFactory(customer=easycall)
    post(easycall, "1", line_id=anna.line_id)
    post(easycall, "2", line_id=other.pk, failed=True)
    post(easycall, "3", cli="201", cld=other.account_id, description="", failed=True)
    post(easycall, "4", cli="12125550100", cld=BERLIN, description="", failed=True)
    CallRecordingFactory(customer=easycall, call_id="1", started_at=NOW)
    for query, count in {
        "": 4, "line=201": 1, f"line={other.account_id}": 1, "missed=on": 2, "recorded=on": 1,
        "recorded=on&missed=on": 0, "line=%2B1 (212) 555-0100": 0, "line=%2B1 212 555 0100": 1,
    }.items():  # fmt: skip
        assert shown(as_alice, query) == count, query


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from_date=soon", "Enter a date and time such as"),
        ("from_date=2026-11-02&till_date=2026-11-01", "This is before the beginning."),
        ("line=999", "No line of yours"),
        ("number=x", "at least two digits"),
        ("number=55&from_date=2020-01-01", "Search at most 13 months at a time."),
        ("missed=on&from_date=2020-01-01", "Search at most 13 months at a time."),
    ],
)
def test_a_wrong_filter_is_told_at_its_field(easycall, as_alice, query, words):
    post(easycall, "1")
    answer = as_alice.get(f"{PAGE}?{query}")
    assert words in plain(answer)
    assert b"<tbody" not in answer.content


def test_a_line_of_somebody_else_is_not_found(lotus, as_alice):
    foreign = LineFactory(customer=lotus)
    assert "No line of yours" in plain(as_alice.get(f"{PAGE}?line={foreign.account_id}"))


def test_an_empty_log_says_what_comes_here(as_alice):
    assert "no calls in the last 31 days" in plain(as_alice.get(PAGE))
    assert "Nothing matches this filter." in plain(as_alice.get(f"{PAGE}?missed=on"))


def test_pages_go_by_key_and_never_count_or_skip(easycall, as_alice):
    for n in range(60):
        post(easycall, f"{n}", at=NOW - timedelta(minutes=n + 1), cli=f"4420794600{n:02}")
    with CaptureQueriesContext(connection) as asked:
        first = as_alice.get(f"{PAGE}?per_page=25&number=7946")
    ledger = [query["sql"] for query in asked if '"billing_xdr"' in query["sql"]]
    assert len(ledger) == 1
    assert not [sql for sql in ledger if "COUNT(" in sql or "OFFSET" in sql]
    assert f'"billing_xdr"."customer_id" = {easycall.pk}' in ledger[0]
    assert '"billing_xdr"."started_at" >=' in ledger[0]
    assert '"billing_xdr"."started_at" <' in ledger[0]
    assert "1 – 25" in plain(first)
    assert " of 60" not in plain(first)
    seen = listed(first)
    answer = first
    for _page in range(2):
        following = re.search(r'href="\?([^"]*cursor=[^"]*)"[^>]*title="Next page"', answer.content.decode())
        answer = as_alice.get(f"{PAGE}?{following[1].replace('&amp;', '&')}")
        seen += listed(answer)
    assert len(seen) == len(set(seen)) == 60
    assert "51 – 60 of 60" in plain(answer)
    assert 'title="Last page"' not in first.content.decode()
    with CaptureQueriesContext(connection) as asked:
        whole = as_alice.get(f"{PAGE}?per_page=25")
    assert "1 – 25 of 60" in plain(whole)
    assert 'title="Last page"' in whole.content.decode()
    assert not [query for query in asked if '"billing_xdr"' in query["sql"] and "OFFSET" in query["sql"]]


def test_the_oldest_first(easycall, as_alice):
    for n in range(3):
        post(easycall, f"{n}", at=NOW - timedelta(hours=n + 1), cli=f"44207946000{n}")
    numbers = [re.search(r"7946 000(\d)", row)[1] for row in listed(as_alice.get(f"{PAGE}?sort=started_at"))]
    assert numbers == ["2", "1", "0"]
    assert [re.search(r"7946 000(\d)", row)[1] for row in listed(as_alice.get(f"{PAGE}?sort=cli"))] == ["0", "1", "2"]


def test_it_costs_the_same_with_one_and_three_calls(easycall, anna, as_alice):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            as_alice.get(PAGE)
        return len(asked)

    def add(n: int) -> None:
        caller = BlockedCallerFactory(customer=easycall)
        post(easycall, f"{n}", cli=caller.number, line_id=anna.line_id)
        CallRecordingFactory(customer=easycall, call_id=f"{n}", status="ready", file="x.wav")

    add(1)
    queries()
    one = queries()
    for n in (2, 3):
        add(n)
    assert queries() == one


def test_it_says_whether_recording_is_on(easycall, as_alice):
    assert "Call recording is off" in plain(as_alice.get(PAGE))
    CompanySettings.for_customer(easycall).update(call_recording=True)
    assert "Call recording is on" in plain(as_alice.get(PAGE))


def test_a_player_only_when_there_is_something_to_hear(easycall, as_alice, as_bob):
    states = {"ready": "x.wav", "converting": "", "failed": "", "lost": ""}
    for n, (status, file) in enumerate(states.items()):
        post(easycall, status, at=NOW - timedelta(hours=n + 1))
        real = "ready" if status == "lost" else status
        CallRecordingFactory(customer=easycall, call_id=status, status=real, file=file)
    answer = as_alice.get(PAGE)
    ready = CallRecording.objects.get(call_id="ready")
    assert answer.content.decode().count("<audio") == 1
    assert f'src="/centrex/recordings/{ready.pk}/"' in answer.content.decode()
    rows = listed(answer)
    assert [("Being prepared" in row, "Failed" in row) for row in rows] == [
        (False, False), (True, False), (False, True), (False, True),
    ]  # fmt: skip
    assert answer.content.decode().count('name="recording"') == 3  # one that is coming cannot be deleted
    assert 'name="recording" ' not in as_bob.get(PAGE).content.decode()
    assert "Delete the ticked" not in plain(as_bob.get(PAGE))


@pytest.mark.django_db(transaction=True)
def test_the_csv_has_every_call_of_the_filter(easycall, anna, as_alice):
    CallRecordingFactory(customer=easycall, call_id="2")
    HuntgroupFactory(customer=easycall, number="88", name="=Sales")
    post(easycall, "1", at=NOW - timedelta(hours=1), line_id=anna.line_id)
    post(easycall, "2", at=NOW - timedelta(hours=2), cli="201", cld="88", description="", failed=True, cause="Busy")
    post(easycall, "3", cli="+1", at=NOW - timedelta(days=200))
    rows = csv_rows(as_alice.get(f"{PAGE}?format=csv"))
    assert [row["call_id"] for row in rows] == ["1", "2"]
    first, second = rows
    assert (first["direction"], first["cli"], first["cli_name"], first["cld_name"]) == ("in", LONDON, "", "201 Anna")
    assert (first["account_id"], first["duration"], first["recorded"]) == ("12125550100", "61.000", "0")
    assert (first["connect_time"], first["timezone"]) == ("2026-11-15 06:00:00-05", "America/New_York")
    assert (first["charged_amount"], first["currency"]) == ("0.12345", "USD")
    assert (second["direction"], second["failed"], second["recorded"]) == ("internal", "1", "1")
    assert (second["cli_name"], second["cld_name"]) == ("201 Anna", "88 =Sales")
    assert [row["call_id"] for row in csv_rows(as_alice.get(f"{PAGE}?format=csv&missed=on"))] == ["2"]
    manager = signed_in(UserFactory(customer=easycall, role="centrex_manager"))
    assert "charged_amount" not in csv_rows(manager.get(f"{PAGE}?format=csv"))[0]


def csv_rows(answer) -> list[dict[str, str]]:
    body = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(StringIO(body.removeprefix("\ufeff"), newline="")))


def test_the_workbook_has_the_same_up_to_what_one_can_open(easycall, anna, as_alice, monkeypatch):
    for n in range(3):
        post(easycall, f"{n}", at=NOW - timedelta(hours=n + 1))
    sheet = load_workbook(BytesIO(as_alice.get(f"{PAGE}?format=xlsx").content)).active
    heads, first, *_rest = sheet.iter_rows(values_only=True)
    row = dict(zip(heads, first, strict=True))
    assert sheet.max_row == 4
    assert (row["cli"], row["cld_name"], row["duration"]) == (LONDON, "201 Anna", 61)
    monkeypatch.setattr(downloads, "MOST_IN_XLSX", 2)
    answer = as_alice.get(f"{PAGE}?format=xlsx&number=79", follow=True)
    assert "has room for 2 rows here. The CSV file has them all." in plain(answer)
    assert answer.redirect_chain[0][0] == f"{PAGE}?number=79"


def details(row: Xdr) -> str:
    return f"{PAGE}{row.pk}/{row.started_at:%Y-%m-%d}/"


def test_one_call_tells_all(easycall, anna, as_alice):
    post(easycall, "1", line_id=anna.line_id, cause="NORMAL_CLEARING", destination="New York", country="US")
    CallRecordingFactory(customer=easycall, call_id="1", status="ready", file="x.wav")
    page = plain(as_alice.get(details(Xdr.objects.get())))
    for words in (
        "Incoming", "+44 20 7946 0000", "201 Anna · +1 212-555-0100", "Connected 11/15/2026 06:00",
        "Disconnected 11/15/2026 06:01", "Duration 1:01", "NORMAL_CLEARING", "New York (US)", "Charge 0.12345 USD",
        "Block this caller", "Delete the recording",
    ):  # fmt: skip
        assert words in page, words
    manager = signed_in(UserFactory(customer=easycall, role="centrex_manager"))
    assert "Charge" not in plain(manager.get(details(Xdr.objects.get())))


def test_another_service_has_no_call_page(easycall, as_alice):
    post(easycall, "1", service=Service.MESSAGES)
    assert as_alice.get(details(Xdr.objects.get())).status_code == 404


def test_a_page_that_the_telephone_company_hides_takes_the_recordings_with_it(easycall, as_alice):
    post(easycall, "1")
    recording = CallRecordingFactory(customer=easycall, call_id="1", status="ready", file="x.wav")
    assert "<audio" in as_alice.get("/").content.decode()
    easycall.customer_class = CustomerClass.objects.create(name="x", hidden_pages=["centrex:calls"])
    easycall.save()
    for address in (
        PAGE,
        details(Xdr.objects.get()),
        f"/centrex/recordings/{recording.pk}/",
        "/centrex/calls/blocked/",
    ):
        assert as_alice.get(address).status_code == 404, address
    assert "<audio" not in as_alice.get("/").content.decode()
    transaction = details(Xdr.objects.get()).replace("/centrex/calls/", "/billing/transactions/")
    assert "<audio" not in as_alice.get(transaction).content.decode()


def test_a_billing_manager_is_offered_no_player_that_he_may_not_use(easycall, as_alice):
    post(easycall, "1")
    CallRecordingFactory(customer=easycall, call_id="1", status="ready", file="x.wav")
    manager = signed_in(UserFactory(customer=easycall, role="billing_manager"))
    transaction = details(Xdr.objects.get()).replace("/centrex/calls/", "/billing/transactions/")
    for address in ("/", transaction):
        assert "<audio" in as_alice.get(address).content.decode()
        page = manager.get(address)
        assert page.status_code == 200
        assert "<audio" not in page.content.decode()
    assert manager.get(PAGE).status_code == 403


@pytest.fixture
def recording(easycall, settings, tmp_path) -> CallRecording:
    settings.MEDIA_ROOT = tmp_path
    found = CallRecordingFactory.build(customer=easycall, line=None, call_id="1", status="ready")
    found.file.save("x.wav", ContentFile(b"sound"))
    return found


def test_recordings_are_named_once_more_and_then_go_for_good(
    easycall, as_alice, recording, django_capture_on_commit_callbacks
):
    other = CallRecordingFactory(customer=easycall, status="failed")
    chosen = f"recording={recording.pk}&recording={other.pk}"
    asks = plain(as_alice.get(f"{DELETE}?{chosen}"))
    assert "Delete these 2 recordings? Nobody can listen to them any more, and nobody can bring them back" in asks
    assert CallRecording.objects.count() == 2
    storage, name = recording.file.storage, recording.file.name
    with django_capture_on_commit_callbacks() as later:
        answer = as_alice.post(DELETE, {"recording": [recording.pk, other.pk]}, follow=True)
    assert storage.exists(name)  # not before it is certain
    for act in later:
        act()
    assert not storage.exists(name)
    assert "2 recordings were deleted." in plain(answer)
    assert not CallRecording.objects.exists()
    assert set(AuditEvent.objects.values_list("action", "record_type")) == {("delete", "centrex.callrecording")}
    assert AuditEvent.objects.count() == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_odd_and_foreign_recordings_are_not_there(easycall, lotus, as_alice, as_charlie, recording, method):
    foreign = CallRecordingFactory(customer=lotus)
    for chosen in ([recording.pk, foreign.pk], ["x"], ["9" * 30], ["²"], [-1]):
        assert getattr(as_alice, method)(DELETE, {"recording": chosen}).status_code == 404
    assert getattr(as_charlie, method)(DELETE, {"recording": recording.pk}).status_code == 404
    assert CallRecording.objects.count() == 2


def test_nothing_chosen_says_so(as_alice):
    assert "Tick the recordings" in plain(as_alice.get(DELETE, follow=True))


def test_one_that_is_being_prepared_is_refused(easycall, as_alice):
    coming = CallRecordingFactory(customer=easycall)
    assert "still being prepared" in plain(as_alice.post(DELETE, {"recording": coming.pk}, follow=True))
    assert CallRecording.objects.exists()


def test_who_may_only_read_deletes_nothing(as_bob, recording):
    assert as_bob.get(f"{DELETE}?recording={recording.pk}").status_code == 403
    assert as_bob.post(DELETE, {"recording": recording.pk}).status_code == 403
    assert CallRecording.objects.exists()


def test_a_branch_office_sees_its_own_calls(easycall, anna):
    branch = CustomerFactory(main_office=easycall)
    line = LineFactory(customer=branch, account_id=BERLIN)
    ExtensionFactory(customer=easycall, branch_office=branch, number="301", name="Berta", line=line)
    post(branch, "1", cld=BERLIN, line_id=line.pk)
    post(easycall, "2")
    rows = listed(signed_in(UserFactory(customer=branch)).get(PAGE))
    assert len(rows) == 1
    assert "301 Berta" in rows[0]
