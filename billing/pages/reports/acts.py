"""Asking for a report, cancelling one, having it made again, and deleting it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import XdrReport
from billing.operations.reports import Wish, cancel_report, delete_report, request_report, retry_report
from billing.pages.transactions.filter import the_line
from billing.queries.xdrs import services
from billing.tasks import make_report_soon
from selfcare.crud.days import SECOND, MomentField, month_of
from selfcare.crud.forms import PortalForm, beside
from selfcare.crud.views import AddPage, DeletePage

CSV, PDF = "csv", "pdf"
LONGEST = timedelta(days=732)
Whose = XdrReport.Whose


class ReportForm(PortalForm, forms.Form):
    """What shall be in the report, and as which files; the time is last month unless somebody says otherwise."""

    from_date = MomentField(label=_("From"), help_text=_("The first moment, in your time zone: 2026-03-01 00:00:00."))
    till_date = MomentField(
        label=_("Till"), end=True, help_text=_("The last moment, itself included: 2026-03-31 23:59:59.")
    )
    whose = forms.ChoiceField(label=_("Records of"), choices=Whose.choices, initial=Whose.ALL)
    line = forms.CharField(
        label=_("Line, extension or number"),
        max_length=64,
        required=False,
        help_text=_("For one phone line: its ID, its extension or its telephone number, such as 201."),
    )
    services = forms.TypedMultipleChoiceField(
        label=_("Services"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick the services that you want, such as Voice Calls. None ticked: all of them."),
    )
    failed_too = forms.BooleanField(
        label=_("With failed transactions"),
        required=False,
        help_text=_("Calls that nobody answered; they cost nothing."),
    )
    formats = forms.MultipleChoiceField(
        label=_("Files"),
        choices=[(CSV, _("CSV, for a spreadsheet program")), (PDF, _("PDF, to read and print"))],
        initial=[CSV, PDF],
        widget=forms.CheckboxSelectMultiple,
    )
    byte_order_mark = forms.BooleanField(
        label=_("CSV for Excel"),
        required=False,
        initial=True,
        help_text=_(
            "The file begins with a mark that tells Excel how to read letters such as é. Leave it out for others."
        ),
    )
    tell_by_mail = forms.BooleanField(
        label=_("Send me an e-mail when it is ready"),
        required=False,
        help_text=_("It goes to the address of your login and has a link to this page, not the file."),
    )

    def __init__(self, *args: Any, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        start, end = month_of(today.replace(day=1) - timedelta(days=1))
        self.initial |= {"from_date": timezone.localtime(start), "till_date": timezone.localtime(end) - SECOND}
        self.fields["services"].choices = [(one.pk, one.name) for one in services()]
        if not self.request.user.email:
            self.fields["tell_by_mail"].disabled = True
            self.fields["tell_by_mail"].help_text = _("Your login has no e-mail address yet.")
        self.helper.layout = Layout(
            beside("from_date", "till_date"), beside("whose", "line"), "services", "failed_too", "formats",
            "byte_order_mark", "tell_by_mail",
        )  # fmt: skip

    def clean_line(self) -> Any:
        """The line that was meant, if the choice before it is one line."""
        if self.cleaned_data.get("whose") != Whose.LINE:
            return None
        return the_line(self.request.customer, self.cleaned_data["line"])

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("from_date"), self.cleaned_data.get("till_date")
        if start and end and start >= end:
            self.add_error("till_date", _("This is before the beginning."))
        elif start and end and end - start > LONGEST:
            self.add_error("till_date", _("A report has room for two years at most. Make one for each."))
        if start and start > timezone.now():
            self.add_error("from_date", _("This time has not come yet."))
        return self.cleaned_data

    @property
    def wish(self) -> Wish:
        """What a valid form asks for."""
        asked = self.cleaned_data
        return Wish(
            start=asked["from_date"],
            end=asked["till_date"],
            line=asked["line"],
            customer_only=asked["whose"] == Whose.CUSTOMER,
            services=tuple(asked["services"]),
            failed_too=asked["failed_too"],
            csv=CSV in asked["formats"],
            pdf=PDF in asked["formats"],
            byte_order_mark=asked["byte_order_mark"],
            tell_by_mail=asked["tell_by_mail"],
        )


class Add(AddPage):
    page = "billing:reports"
    title = _("Make a report")
    intro = _("It is made in the background; you may leave the page meanwhile.")
    model = XdrReport
    form_class = ReportForm
    template_name = "billing/reports/add.html"
    save_label = _("Make the report")
    saved = _("Your report of %(record)s is being made.")

    def save(self, form: ReportForm) -> XdrReport:
        user, customer = self.request.user, self.request.customer
        report = request_report(user=user, customer=customer, wish=form.wish, now=timezone.now())
        make_report_soon(report.pk)
        return report


class Cancel(DeletePage):
    page = "billing:reports"
    title = _("Cancel a report")
    model = XdrReport
    template_name = "billing/reports/cancel.html"
    saved = _("The report of %(record)s was cancelled.")

    def save(self, form: Any) -> None:
        cancel_report(user=self.request.user, report=self.object, now=timezone.now())


class Retry(DeletePage):
    page = "billing:reports"
    title = _("Make a report again")
    model = XdrReport
    template_name = "billing/reports/retry.html"
    extra_context: ClassVar[dict[str, bool]] = {"is_harmless": True}
    saved = _("Your report of %(record)s is being made.")

    def save(self, form: Any) -> None:
        retry_report(user=self.request.user, report=self.object)
        make_report_soon(self.object.pk)


class Delete(DeletePage):
    page = "billing:reports"
    title = _("Delete a report")
    model = XdrReport
    saved = _("The report of %(record)s was deleted.")

    def save(self, form: Any) -> None:
        delete_report(user=self.request.user, report=self.object)
