"""My Profile, General: the customer keeps his name, address and ways to reach him."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Fieldset, Layout
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selfcare import mail
from selfcare.crud.forms import CustomerModelForm, beside
from selfcare.crud.saving import save_form
from selfcare.crud.views import SettingsPage
from selfcare.models import AuditEvent, Customer

CONFIRMATION = "selfcare.confirm-email"
CONFIRMATION_SECONDS = 3 * 24 * 3600
PHONES = ("phone", "fax", "alt_phone")


class GeneralForm(CustomerModelForm):
    class Meta:
        model = Customer
        fields = (
            "company_name", "title", "first_name", "middle_initial", "last_name",
            "address_line_1", "address_line_2", "city", "province", "postal_code", "country",
            "contact_person", "phone", "fax", "alt_phone", "email", "bcc",
        )  # fmt: skip
        labels = {"alt_phone": _("Alt. Phone"), "bcc": _("BCC"), "middle_initial": _("M.I.")}
        help_texts = {
            "phone": _("With the country's code, such as +1 212 555 0100, or as you dial it inside your country."),
            "alt_phone": _("A mobile phone that receives our text messages."),
            "email": _("Invoices and notices go here. A new address counts once it is confirmed from there."),
            "bcc": _("Gets a blind copy of every mail that we send you."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.data.get("country") or self.instance.country.code
        for name in PHONES:
            self.fields[name].region = country or None
        self.helper.layout = Layout(
            Fieldset(_("Company"), "company_name", "contact_person"),
            Fieldset(_("Name"), beside("title", "first_name", "middle_initial", "last_name")),
            Fieldset(
                _("Address"),
                "address_line_1",
                "address_line_2",
                beside("postal_code", "city"),
                beside("province", "country"),
            ),
            Fieldset(
                _("How to reach you"),
                beside("phone", "alt_phone"),
                "fax",
                "email",
                HTML("{% include 'selfcare/pending_email.html' %}"),
                "bcc",
            ),
            "version",
        )

    def clean_country(self) -> str:
        country = self.cleaned_data["country"]
        if not country and self.instance.country:
            self.add_error("country", gettext("Choose your country."))
        return country


class General(SettingsPage):
    page = "profile:general"
    title = _("General")
    intro = _("Your company's name and address as they stand on invoices, and how we reach you.")
    model = Customer
    form_class = GeneralForm
    saved = _("Your details were saved.")

    def get_queryset(self) -> QuerySet[Customer]:
        return Customer.objects.filter(pk=self.request.customer.pk)

    @transaction.atomic
    def save(self, form: GeneralForm) -> Customer:
        """A changed e-mail address waits in `pending_email` until the link mailed to it is followed."""
        before, wished = form.initial["email"], form.cleaned_data["email"]
        if wished != before:
            form.instance.email = before
            form.instance.pending_email = wished
        customer = save_form(form, user=self.request.user, customer=self.request.customer)
        if wished and wished != before:
            ask_for_confirmation(self.request, customer)
            messages.info(self.request, _("We have sent a link to %(email)s to confirm it.") % {"email": wished})
        return customer


def ask_for_confirmation(request: HttpRequest, customer: Customer) -> None:
    """Mail a link to the new address; only who reads mail there can make it count."""
    token = signing.dumps({"customer": customer.pk, "email": customer.pending_email}, salt=CONFIRMATION)
    mail.post(
        template="confirm_email",
        context={"link": request.build_absolute_uri(reverse("profile:confirm-email", args=[token]))},
        to=[customer.pending_email],
        key=f"confirm-email:{customer.pk}:{customer.version}",
        language=request.user.language,
    )


@login_not_required
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the mailed link; pressing its button makes the new address count."""
    try:
        wish = signing.loads(token, salt=CONFIRMATION, max_age=CONFIRMATION_SECONDS)
    except signing.BadSignature:
        return render(request, "selfcare/confirm_email.html", {"invalid": True}, status=404)
    if request.method != "POST":
        return render(request, "selfcare/confirm_email.html", {"email": wish["email"]})
    if not take_email(request, **wish):
        return render(request, "selfcare/confirm_email.html", {"invalid": True}, status=404)
    messages.success(request, _("The e-mail address %(email)s is confirmed.") % {"email": wish["email"]})
    return redirect("profile:general")


@transaction.atomic
def take_email(request: HttpRequest, *, customer: int, email: str) -> bool:
    """Make the confirmed address the customer's, unless another was entered meanwhile."""
    record = Customer.locked(customer, None)
    if record.pending_email != email:
        return False
    changes = {str(_("e-mail")): [record.email, email]}
    record.email, record.pending_email, record.version = email, "", record.version + 1
    record.save(update_fields=["email", "pending_email", "version"])
    AuditEvent.write(user=request.user, action="confirm e-mail", record=record, customer=record, changes=changes)
    return True
