"""The page of everything about money that has not ended, for staff; and what they do about one of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from billing.admin.acts import ReasonForm
from billing.gateways.base import NotDone, Unanswered
from billing.models import Difference, MethodSetup, Payment, WebhookEvent, XdrReport
from billing.operations.methods import check_setup
from billing.operations.provider_events import process_event
from billing.operations.reconciliation import clear_difference
from billing.operations.reports import cancel_report
from billing.operations.staff_ends import give_up_event, give_up_payment, give_up_setup
from billing.queries.open_ends import BY_NAME, KINDS, OpenEnd, open_counts, open_ends
from selfcare.admin.acts import Act
from selfcare.errors import Refused
from selfcare.models import OutgoingMail

PER_PAGE = 50
SEES = "billing.view_payment"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that hangs, with the addresses of what can be done about it; empty where there is nothing to do."""

    end: OpenEnd
    page: str
    ask: str
    give_up: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind, with how many there are of it."""

    name: str
    words: str | Promise
    count: int


class OpenEnds(TemplateView):
    """What has not ended, oldest first, of one kind (`?kind=`) or of all."""

    template_name = "admin/billing/open_ends.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(SEES):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        counts = open_counts(now=now)
        kind = self.request.GET.get("kind", "")
        kind = kind if kind in BY_NAME else ""
        paginator = Paginator(range(counts[kind] if kind else sum(counts.values())), PER_PAGE)
        page = paginator.get_page(self.request.GET.get("page"))
        ends = open_ends(kind=kind, now=now, offset=(page.number - 1) * PER_PAGE, limit=PER_PAGE)
        facts = {
            "title": _("What has not ended"),
            "kind": kind,
            "total": sum(counts.values()),
            "choices": [Choice(each.name, each.words, counts[each.name]) for each in KINDS],
            "lines": [self.line(end) for end in ends],
            "page_obj": page,
            "opts": Payment._meta,
        }
        return super().get_context_data(**(admin.site.each_context(self.request) | facts | kwargs))

    def line(self, end: OpenEnd) -> Line:
        meta = end.kind.model._meta
        page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[end.pk])
        may = self.request.user.has_perm(f"{meta.app_label}.change_{meta.model_name}")
        waits = end.kind.name == "refund" and not end.next_at  # for a person, not for the provider
        return Line(
            end=end,
            page=page,
            ask=_address(end.kind.ask, end.pk) if may and not waits else "",
            give_up=_address(end.kind.give_up, end.pk) if may and not waits else "",
        )


def _address(name: str, pk: str) -> str:
    return reverse(f"admin:{name}", args=[pk]) if name else ""


class BackToList(Act):
    """An act that leads back to the list of what has not ended."""

    def after(self) -> str:
        return reverse("admin:billing_open_ends")


class GiveUpPayment(BackToList):
    """A payment that the provider says nothing about, ended by a person who has looked at the provider's pages."""

    permission = "billing.change_payment"
    model = Payment
    form_class = ReasonForm
    title = _("Give the payment up")
    button = _("Give it up")
    is_grave = True

    def consequences(self) -> list[str]:
        return [
            _("The payment is cancelled here, and the provider is not asked about it any more."),
            _("If its money comes all the same, it is booked when the provider says so."),
            _("The customer is not told by mail."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        give_up_payment(payment=self.record, staff=self.request.user, reason=said["reason"], now=timezone.now())
        return _("The payment is cancelled.")


class AskSetup(BackToList):
    """What became of the storing of a payment method, asked now."""

    permission = "billing.change_methodsetup"
    model = MethodSetup
    title = _("Ask the provider again")
    button = _("Ask now")

    def act(self, said: dict[str, Any]) -> str | Promise:
        try:
            setup = check_setup(setup_id=self.record.pk, now=timezone.now())
        except (Unanswered, NotDone):
            raise Refused(_("The payment provider gave no usable answer. Please try again in a minute.")) from None
        return _("The provider was asked. It is: %(state)s.") % {"state": setup.get_state_display()}


class GiveUpSetup(BackToList):
    """The storing of a payment method that nobody finished."""

    permission = "billing.change_methodsetup"
    model = MethodSetup
    form_class = ReasonForm
    title = _("Give it up")
    button = _("Give it up")

    def consequences(self) -> list[str]:
        return [_("Nothing is stored, and the provider is not asked any more.")]

    def act(self, said: dict[str, Any]) -> str | Promise:
        give_up_setup(setup=self.record, staff=self.request.user, reason=said["reason"], now=timezone.now())
        return _("It is cancelled.")


class ProcessEvent(BackToList):
    """A message of the provider, processed now."""

    permission = "billing.change_webhookevent"
    model = WebhookEvent
    title = _("Process the message again")
    button = _("Process it")

    def consequences(self) -> list[str]:
        return [_("The provider is asked about what the message speaks of, and what he says is booked.")]

    def act(self, said: dict[str, Any]) -> str | Promise:
        process_event(event_id=self.record.pk, now=timezone.now())
        self.record.refresh_from_db()
        if self.record.processed_at is None:
            raise Refused(_("The payment provider gave no usable answer. Please try again in a minute."))
        return _("The message is processed.")


class GiveUpEvent(BackToList):
    """A message of the provider that cannot be processed, put aside."""

    permission = "billing.change_webhookevent"
    model = WebhookEvent
    form_class = ReasonForm
    title = _("Put the message aside")
    button = _("Put it aside")

    def consequences(self) -> list[str]:
        return [_("It is not processed any more. The payment that it speaks of is still asked about by the calendar.")]

    def act(self, said: dict[str, Any]) -> str | Promise:
        give_up_event(event=self.record, staff=self.request.user, reason=said["reason"], now=timezone.now())
        return _("The message is put aside.")


class ClearDifference(BackToList):
    """A difference that was looked into."""

    permission = "billing.change_difference"
    model = Difference
    form_class = ReasonForm
    title = _("Close the difference")
    button = _("Close it")

    def consequences(self) -> list[str]:
        return [
            _("Say what it was and what you did about it. Nothing is booked by this."),
            _("The same difference is not reported again."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        clear_difference(difference=self.record, staff=self.request.user, because=said["reason"], now=timezone.now())
        return _("The difference is closed.")


class SendMailAgain(BackToList):
    """A mail that was given up, or waits for its next try."""

    permission = "selfcare.change_outgoingmail"
    model = OutgoingMail
    title = _("Send the mail again")
    button = _("Send it")

    def consequences(self) -> list[str]:
        return [_("It is sent within a minute if the mail server takes it.")]

    def act(self, said: dict[str, Any]) -> str | Promise:
        if not OutgoingMail.objects.filter(pk=self.record.pk, sent_at=None).update(tries=0, next_try_at=None):
            raise Refused(_("The mail was sent already."))
        return _("The mail will be sent again.")


class GiveUpReport(BackToList):
    """A report that does not get ready."""

    permission = "billing.change_xdrreport"
    model = XdrReport
    title = _("Cancel the report")
    button = _("Cancel it")

    def consequences(self) -> list[str]:
        return [_("The customer sees it as cancelled, and can ask for it again.")]

    def act(self, said: dict[str, Any]) -> str | Promise:
        cancel_report(user=self.request.user, report=self.record, now=timezone.now())
        return _("The report is cancelled.")
