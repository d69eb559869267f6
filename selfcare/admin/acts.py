"""Acts of staff that are more than saving a form: a page each, which says what follows and asks what it needs."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.views.generic import FormView

from selfcare.errors import Refused


def act_path(route: str, act: type[Act], name: str) -> URLPattern:
    """The address of an act, for an admin's `get_urls`: behind the administration's login, never cached."""
    return path(route, admin.site.admin_view(act.as_view()), name=name)


class OnceForm(forms.Form):
    """A form whose act happens once, however often it is sent: `once` is made with the form."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def begin_anew(self) -> None:
        """Take the next press of the button for another act."""
        self.data = self.data.copy()
        self.data["once"] = str(uuid4())


class Act(FormView):
    """One act on the record `pk` of `model`, for staff with `permission`; a subclass says `act`.

    GET asks, POST does it and goes back to the record. A refusal stands at its field.
    """

    template_name = "admin/act.html"
    form_class: type[forms.Form] = forms.Form
    model: type[Model]
    permission = ""
    title: str | Promise = ""
    button: str | Promise = ""
    is_grave = False  # what cannot be undone has a red button
    used_before: type[Refused] | None = None  # the refusal that means: the form's `once` is taken

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        self.record = get_object_or_404(self.model, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def act(self, said: dict[str, Any]) -> str | Promise:
        """Do it with what the form says; returns the message that it is done. May raise Refused."""
        raise NotImplementedError

    def consequences(self) -> list[str]:
        """What follows, sentence by sentence, before it is done."""
        return []

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            done = self.act(form.cleaned_data)
        except Refused as refusal:
            return self.refuse(form, refusal)
        messages.success(self.request, done)
        return redirect(self.after())

    def refuse(self, form: forms.Form, refusal: Refused) -> HttpResponse:
        """The form again, with the refusal at its field."""
        if self.used_before and isinstance(refusal, self.used_before):
            form.begin_anew()
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return self.form_invalid(form)

    def after(self) -> str:
        """Where the act leads when it is done."""
        return self.back()

    def back(self) -> str:
        """The record's page, for those who may see it."""
        if not admin.site.get_model_admin(self.model).has_view_permission(self.request, self.record):
            return reverse("admin:index")
        return reverse(
            f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change", args=[self.record.pk]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {
            "title": self.title,
            "button": self.button,
            "is_grave": self.is_grave,
            "record": self.record,
            "opts": self.model._meta,
            "back": self.back(),
            "consequences": self.consequences(),
        }
        return super().get_context_data(**(admin.site.each_context(self.request) | facts | kwargs))
