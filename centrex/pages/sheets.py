"""Edit in a spreadsheet: the customer downloads a list, changes it, uploads it, looks at the difference, applies it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin
from django.views.generic.detail import SingleObjectMixin

from centrex.models import SheetUpload
from centrex.operations.sheets import uploads
from centrex.operations.sheets.plans import Plan
from centrex.operations.sheets.sheet import KEY, KEY_LABEL
from centrex.sheets.reading import MAX_BYTES
from selfcare import export
from selfcare.crud.forms import PortalForm
from selfcare.crud.password import PasswordAgain, given_again
from selfcare.crud.views import OwnRows, Page
from selfcare.errors import Refused
from selfcare.tenancy import PortalRequest

SHOWN = 500


class UploadForm(PortalForm, forms.Form):
    file = forms.FileField(
        label=_("The changed file"),
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".csv,.xlsx,.txt"}),
        help_text=_("CSV or XLSX, at most 5 MB."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            words = {"most": filesizeformat(MAX_BYTES)}
            raise forms.ValidationError(__("The file is too large. It may have at most %(most)s.") % words)
        return file


class ApplyForm(PortalForm, forms.Form):
    """`seen` is the digest of the difference that was shown."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    delete_missing = forms.BooleanField(required=False)
    password = PasswordAgain()


