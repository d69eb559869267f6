"""A ticket: the customer reads the conversation, answers, closes the ticket and opens it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic.detail import SingleObjectMixin

from selfcare.crud.forms import PortalForm
from selfcare.crud.views import EditPage, OwnRows, Page
from selfcare.errors import Refused
from tickets import operations, queries
from tickets.models import Ticket
from tickets.pages.forms import MessageFields


class ReplyForm(MessageFields, PortalForm, forms.ModelForm):
    class Meta:
        model = Ticket
        fields: tuple[str, ...] = ()


class Conversation(EditPage):
    """The conversation with a form to answer under it."""

    page = "tickets:list"
    model = Ticket
    form_class = ReplyForm
    template_name = "tickets/ticket/conversation.html"
    saved = _("Your message was added to ticket %(record)s.")
    always_changes = False  # whoever may only look reads the conversation, without the form

    def get_queryset(self) -> QuerySet[Ticket]:
        return queries.with_conversation(queries.visible_tickets(self.request.customer, self.request.user))

    def save(self, form: ReplyForm) -> None:
        operations.reply(
            ticket=self.object,
            user=self.request.user,
            text=form.cleaned_data["text"],
            files=form.cleaned_data["files"],
            now=timezone.now(),
        )

    def get_success_url(self) -> str:
        return reverse("tickets:ticket", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        about = self.object.about
        is_page = about.startswith("/") and url_has_allowed_host_and_scheme(about, allowed_hosts=None)
        return super().get_context_data(title=str(self.object), about_url=about if is_page else "", **kwargs)


class Act(OwnRows, Page, SingleObjectMixin):
    """A button of the ticket's page; opened by hand, the address leads back to that page."""

    page = "tickets:list"
    act: Any
    done: Any

    def get_queryset(self) -> QuerySet[Ticket]:
        return queries.visible_tickets(self.request.customer, self.request.user)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect("tickets:ticket", self.get_object().pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        ticket = self.get_object()
        try:
            self.act(ticket=ticket, user=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, self.done % {"record": ticket})
        return redirect("tickets:ticket", pk)


class Close(Act):
    act = staticmethod(operations.close)
    done = _("Ticket %(record)s was closed.")


class Reopen(Act):
    act = staticmethod(operations.reopen)
    done = _("Ticket %(record)s is open again.")
