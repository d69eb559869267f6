"""Trouble Tickets: the customer finds his tickets and opens a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from selfcare.crud.forms import CustomerModelForm, FilterForm
from selfcare.crud.tables import BaseTable, ChoiceColumn, Column, LinkColumn, TimeColumn
from selfcare.crud.views import AddPage, ListPage
from tickets import operations, queries
from tickets.models import Ticket
from tickets.pages.forms import MessageFields

BADGES = {
    Ticket.Status.NEW: "new",
    Ticket.Status.OPEN: "good",
    Ticket.Status.STALLED: "warn",
    Ticket.Status.RESOLVED: "closed",
    Ticket.Status.REJECTED: "bad",
}
NOT_CLOSED = "not_closed"


def show(ticket: Ticket) -> str:
    return reverse("tickets:ticket", args=[ticket.pk])


class TicketsTable(BaseTable):
    first_sort = "-updated_at"
    number = LinkColumn(accessor="pk", verbose_name="#", to=show)
    subject = LinkColumn(to=show)
    status = ChoiceColumn(choices=Ticket.Status.choices, badges=BADGES)
    created_at = TimeColumn(verbose_name=_("Created"))
    updated_at = TimeColumn(verbose_name=_("Last Updated"))
    requestor = Column(verbose_name=_("Requestors"), order_by=("requestor__last_name", "requestor__username"))
    category = Column(hidden=True)
    priority = ChoiceColumn(choices=Ticket.Priority.choices, hidden=True)

    class Meta(BaseTable.Meta):
        model = Ticket
        fields = (
            "number",
            "subject",
            "status",
            "created_at",
            "updated_at",
            "requestor",
            "category",
            "priority",
        )


class TicketsFilter(FilterForm):
    text = forms.CharField(label=_("Number or text"), max_length=100)
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("All")), (NOT_CLOSED, _("Not closed")), *Ticket.Status.choices]
    )

    def filter(self, tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
        text, status = self.cleaned_data["text"].strip(), self.cleaned_data["status"]
        if text:
            tickets = queries.matching(tickets, text)
        if status == NOT_CLOSED:
            return queries.not_closed(tickets)
        return tickets.filter(status=status) if status else tickets


class List(ListPage):
    page = "tickets:list"
    title = _("Trouble Tickets")
    intro = _("Your questions and fault reports, and our answers.")
    model = Ticket
    table_class = TicketsTable
    filter_class = TicketsFilter
    add_url = "tickets:add"
    add_label = _("Create Ticket")
    empty = _("A ticket is a question to us or a report of a fault; everything said about it is kept together here.")

    def get_queryset(self) -> QuerySet[Ticket]:
        tickets = queries.visible_tickets(self.request.customer, self.request.user)
        return tickets.select_related("requestor", "category")


class TicketForm(MessageFields, CustomerModelForm):
    class Meta:
        model = Ticket
        fields = ("subject", "category", "priority", "about")

    field_order = ("subject", "category", "priority", "about", "text", "files")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].empty_label = _("Choose one")
        self.fields["about"].help_text = _("If it is about one phone line, invoice, call or page: which one.")


class Add(AddPage):
    page = "tickets:list"
    title = _("Create Ticket")
    intro = _("Tell us what is wrong or what you need. The answer comes by e-mail and stands on the ticket's page.")
    model = Ticket
    form_class = TicketForm
    save_label = _("Send")
    saved = _("Ticket %(record)s was sent. We answer here and by e-mail.")

    def get_initial(self) -> dict[str, Any]:
        """Subject and reference, where another page leads here to ask about something."""
        given = {name: self.request.GET.get(name, "") for name in ("subject", "about")}
        return super().get_initial() | {
            name: text[: Ticket._meta.get_field(name).max_length] for name, text in given.items()
        }

    def save(self, form: TicketForm) -> Ticket:
        return operations.open_ticket(
            customer=self.request.customer, user=self.request.user, now=timezone.now(), **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return show(self.object) if self.object else reverse(self.page)
