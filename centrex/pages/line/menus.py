"""A menu of a line's Auto Attendant: what callers hear, when, and what each key and other event leads to."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex import tasks
from centrex.models import Line, Menu
from centrex.models.attendant import ROOT
from centrex.operations.attendant import delete_menu, save_menu
from centrex.pages.line.menu_form import MenuForm
from centrex.pages.planned.plannable import Plannable
from centrex.queries.attendants import menus_of_customer, spoken_in, waiting_prompts
from selfcare.crud.password import given_again
from selfcare.crud.views import AddPage, DeletePage, EditPage


class OfMenu:
    """Mixed into the pages of a menu: back to the attendant of its line."""

    page = "centrex:lines"
    model = Menu

    def get_queryset(self) -> QuerySet[Menu]:
        return menus_of_customer(self.request.customer)  # type: ignore[attr-defined]

    @property
    def line(self) -> Line:
        line: Line = self.object.line  # type: ignore[attr-defined]
        return line

    def get_success_url(self) -> str:
        return reverse("centrex:line-attendant", args=[self.line.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"intro": str(self.line), "back": self.get_success_url()}
        return super().get_context_data(**(words | kwargs))  # type: ignore[misc]


class MenuPage(OfMenu):
    """What adding and changing share."""

    form_class = MenuForm
    template_name = "centrex/line/menu.html"
    saved = _("The menu “%(record)s” was saved.")

    def save(self, form: MenuForm) -> Menu:
        given = form.cleaned_data
        menu = save_menu(
            user=self.request.user,  # type: ignore[attr-defined]
            menu=form.instance,
            version=given.get("version"),
            choices=form.choices(),
            prompts=form.uploads(),
            confirmed=given_again(self.request, given.get("password", "")),  # type: ignore[attr-defined]
            now=timezone.now(),
        )
        for sound in waiting_prompts(menu):
            tasks.convert_soon(sound)
        return menu


class Add(MenuPage, AddPage):
    """The address names the line; its first menu is ROOT."""

    title = _("Add menu")

    def get_object(self, queryset: QuerySet[Line] | None = None) -> Line:
        lines = Line.for_customer(self.request.customer).select_related("customer__main_office", "extension")
        return get_object_or_404(lines, pk=self.kwargs["pk"])

    @cached_property
    def line(self) -> Line:
        return self.get_object()

    def get_form_kwargs(self) -> dict[str, Any]:
        name = "" if self.line.menus.filter(name=ROOT).exists() else ROOT
        menu = Menu(line=self.line, customer=self.line.customer, name=name)
        return super().get_form_kwargs() | {"instance": menu}


class Edit(MenuPage, Plannable, EditPage):
    title = _("Menu")
    part_name = "menu"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "title": __("Menu %(menu)s") % {"menu": self.object.name},
            "spoken": spoken_in(self.object, now=timezone.now()),
        }
        return super().get_context_data(**(words | kwargs))


class Delete(OfMenu, DeletePage):
    title = _("Delete menu")

    @staticmethod
    def consequences(menu: Menu) -> list[str]:
        return [__("Callers can no longer come to this menu."), __("Prompts that only this menu plays are deleted.")]

    def save(self, form: Any) -> None:
        delete_menu(user=self.request.user, menu=self.object)
