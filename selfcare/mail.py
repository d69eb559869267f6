"""The way out for every mail: a row in the outbox, written in the transaction that causes the mail."""

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from selfcare.models import Brand, Customer, OutgoingMail


def post(
    *,
    template: str,
    context: dict[str, Any],
    to: Iterable[str],
    key: str,
    customer: Customer | None = None,
    language: str = "en",
) -> None:
    """Put the mail `templates/emails/<template>/` into the outbox, once for each `key`.

    The folder has `subject.txt` and `body.txt`. Sending, and trying again, is a task's business.
    """
    recipients = [address for address in to if address]
    if not recipients:
        return
    with override(language):
        context = {"brand": Brand.current(), "customer": customer, **context}
        subject = " ".join(render_to_string(f"emails/{template}/subject.txt", context).split())
        body = render_to_string(f"emails/{template}/body.txt", context).strip() + "\n"
    put(to=recipients, subject=subject, body=body, key=key, customer=customer)


def put(*, to: list[str], subject: str, body: str, key: str, customer: Customer | None = None) -> None:
    """Put a finished text into the outbox, once for each `key`."""
    bcc = [customer.bcc] if customer and customer.bcc else []
    OutgoingMail.objects.bulk_create(
        [OutgoingMail(customer=customer, key=key[:120], to=to, bcc=bcc, subject=subject[:200], body=body)],
        ignore_conflicts=True,
    )
