"""What a customer's user may see of the tickets. Internal comments are left out here, once, for every page."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from selfcare.models import Customer, Role, User
from tickets.models import Attachment, Message, Ticket


def visible_tickets(customer: Customer | None, user: User) -> QuerySet[Ticket]:
    """The tickets of `customer`; the user of a single phone line sees those that he opened himself."""
    tickets: QuerySet[Ticket] = Ticket.for_customer(customer)
    return tickets.filter(requestor=user) if user.role == Role.LINE_USER else tickets


def visible_messages() -> QuerySet[Message]:
    """The conversation as the customer reads it, oldest first."""
    return Message.objects.filter(internal=False).order_by("created_at", "id")


def with_conversation(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Tickets with `.conversation`: the visible messages and their attachments."""
    messages = visible_messages().prefetch_related("attachments")
    return tickets.select_related("category", "requestor").prefetch_related(
        Prefetch("messages", queryset=messages, to_attr="conversation")
    )


def visible_attachments(customer: Customer | None, user: User) -> QuerySet[Attachment]:
    """The files of the visible messages."""
    return Attachment.objects.filter(message__internal=False, message__ticket__in=visible_tickets(customer, user))


def matching(tickets: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    """Tickets whose number, subject or visible conversation has `text`."""
    said = visible_messages().filter(ticket=OuterRef("pk"), text__icontains=text)
    found = Q(subject__icontains=text) | Q(Exists(said))
    number = text.removeprefix("#")
    if number.isdecimal() and len(number) < 18:
        found |= Q(pk=int(number))
    return tickets.filter(found)


def not_closed(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The tickets that still need somebody."""
    return tickets.exclude(status__in=[Ticket.Status.RESOLVED, Ticket.Status.REJECTED])


def open_about(customer: Customer | None, user: User, address: str) -> QuerySet[Ticket]:
    """The open tickets about the record at this address, or about a part of it, oldest first."""
    about = visible_tickets(customer, user).filter(Q(about=address) | Q(about__startswith=f"{address}#"))
    return not_closed(about).order_by("pk")