class Start(TemplateResponseMixin, Page):
    """Step 1, the download, and step 2, the upload. A subclass says of which list it is."""

    template_name = "centrex/sheet/start.html"
    intro = _("Change many rows at once in Excel, LibreOffice or Numbers. Nothing is saved before you have seen it.")
    kind: ClassVar[str]
    list_title: ClassVar[Promise]

    def get(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("format") in export.FORMATS:
            heads, rows = uploads.heads_and_rows(self.sheet)
            name = f"{self.kind}-{timezone.localdate():%Y-%m-%d}"
            return export.response(request.GET["format"], name, heads, rows)
        return self.show(UploadForm(request=request, page=self.page))

    def post(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, request=request, page=self.page)
        if not form.is_valid():
            return self.show(form)
        content = form.cleaned_data["file"].read()
        try:
            upload = uploads.keep_upload(
                user=request.user, customer=request.customer, kind=self.kind, content=content, now=timezone.now()
            )
        except Refused as refusal:
            form.refuse(Refused(refusal.message, field="file"))
            return self.show(form)
        return redirect(f"{self.page}-sheet-check", pk=upload.pk)

    @property
    def sheet(self) -> Any:
        return uploads.sheet_of(self.kind, self.request.customer)

    def show(self, form: UploadForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"columns": self.sheet.columns, "list_title": self.list_title, "back": reverse(self.page)}
        return super().get_context_data(**(words | kwargs))


class Check(OwnRows, SingleObjectMixin, TemplateResponseMixin, Page):
    """Step 3, the difference, and step 4, applying all of it or nothing. A subclass says of which list it is."""

    template_name = "centrex/sheet/check.html"
    title = _("Check the changes")
    model = SheetUpload
    always_changes = True
    kind: ClassVar[str]
    list_title: ClassVar[Promise]

    def get_queryset(self) -> QuerySet[SheetUpload]:
        """A colleague's upload is his own to apply."""
        return super().get_queryset().filter(user=self.request.user, kind=self.kind)

    def get(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return self.show(ApplyForm(request=request, page=self.page))

    def post(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        form = ApplyForm(request.POST, request=request, page=self.page)
        if not form.is_valid():
            return self.show(form)
        wanted = form.cleaned_data
        try:
            confirmed = given_again(request, wanted["password"])
            done = uploads.apply_upload(
                user=request.user,
                upload=self.object,
                seen=wanted["seen"],
                delete_missing=wanted["delete_missing"],
                confirmed_at=timezone.now() if confirmed else None,
            )
        except Refused as refusal:
            form.refuse(refusal)
            return self.show(form)
        messages.success(request, in_words(done))
        return redirect(self.page)

    def show(self, form: ApplyForm) -> HttpResponse:
        try:
            plan = uploads.plan_of(self.object)
        except Refused as refusal:  # such as a length of numbers that was taken away meanwhile
            messages.error(self.request, refusal.message)
            return redirect(f"{self.page}-sheet")
        return self.render_to_response(self.get_context_data(form=form, **shown(plan)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"list_title": self.list_title, "back": reverse(f"{self.page}-sheet")}
        return super().get_context_data(**(words | kwargs))


def in_words(done: uploads.Applied) -> str:
    """What was applied, in one sentence."""
    facts = {"added": done.added, "changed": done.changed, "deleted": done.deleted}
    return __("Done: %(added)s added, %(changed)s changed, %(deleted)s deleted.") % facts


def shown(plan: Plan) -> dict[str, Any]:
    """The plan as the template draws it: labels for names, and no more rows of each than a page can bear."""
    found, records, columns = plan.difference, plan.sheet.records, plan.sheet.columns
    labels = {KEY: KEY_LABEL} | {column.name: column.label for column in columns}
    changed = [
        {
            "place": each.place,
            "record": records[each.key],
            "stale": each.key in plan.stale,
            "cells": [(labels[name], old.text, new.text) for name, (old, new) in each.cells.items()],
        }
        for each in found.changed[:SHOWN]
    ]
    added = [
        (each.place, [each.cells[column.name].text if column.name in each.cells else "" for column in columns])
        for each in found.added[:SHOWN]
    ]
    return {
        "plan": plan,
        "heads": [column.label for column in columns],
        "added": added,
        "changed": changed,
        "missing": [records[key] for key in found.missing[:SHOWN]],
        "more": {
            "added": max(len(found.added) - SHOWN, 0),
            "changed": max(len(found.changed) - SHOWN, 0),
            "missing": max(len(found.missing) - SHOWN, 0),
        },
        **wrong(plan, labels),
    }


def wrong(plan: Plan, labels: dict[str, Any]) -> dict[str, Any]:
    """The errors: those of every case, those that deleting the missing rows mends, and those that it makes."""
    if not plan.difference.missing:
        always, kept, deleted = [*plan.troubles], [], []
    else:
        always = [each for each in plan.troubles if each in plan.troubles_if_deleted]
        kept = [each for each in plan.troubles if each not in always]
        deleted = [each for each in plan.troubles_if_deleted if each not in always]
    lists = {"troubles": always, "troubles_if_kept": kept, "troubles_if_deleted": deleted}
    shown = {name: [(each, labels[each.column]) for each in found[:SHOWN]] for name, found in lists.items()}
    only_with_deletion = bool(kept) or not plan.difference.changes
    return shown | {
        "count": len(always) + len(kept) + len(deleted),
        "can_apply": not always and not (kept and deleted) and bool(plan.difference.changes or plan.difference.missing),
        "can_delete": not deleted,
        "must_delete": only_with_deletion,
    }


class ExtensionsKind:
    """Mixed into both pages of a list, as the two below."""

    page = "centrex:extensions"
    kind = SheetUpload.Kind.EXTENSIONS
    list_title = _("Extensions")


class HuntgroupsKind:
    page = "centrex:huntgroups"
    kind = SheetUpload.Kind.HUNTGROUPS
    list_title = _("Huntgroups")


class AbbreviatedKind:
    page = "centrex:abbreviated"
    kind = SheetUpload.Kind.ABBREVIATED
    list_title = _("Abbreviated Dialing")


class Extensions(ExtensionsKind, Start):
    title = _("Extensions in a spreadsheet")


class ExtensionsCheck(ExtensionsKind, Check):
    pass


class Huntgroups(HuntgroupsKind, Start):
    title = _("Huntgroups in a spreadsheet")


class HuntgroupsCheck(HuntgroupsKind, Check):
    pass


class Abbreviated(AbbreviatedKind, Start):
    title = _("Abbreviated numbers in a spreadsheet")


class AbbreviatedCheck(AbbreviatedKind, Check):
    pass
