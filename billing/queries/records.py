"""The Transaction Detail Record: what a row of the ledger is in a file, the same in each download and report."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    Func,
    IntegerField,
    JSONField,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from billing.models import Invoice, Service, Xdr
from billing.queries.calls import with_direction
from billing.queries.invoices import OF_PERIODS
from centrex.models import CallRecording
from centrex.queries.names import names_of
from selfcare.export import second_of
from selfcare.models import Customer

# A payment settles invoices; it stands on none.
ON_NO_INVOICE = (Service.PAYMENTS, Service.REFUNDS)


def record_columns(
    rows: QuerySet[Xdr], customer: Customer, zone: ZoneInfo, text: Callable[[str], Any]
) -> tuple[QuerySet[Xdr], dict[str, Any]]:
    """The rows with what a record needs besides, and its columns by their stable heads; `text` makes text safe.

    Times are local in `zone`, which has a column of its own, and have their offset if PostgreSQL writes them; amounts
    have 5 decimals, numbers are E.164 without plus. `direction` is that of calls only.
    """
    rows = with_direction(rows, customer).annotate(cli_name=_name_of_caller(customer))
    columns = {
        "xdr_id": F("id"),
        "service": text("service__name"),
        "account_id": text("line__account_id"),
        "direction": Case(When(service_id=Service.CALLS, then=F("direction")), default=Value("")),
        "cli": text("cli"),
        "cli_name": text("cli_name"),
        "cld": text("cld"),
        "country": text("country"),
        "area": text("destination"),
        "description": text("description"),
        "connect_time": second_of("started_at"),
        "disconnect_time": second_of("ended_at"),
        "timezone": Value(str(zone), output_field=TextField()),
        "charged_quantity": F("charged_quantity"),
        "unit": text("service__unit"),
        "charged_amount": F("amount"),
        "currency": Value(customer.currency, output_field=TextField()),
        "discount_amount": F("discount"),
        "tax_amount": F("tax"),
        "disconnect_cause": text("cause"),
        "failed": Cast("failed", IntegerField()),
        "recording_id": _recording(customer),
        "call_id": text("call_id"),
        "site": text("line__site__name"),
        "invoice_number": _invoice_number(customer),
    }
    return rows, columns


def _name_of_caller(customer: Customer) -> Coalesce:
    """The colleague, line or huntgroup that the caller's number is, else nothing.

    The names go along with the query: looked up row by row, they would take most of a long file's time.
    """
    names = json.dumps({number: str(known) for number, known in names_of(customer, None).items()})
    found = _looked_up(Cast(Value(names), JSONField()), "cli")
    return Coalesce(found, Value(""), output_field=TextField())


def _recording(customer: Customer) -> Cast:
    """The call's recording. All of them are gathered once, by the query itself, for the same reason."""
    made = CallRecording.for_customer(customer).exclude(call_id="").order_by()
    gathered = Func(F("call_id"), F("pk"), function="JSONB_OBJECT_AGG", output_field=JSONField())
    return Cast(_looked_up(Subquery(made.values_list(gathered)), "call_id"), BigIntegerField())


def _looked_up(known: Any, column: str) -> Func:
    """What the JSON object `known` has under the text in `column`; nothing where it has none."""
    return Func(known, F(column), template="(%(expressions)s)", arg_joiner=" ->> ", output_field=TextField())


def _invoice_number(customer: Customer) -> Case:
    """The number of the invoice of the row's time; what is booked later into that time is on a later one."""
    periods = Invoice.for_customer(customer).filter(OF_PERIODS).order_by("-period_start")
    whens = [
        When(started_at__gte=start, started_at__lt=end, then=Value(number))
        for number, start, end in periods.values_list("number", "period_start", "period_end")
    ]
    paid = When(service_id__in=ON_NO_INVOICE, then=Value(""))
    return Case(paid, *whens, default=Value(""), output_field=TextField())
