"""The six shared page classes: a list, a record, adding, editing and deleting one, and the settings of a page.

A page module declares model, table, form and words; it overrides `get_queryset` and `save`, no more.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import CreateView, DetailView, ListView, UpdateView
from django.views.generic.base import ContextMixin, View

from selfcare import access, export
from selfcare.crud import history
from selfcare.crud.forms import DeleteForm
from selfcare.crud.saving import save_form
from selfcare.crud.tables import BaseTable, TableState
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent
from selfcare.models.audit import acting

READING = {"GET", "HEAD", "OPTIONS"}


class Page(ContextMixin, View):
    """What every signed-in page shares: its name in the menu, its rights, its words.

    `page` is the url name of the menu's page that this one belongs to; `title` and `intro` stand at its head.
    """

    page: ClassVar[str]
    title: str | Promise = ""
    intro: str | Promise = ""
    always_changes = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.customer is None:
            return redirect("admin:index")  # staff without a chosen customer have nothing to see here
        request.portal_page = self.page
        access.require(request, access.VIEW, self.page)
        if self.always_changes or request.method not in READING:
            access.require(request, access.CHANGE, self.page)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"title": self.title, "intro": self.intro}
        return super().get_context_data(**(words | {"may_change": self.may_change} | kwargs))

    @property
    def may_change(self) -> bool:
        """Whether the page offers its buttons; a POST is checked again in `dispatch`."""
        return access.may_here(self.request, access.CHANGE, self.page)


class OwnRows:
    """Looks rows up inside the customer of the request only: a foreign row and a missing one are the same 404."""

    model: type[models.Model]

    def get_queryset(self) -> models.QuerySet:
        return self.model.for_customer(self.request.customer)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """405 on an own row only: a stranger must not learn from the method that the row exists."""
        self._require_row()
        return super().http_method_not_allowed(request, *args, **kwargs)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require_row()
        return super().options(request, *args, **kwargs)

    def _require_row(self) -> None:
        """404 when the address names a row that is not this customer's."""
        if "pk" in self.kwargs:
            self.get_object()


class ListPage(OwnRows, Page, ListView):
    """A table with sorting, pages, columns and download; `filter_class` is a GET form with `filter(queryset)`.

    `sheet_url` names the page on which the whole list is edited in a spreadsheet.
    """

    template_name = "crud/list.html"
    table_class: type[BaseTable]
    filter_class: type | None = None
    add_url: str = ""
    add_label: str | Promise = ""
    sheet_url: str = ""
    empty: str | Promise = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.filter = self.filter_form(self.asked(request)) if self.filter_class else None
        self.object_list = self.get_queryset()
        if self.filter and self.filter.is_bound and self.filter.is_valid():
            self.object_list = self.filter.filter(self.object_list)
        state = TableState.of(request, self.table_class)
        self.table = self.table_class(self.object_list, request=request, state=state)
        if request.GET.get("format") in export.FORMATS:
            return self.table.download(request.GET["format"])
        return self.render_to_response(self.get_context_data())

    def filter_form(self, asked: Any) -> Any:
        """The filter; a page whose filter offers the customer's own records hands it the customer here."""
        return self.filter_class(asked)

    def asked(self, request: HttpRequest) -> Any:
        """The query when it filters; an address that only sorts or pages does not."""
        return request.GET if any(request.GET.get(name) for name in self.filter_class.base_fields) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"table": self.table, "filter": self.filter, "empty": self.empty}
        add = {"add_url": self.add_url and reverse(self.add_url), "add_label": self.add_label}
        links = {
            "history_url": history.address(self.request, self.model),
            "sheet_url": self.sheet_url and reverse(self.sheet_url),
        }
        return super().get_context_data(**(words | add | links | kwargs))


class DetailPage(OwnRows, Page, DetailView):
    """One record to look at; without a `title` of its own the page is headed by the record's name."""

    context_object_name = "record"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"title": self.title or str(self.object)} | kwargs))


class FormPage(OwnRows, Page):
    """What adding, editing and deleting share: a refusal of the act becomes an error of the form."""

    template_name = "crud/form.html"
    save_label: str | Promise = ""
    saved: str | Promise = ""
    back_url: str = ""
    always_changes = True

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return kwargs | {"request": self.request, "page": self.page}

    def get_queryset(self) -> models.QuerySet:
        rows = super().get_queryset()
        return rows.kept_by(self.request.customer) if hasattr(rows, "kept_by") else rows

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with acting(page=self.page) as act:
                self.object = self.save(form) or self.object
        except Refused as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Outdated):
                form.take_current_version()
            return self.form_invalid(form)
        words = self.saved % {"record": self.object}
        messages.success(self.request, history.with_undo(self.request, words, act, self.object))
        return redirect(self.get_success_url())

    def save(self, form: Any) -> models.Model | None:
        return save_form(form, user=self.request.user, customer=self.request.customer)

    def get_success_url(self) -> str:
        return reverse(self.back_url or self.page)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"save_label": self.save_label or _("Save"), "back": reverse(self.back_url or self.page)}
        return super().get_context_data(**(words | kwargs))


class AddPage(FormPage, CreateView):
    """A form that makes a record."""

    saved = _("“%(record)s” was added.")


class EditPage(FormPage, UpdateView):
    """A form that changes a record; whoever saves second is told what the first changed."""

    saved = _("“%(record)s” was saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"history": history.last_of(self.request, self.object, self.page)} | kwargs))


class SettingsPage(EditPage):
    """A form over the one record that a page has for each customer; who may not change it may still read it."""

    template_name = "crud/settings.html"
    saved = _("Your settings were saved.")
    always_changes = False

    def get_queryset(self) -> models.QuerySet:
        """Where the main office keeps the page for all its offices, its record; else the customer's own."""
        customer = self.request.customer
        return self.model.for_customer(customer.office if self.page in access.KEPT_BY_MAIN_OFFICE else customer)

    def get_object(self, queryset: models.QuerySet | None = None) -> models.Model:
        return self.get_queryset().get()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        elsewhere = access.is_kept_elsewhere(self.request, self.page)
        return super().get_context_data(**({"kept_elsewhere": elsewhere} | kwargs))


class DeletePage(FormPage, UpdateView):
    """Asks before a record is deleted and says what else would change: `consequences(record)` gives sentences."""

    template_name = "crud/delete.html"
    form_class = DeleteForm
    saved = _("“%(record)s” was deleted.")
    consequences: Any = None

    @transaction.atomic
    def save(self, form: Any) -> None:
        AuditEvent.write(user=self.request.user, action="delete", record=self.object)
        self.get_queryset().filter(pk=self.object.pk).delete()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        follows = type(self).consequences(self.object) if self.consequences else []
        words = {"consequences": follows, "can_be_undone": history.can_undo(self.model, "delete")}
        return super().get_context_data(**(words | kwargs))
