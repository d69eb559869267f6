"""Staff answer tickets here. Answers go through `tickets.operations`, so that mail goes out with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from selfcare.admin.parts import Kept, ReadOnly
from selfcare.errors import Refused
from tickets import operations
from tickets.models import Attachment, Category, Message, Ticket
from tickets.pages.attachments import download
from tickets.pages.forms import FilesField


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ("name", "position")
    search_fields = ("name",)


class ConversationInline(ReadOnly, admin.StackedInline):
    """All messages with their files; it says who may read each."""

    model = Message
    fields = ("kind", "text", "files")
    readonly_fields = ("kind", "files")
    verbose_name_plural = _("conversation")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).prefetch_related("attachments")

    @admin.display(description=_("kind"))
    def kind(self, message: Message) -> str:
        if message.internal:
            return str(_("Internal comment: the customer does not see it"))
        return str(_("Our answer")) if message.from_staff else str(_("From the customer"))

    @admin.display(description=_("files"))
    def files(self, message: Message) -> str:
        links = (
            (reverse("admin:tickets_attachment", args=[attachment.pk]), attachment.name)
            for attachment in message.attachments.all()
        )
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"


class AnswerForm(forms.ModelForm):
    """Queue and priority of the ticket, and what staff have to say."""

    refusal: Refused | None = None  # what the act said against what this form holds

    reply = forms.CharField(
        label=_("Reply to the customer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 90}),
        help_text=_("The customer gets it by e-mail and reads it in the portal."),
    )
    move_to = forms.ChoiceField(
        label=_("New status"),
        required=False,
        help_text=_("Left as it is, a reply makes the ticket wait for the customer."),
    )
    files = FilesField()
    comment = forms.CharField(
        label=_("Internal comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 90}),
        help_text=_("Never shown or mailed to the customer."),
    )

    class Meta:
        model = Ticket
        fields = ("category", "priority")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Ticket.Status.choices)
        self.fields["move_to"].choices = [("", "–"), *((s, words[s]) for s in operations.STAFF_MAY_SET)]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("files") and not self.cleaned_data.get("reply"):
            self.add_error("reply", _("Files go with a reply: write a few words to the customer."))
        if self.refusal:
            self.add_error("files", str(self.refusal.message))
        elif self.errors and self.files:
            self.add_error("files", _("Please choose your files again; your browser does not keep them."))
        return cleaned


@admin.register(Ticket)
class TicketAdmin(Kept, admin.ModelAdmin):
    form = AnswerForm
    list_display = ("number", "subject", "customer", "category", "status", "priority", "requestor", "updated_at")
    list_display_links = ("number", "subject")
    list_filter = ("status", "category", "priority", "updated_at")
    list_select_related = ("customer", "category", "requestor")
    search_fields = ("=id", "subject", "customer__company_name", "requestor__username")
    readonly_fields = ("customer", "requestor", "subject", "status", "about", "created_at", "updated_at")
    inlines = (ConversationInline,)
    fieldsets = (
        (None, {"fields": ("subject", ("customer", "requestor"), "about", ("status", "category", "priority"))}),
        (_("Dates"), {"fields": (("created_at", "updated_at"),)}),
        (_("Answer"), {"fields": ("reply", "files", "move_to")}),
        (_("For staff only"), {"fields": ("comment",)}),
    )

    @admin.display(description="#", ordering="pk")
    def number(self, ticket: Ticket) -> int:
        return ticket.pk

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What an act refuses is undone as a whole, and the form comes again with the text and the reason."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]  # for get_form, in this same request
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # the class is made for this request alone
        return form

    def save_model(self, request: HttpRequest, obj: Ticket, form: AnswerForm, change: bool) -> None:
        """Queue and priority are saved as they are; all else is an act with its consequences."""
        obj.save(update_fields=["category", "priority"])
        said, now = form.cleaned_data, timezone.now()
        who: dict[str, Any] = {"ticket": obj, "staff": request.user, "now": now}
        if said["comment"]:
            operations.comment_internally(text=said["comment"], **who)
        if said["reply"]:
            status = said["move_to"] or Ticket.Status.STALLED
            operations.staff_reply(text=said["reply"], status=status, files=said["files"], **who)
        elif said["move_to"]:
            operations.set_status(status=said["move_to"], **who)

    def get_urls(self) -> list[Any]:
        file = self.admin_site.admin_view(self.attachment)
        return [path("attachments/<int:pk>/", file, name="tickets_attachment"), *super().get_urls()]

    def attachment(self, request: HttpRequest, pk: int) -> FileResponse:
        """A file of any message, for whoever may see tickets."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return download(get_object_or_404(Attachment, pk=pk))
