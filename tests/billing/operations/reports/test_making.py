"""Making reports: what is in the files, and what happens when something goes wrong on the way."""

import csv
import errno
from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.db import OperationalError

from billing.models import Service, XdrReport
from billing.operations.reports import cancel_report, make_report, make_waiting, making, remove_old, retry_report
from billing.operations.reports.lease import DELAYS, LEASE, MOST_AT_ONCE, MOST_TRIES
from selfcare.models import OutgoingMail
from tests.billing.operations.reports.made import NOW, book, bytes_of, call, clock, files_on_disk, made, pages_of
from tests.factories import ExtensionFactory, LineFactory, XdrReportFactory
from tests.people import signed_in

State, Reason = XdrReport.State, XdrReport.Reason
# COPY reads by a connection of its own, which sees what is committed only.
pytestmark = pytest.mark.django_db(transaction=True)


def rows_in(report) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(bytes_of(report, "csv").decode().removeprefix("\ufeff"), newline="")))


def at(now):
    """A clock that stands."""
    return now


def failing(monkeypatch, trouble) -> None:
    def fail(*_args, **_more):
        raise trouble

    monkeypatch.setattr(making, "write_pdf", fail)


def test_both_files_have_every_row_once(easycall):
    line = LineFactory(customer=easycall, account_id="12125550101", name="Reception")
    ExtensionFactory(customer=easycall, line=line, number="201")
    book(*(call(easycall, n, line=line) for n in range(3)), call(easycall, "fee", amount="-1.5", cli="", cld=""))
    report = made(easycall)
    assert (report.state, report.rows, report.percent) == (State.DONE, 4, 100)
    assert [row["charged_amount"] for row in rows_in(report)].count("0.12345") == 3
    text = "\n".join(pages_of(report))
    assert text.count("+4930400400") == 3
    for words in ("Transaction report", "Summary", "Voice Calls", "12125550101 (Reception), extension 201",
                  "Charged to the customer", "3 transactions", "0.37035 USD", "-1.50000 USD", "Page 1 of"):  # fmt: skip
        assert words in text, words


def test_the_csv_is_the_download_of_transactions_byte_by_byte(easycall, alice, charlie):
    book(call(easycall, 1), call(easycall, 2, description="=SUM(A1)", cli="+1", failed=True), call(charlie.customer, 3))
    answer = signed_in(alice).get(
        "/billing/transactions/?format=csv&failed=on&from_date=2026-03-01&till_date=2026-03-31"
    )
    report = made(easycall, time_zone=str(alice.zone), failed_too=True)
    assert bytes_of(report, "csv") == b"".join(answer.streaming_content)
    assert [row["description"] for row in rows_in(report)] == ["", "'=SUM(A1)"]


def test_without_the_byte_order_mark_the_file_begins_with_its_head(easycall):
    assert bytes_of(made(easycall, byte_order_mark=False), "csv").startswith(b"xdr_id,")
    assert bytes_of(made(easycall), "csv").startswith(b"\xef\xbb\xbfxdr_id,")


def test_a_report_of_one_line_and_of_some_services_has_nothing_else(easycall):
    line = LineFactory(customer=easycall)
    book(call(easycall, 1, line=line), call(easycall, 2), call(easycall, 3, line=line, service_id=Service.MESSAGES))
    of_line = made(easycall, whose="line", line=line, line_name=str(line))
    assert [row["account_id"] for row in rows_in(of_line)] == [line.account_id] * 2
    of_calls = made(easycall, services=[Service.CALLS])
    assert [row["service"] for row in rows_in(of_calls)] == ["Voice Calls"] * 2
    assert of_calls.rows == 2
    assert "Messages" not in "".join(pages_of(of_calls))


def test_a_line_that_was_deleted_meanwhile_does_not_become_all_lines(easycall):
    report = made(easycall, whose="line", line=None, line_name="201")
    assert (report.state, report.reason, files_on_disk()) == (State.FAILED, Reason.LINE_GONE, [])


def test_too_many_rows_for_a_pdf_are_a_csv_with_a_word_about_it(easycall, monkeypatch):
    monkeypatch.setattr(making, "MOST_IN_PDF", 1)
    book(call(easycall, 1), call(easycall, 2))
    report = made(easycall)
    assert (report.state, report.reason, report.pdf_file) == (State.DONE, Reason.NO_PDF, "")
    assert len(rows_in(report)) == 2
    assert made(easycall, wants_csv=False).state == State.FAILED


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_fails_at_once_and_leaves_nothing(easycall, monkeypatch, number):
    failing(monkeypatch, OSError(number, "full"))
    report = made(easycall)
    assert (report.state, report.reason, report.csv_file, files_on_disk()) == (State.FAILED, Reason.DISK_FULL, "", [])


def test_other_trouble_is_tried_again_later_and_given_up_in_the_end(easycall, monkeypatch):
    failing(monkeypatch, OperationalError("the database restarts"))
    report, now = XdrReportFactory(customer=easycall), NOW
    for turn in range(1, MOST_TRIES + 1):
        assert make_report(report_id=report.pk, clock=partial(at, now))
        assert not make_report(report_id=report.pk, clock=partial(at, now))
        report.refresh_from_db()
        assert report.tries == turn
        if turn < MOST_TRIES:
            assert (report.state, report.not_before) == (State.WAITING, now + DELAYS[turn - 1])
            now = report.not_before
    assert (report.state, report.reason, files_on_disk()) == (State.FAILED, Reason.GAVE_UP, [])


