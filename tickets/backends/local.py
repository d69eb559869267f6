"""Staff answer in the administration of this portal and hear of each step by e-mail."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from selfcare import mail
from selfcare.models import Brand, User
from tickets.backends import Step
from tickets.models import Message, Ticket


class LocalBackend:
    """Mails each step to the requestor and to the support address of the brand."""

    def tell(self, step: Step, ticket: Ticket, *, by: User, key: str, message: Message | None = None) -> None:
        requestor = ticket.requestor
        context = {"ticket": ticket, "message": message, "by": by, "customer": ticket.customer}
        portal, admin = (
            reverse("tickets:ticket", args=[ticket.pk]),
            reverse("admin:tickets_ticket_change", args=[ticket.pk]),
        )
        mail.post(
            template=f"ticket_{step}",
            context={**context, "for_staff": False, "url": f"{settings.PORTAL_URL}{portal}"},
            to=[requestor.email if requestor.is_active else ticket.customer.email],
            key=f"{key}:customer",
            customer=ticket.customer,
            language=requestor.language,
        )
        mail.post(  # not under the customer's name: his BCC address is for his own mail
            template=f"ticket_{step}",
            context={**context, "for_staff": True, "url": f"{settings.PORTAL_URL}{admin}"},
            to=[Brand.current().support_email],
            key=f"{key}:staff",
        )
