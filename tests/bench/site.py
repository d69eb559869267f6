"""The portal's addresses and three more that it is measured against; all go through the portal's middleware."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path
from django.utils import timezone

from billing.models import Xdr
from billing.queries.xdrs import Wanted, transactions
from tests.bench.data import NOW, SPAN


@login_not_required
def hello(request: HttpRequest) -> HttpResponse:
    """The least that a page can do."""
    return HttpResponse("hello")


def last_call(request: HttpRequest) -> HttpResponse:
    """A signed-in user's page with one question to the ledger."""
    rows = Xdr.for_customer(request.customer).between(NOW - SPAN, NOW).order_by("-started_at", "-id")[:1]
    return HttpResponse("".join(row.cld for row in rows))


class Echo:
    """What Django's documentation has a csv.writer write to."""

    def write(self, line: str) -> str:
        return line


def row_by_row(request: HttpRequest) -> StreamingHttpResponse:
    """The download of Transactions as Django's documentation streams a large CSV file; `rows` of them."""
    rows = transactions(request.customer, Wanted(start=NOW - SPAN, end=NOW, failed=True))
    writer = csv.writer(Echo())
    some = rows[: int(request.GET["rows"])].iterator(2000)
    return StreamingHttpResponse((writer.writerow(cells(row)) for row in some), content_type="text/csv")


def cells(row: Xdr) -> list[Any]:
    """What `record_columns` has. What takes a look-up besides is left empty, which is in favour of the rows."""
    line = row.line.account_id if row.line else ""
    texts = (row.service.name, line, "out", row.cli, "", row.cld, row.country, row.destination, row.description)
    moments = (timezone.localtime(row.started_at), timezone.localtime(row.ended_at) if row.ended_at else "")
    numbers = (row.charged_quantity, row.service.unit, row.amount, "EUR", row.discount, row.tax)
    return [row.id, *texts, *moments, "Europe/Berlin", *numbers, row.cause, int(row.failed), "", row.call_id, "", ""]


urlpatterns = [
    path("bench/hello/", hello),
    path("bench/last-call/", last_call),
    path("bench/row-by-row/", row_by_row),
    path("", include("selfcare.urls")),
]