def test_a_report_that_failed_can_be_made_again(easycall, alice, monkeypatch):
    book(call(easycall, 1))
    with monkeypatch.context() as patch:
        failing(patch, OSError(errno.ENOSPC, "full"))
        report = made(easycall)
    retry_report(user=alice, report=report)
    assert make_waiting(clock=clock()) == 1
    report.refresh_from_db()
    assert (report.state, report.reason, len(rows_in(report))) == (State.DONE, "", 1)


def test_a_cancelled_report_stops_at_the_next_word_and_leaves_nothing(easycall, alice, monkeypatch):
    report = XdrReportFactory(customer=easycall)
    book(call(easycall, 1))
    real = making.write_pdf

    def cancelled_before(given, progress, *, now):
        cancel_report(user=alice, report=given, now=NOW)
        real(given, progress, now=now)

    monkeypatch.setattr(making, "write_pdf", cancelled_before)
    assert make_report(report_id=report.pk, clock=clock())
    report.refresh_from_db()
    assert (report.state, report.csv_file, files_on_disk()) == (State.CANCELLED, "", [])


def test_a_worker_who_was_taken_for_dead_writes_over_nobody(easycall, monkeypatch):
    book(call(easycall, 1))
    report = XdrReportFactory(customer=easycall)
    real = making.write_pdf

    def overtaken(given, progress, *, now):
        """While this one sleeps over his lease, another makes the report; then he goes on."""
        monkeypatch.setattr(making, "write_pdf", real)
        assert make_report(report_id=given.pk, clock=clock(NOW + LEASE))
        making.unfinished(given, "csv").write_bytes(b"late")
        making.unfinished(given, "pdf").write_bytes(b"late")

    monkeypatch.setattr(making, "write_pdf", overtaken)
    assert make_report(report_id=report.pk, clock=lambda: NOW)
    report.refresh_from_db()
    assert (report.state, report.turn, len(rows_in(report))) == (State.DONE, 2, 1)
    assert files_on_disk() == [f"{easycall.pk}/{report.pk}-2.csv", f"{easycall.pk}/{report.pk}-2.pdf"]


def test_one_customer_has_so_many_workers_at_a_time_and_no_more(easycall, lotus):
    for _other in range(MOST_AT_ONCE):
        XdrReportFactory(customer=easycall, state=State.RUNNING, taken_until=NOW + LEASE)
    mine, other = XdrReportFactory(customer=easycall), XdrReportFactory(customer=lotus)
    assert not make_report(report_id=mine.pk, clock=lambda: NOW)
    assert make_report(report_id=other.pk, clock=clock())


def test_whoever_asked_is_told_by_mail_if_he_wished(easycall, alice, monkeypatch):
    made(easycall, requested_by=alice)
    assert not OutgoingMail.objects.exists()
    made(easycall, requested_by=alice, tell_by_mail=True)
    mail = OutgoingMail.objects.get()
    assert mail.to == [alice.email]
    assert "ready" in mail.subject
    failing(monkeypatch, OSError(errno.ENOSPC, "full"))
    made(easycall, requested_by=alice, tell_by_mail=True)
    assert "disk" in OutgoingMail.objects.exclude(pk=mail.pk).get().body


def test_reports_go_after_13_months_with_their_files(easycall):
    report = made(easycall)
    assert report.kept_until.date().isoformat() == "2027-05-02"
    assert remove_old(now=report.kept_until - timedelta(seconds=1)) == 0
    assert len(files_on_disk()) == 2
    assert remove_old(now=report.kept_until) == 1
    assert not XdrReport.objects.exists()
    assert files_on_disk() == []


def test_a_cancelled_report_goes_as_well(easycall, alice):
    report = XdrReportFactory(customer=easycall)
    cancel_report(user=alice, report=report, now=NOW)
    report.refresh_from_db()
    assert remove_old(now=report.kept_until - timedelta(seconds=1)) == 0
    assert remove_old(now=report.kept_until) == 1


def test_long_words_and_other_alphabets_stay_in_their_columns(easycall):
    line = LineFactory(customer=easycall, name="Приёмная Łódź Ωμέγα")
    long = "Überlandgespräch nach " + "Wanne-Eickel " * 20
    book(call(easycall, 1, line=line, destination=long))
    text = "\n".join(pages_of(made(easycall)))
    assert "Приёмная Łódź Ωμέγα" in text
    assert "Überlandgespräch nach" in text
    assert "…" in text
    assert "Wanne-Eickel " * 5 not in text


def test_heads_are_repeated_and_every_page_knows_how_many_there_are(easycall):
    line = LineFactory(customer=easycall, account_id="12125550101", name="Reception")
    book(*(call(easycall, n, line=line, cld=f"49304{n:06}") for n in range(150)))
    pages = pages_of(made(easycall))
    assert len(pages) >= 3
    for number, page in enumerate(pages, 1):
        assert " ".join(page.split()).count(f"Page {number} of {len(pages)}") == 1
        assert "Date/Time" in page
    assert all("12125550101 (Reception) (continued)" in page for page in pages[1:])
    assert all("\n".join(pages).count(f"+49304{n:06}") == 1 for n in range(150))


def test_a_report_of_nothing_says_so(easycall):
    report = made(easycall)
    assert report.rows == 0
    assert "There were no transactions" in pages_of(report)[0]
