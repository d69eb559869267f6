"""Customers and their classes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from selfcare.admin.parts import CountsVersions, Kept, ReadOnly
from selfcare.models import Customer, CustomerClass, User
from selfcare.navigation import TABS


class UsersInline(ReadOnly, admin.TabularInline):
    """The customer's logins; a new one is made under "Users", where it gets a password."""

    model = User
    fields = ("username", "email", "role", "is_active", "last_login")
    show_change_link = True


@admin.register(Customer)
class CustomerAdmin(CountsVersions, Kept, admin.ModelAdmin):
    """Billing adds the account to `inlines`."""

    list_display = ("company_name", "status", "billing", "currency", "customer_class", "main_office", "created_at")
    list_filter = ("status", "billing", "customer_class", "currency")
    list_select_related = ("customer_class", "main_office")
    search_fields = ("company_name", "email", "contact_person", "last_name", "phone", "=id")
    autocomplete_fields = ("main_office", "customer_class")
    readonly_fields = ("created_at",)
    inlines = (UsersInline,)
    fieldsets = (
        (None, {"fields": ("company_name", "status", "customer_class", "main_office", "created_at")}),
        (
            _("Money"),
            {
                "fields": (
                    ("billing", "currency", "credit_limit"),
                    ("billing_period", "billing_day", "payment_terms_days"),
                    ("tax_id", "tax_rate", "no_tax"),
                    "send_statistic",
                )
            },
        ),
        (_("Contact"), {"fields": (("title", "first_name", "middle_initial", "last_name"), "contact_person")}),
        (_("E-mail and phones"), {"fields": ("email", "bcc", ("phone", "alt_phone", "fax"))}),
        (
            _("Address"),
            {"fields": ("address_line_1", "address_line_2", ("postal_code", "city"), ("province", "country"))},
        ),
        (
            _("Telephone system"),
            {
                "fields": ("time_zone", "extension_length"),
                "description": _("A new extension number length counts for new extensions; those that exist stay."),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Customer | None = None) -> tuple[str, ...]:
        """How billing periods run is chosen for a new customer; later by an act, as it counts from the next one on."""
        return self.readonly_fields if obj is None else (*self.readonly_fields, "billing_period", "billing_day")

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        name, *others = super().get_list_display(request)
        return (name, "view_as", *others) if request.user.may_view_as_customer else (name, *others)

    @admin.display(description=_("Portal"))
    def view_as(self, customer: Customer) -> str:
        """A button that posts the list's own form, and with it the token against forgery, to another address."""
        address = reverse("view-as", args=[customer.pk])
        return format_html('<button formaction="{}">{}</button>', address, _("View as customer"))


class CustomerClassForm(forms.ModelForm):
    hidden_pages = forms.MultipleChoiceField(
        label=_("hidden pages"),
        choices=lambda: [(str(tab.label), [(i.name, i.label) for i in tab.items]) for tab in TABS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("These pages are not in the menu, and their addresses answer “not found”."),
    )

    class Meta:
        model = CustomerClass
        fields = ("name", "send_statistic", "hidden_pages", "read_only_fields")

    def clean_read_only_fields(self) -> list[str]:
        names = self.cleaned_data["read_only_fields"] or []
        if not isinstance(names, list) or not all(isinstance(name, str) and "." in name for name in names):
            raise ValidationError(_('Write a list such as ["profile:general.company_name"].'))
        return names


@admin.register(CustomerClass)
class CustomerClassAdmin(admin.ModelAdmin):
    form = CustomerClassForm
    list_display = ("name", "send_statistic", "hidden_pages", "read_only_fields")
    search_fields = ("name",)
