"""The demo's invoices that went wrong: one corrected by a credit note, one overdue, and the steps set for such."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from billing.models import DunningStep, Invoice
from billing.operations.credit_notes import credit_invoice
from billing.operations.dunning import remind_and_block
from selfcare.demo.people import People

NAMES = uuid.UUID("5e1fca2e-0000-4000-8000-000000000003")
GIVEN_BACK = Decimal("2.40")


def make_dunning(people: People, *, now: datetime) -> None:
    """EasyCall got a part of an invoice back; Berlin is reminded of its oldest open one."""
    DunningStep.objects.create(days=1, act=DunningStep.Act.REMIND, least=Decimal(5))
    DunningStep.objects.create(days=21, act=DunningStep.Act.RESTRICT, least=Decimal(10), fee=Decimal("2.50"))
    DunningStep.objects.create(days=45, act=DunningStep.Act.SUSPEND, least=Decimal(10))
    credit_note(people, now=now)
    remind_and_block(now=now)


def credit_note(people: People, *, now: datetime) -> None:
    """Some calls of the last but one invoice were counted twice."""
    valid = Invoice.for_customer(people.easycall).filter(voided_at=None).order_by("-period_start")
    invoice = valid[1]
    line = invoice.lines.order_by("position")[0]
    note = credit_invoice(
        invoice=invoice,
        amounts={line.pk: min(GIVEN_BACK, line.net)},
        reason="Calls of one evening were counted twice",
        staff=people.dora,
        made_as=uuid.uuid5(NAMES, "credit note"),
        now=now,
    )
    note.mailed_at = now
    note.save(update_fields=["mailed_at"])
