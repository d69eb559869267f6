"""Everything about money that has not ended: what hangs, since when, and when it is looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    F,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import AutoCharge, Difference, MethodSetup, Payment, Refund, WebhookEvent, XdrReport
from selfcare.models import Customer, OutgoingMail

NOT_AT_ONCE = timedelta(minutes=2)  # what is younger is under way as it should be


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what may hang: its rows, and which of their fields say what the list shows.

    `ask` and `give_up` are the names of the acts in the administration, empty where there is none.
    """

    name: str
    words: Promise
    model: type[Model]
    rows: Q
    since: str
    state: str
    next: str
    error: str
    customer: str
    ask: str = ""
    give_up: str = ""


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """One thing that has not ended; `overdue` when its next look has passed, or nobody will look any more."""

    kind: Kind
    pk: str
    customer: Customer | None
    state: str
    since: datetime
    next_at: datetime | None
    error: str
    overdue: bool


KINDS: tuple[Kind, ...] = (
    Kind(
        name="payment",
        words=_("Payment"),
        model=Payment,
        rows=Q(state__in=["created", "pending", "requires_action", "unknown"]),
        since="created_at",
        state="state",
        next="next_check_at",
        error="failure",
        customer="customer_id",
        ask="billing_payment_ask",
        give_up="billing_payment_give_up",
    ),
    Kind(
        name="refund",
        words=_("Refund"),
        model=Refund,
        rows=Q(state__in=["waiting", "created", "unknown", "pending"]),
        since="created_at",
        state="state",
        next="next_check_at",
        error="failure",
        customer="payment__customer_id",
        ask="billing_refund_ask",
        give_up="billing_refund_give_up",
    ),
    Kind(
        name="setup",
        words=_("Storing of a payment method"),
        model=MethodSetup,
        rows=Q(state__in=["created", "open", "processing"]),
        since="created_at",
        state="state",
        next="next_check_at",
        error="failure",
        customer="customer_id",
        ask="billing_methodsetup_ask",
        give_up="billing_methodsetup_give_up",
    ),
    Kind(
        name="auto_charge",
        words=_("Automatic payment"),
        model=AutoCharge,
        rows=Q(state__in=["due", "waiting"]),
        since="created_at",
        state="state",
        next="next_try_at",
        error="failure",
        customer="customer_id",
    ),
    Kind(
        name="event",
        words=_("Message of the provider"),
        model=WebhookEvent,
        rows=Q(processed_at=None),
        since="received_at",
        state="type",
        next="",
        error="error",
        customer="",
        ask="billing_webhookevent_ask",
        give_up="billing_webhookevent_give_up",
    ),
    Kind(
        name="difference",
        words=_("Difference"),
        model=Difference,
        rows=Q(cleared_at=None),
        since="found_at",
        state="kind",
        next="",
        error="",
        customer="payment__customer_id",
        give_up="billing_difference_clear",
    ),
    Kind(
        name="report",
        words=_("Report"),
        model=XdrReport,
        rows=Q(state__in=XdrReport.OPEN),
        since="requested_at",
        state="state",
        next="",
        error="",
        customer="customer_id",
        give_up="billing_xdrreport_give_up",
    ),
    Kind(
        name="mail",
        words=_("Mail"),
        model=OutgoingMail,
        rows=Q(sent_at=None),
        since="created_at",
        state="",
        next="next_try_at",
        error="last_error",
        customer="customer_id",
        ask="selfcare_outgoingmail_again",
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}


def open_counts(*, now: datetime) -> dict[str, int]:
    """How many there are of each kind; what began a moment ago is not counted."""
    return {kind.name: _rows(kind, now).count() for kind in KINDS}


def open_ends(*, kind: str = "", now: datetime, offset: int, limit: int) -> list[OpenEnd]:
    """The oldest first; of one kind, or of all. Two queries, however many there are."""
    chosen = [BY_NAME[kind]] if kind else list(KINDS)
    parts = [_columns(each, _rows(each, now)) for each in chosen]
    rows: Any = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found = list(rows.order_by("began", "row_id")[offset : offset + limit])
    customers = Customer.objects.in_bulk({row["owner"] for row in found if row["owner"] is not None})
    return [_open_end(row, customers.get(row["owner"]), now) for row in found]


def _rows(kind: Kind, now: datetime) -> QuerySet[Any]:
    rows: QuerySet[Any] = kind.model._default_manager.filter(kind.rows)
    return rows.filter(**{f"{kind.since}__lt": now - NOT_AT_ONCE}).order_by()


def _columns(kind: Kind, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    nothing = Value("", output_field=TextField())
    return rows.values(
        kind_name=Value(kind.name, output_field=CharField()),
        row_id=Cast("pk", TextField()),
        owner=F(kind.customer) if kind.customer else Value(None, output_field=BigIntegerField()),
        standing=Cast(kind.state, TextField()) if kind.state else nothing,
        began=F(kind.since),
        next_look=F(kind.next) if kind.next else Value(None, output_field=DateTimeField()),
        trouble=Cast(kind.error, TextField()) if kind.error else nothing,
    )


def _open_end(row: dict[str, Any], customer: Customer | None, now: datetime) -> OpenEnd:
    kind = BY_NAME[row["kind_name"]]
    next_at = row["next_look"]
    return OpenEnd(
        kind=kind,
        pk=row["row_id"],
        customer=customer,
        state=_in_words(kind, row["standing"]),
        since=row["began"],
        next_at=next_at,
        error=row["trouble"],
        overdue=bool(kind.next) and (next_at is None or next_at < now - NOT_AT_ONCE),
    )


def _in_words(kind: Kind, value: str) -> str:
    if not kind.state:
        return ""
    choices = dict(kind.model._meta.get_field(kind.state).flatchoices)  # type: ignore[union-attr]
    return str(choices.get(value, value))
