"""Logins of customers and of staff."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from selfcare.models import AuditEvent, Preference, User

POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Nobody gives himself or others more power than he has: staff rights are for superusers to hand out."""

    list_display = ("username", "email", "first_name", "last_name", "customer", "role", "is_active", "is_staff")
    list_filter = ("role", "is_active", "is_staff", "is_superuser")
    list_select_related = ("customer",)
    search_fields = ("username", "email", "first_name", "last_name", "customer__company_name")
    autocomplete_fields = ("customer",)
    readonly_fields = ("last_login", "date_joined")
    actions = ("end_sessions",)
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Person"), {"fields": (("first_name", "last_name"), "email", "mobile")}),
        (_("Customer"), {"fields": ("customer", "role")}),
        (_("Reading"), {"fields": ("language", "time_zone", "date_format", "theme")}),
        (_("Staff"), {"fields": POWERS}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "email", "customer", "role", "usable_password", "password1", "password2"),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        given = tuple(super().get_readonly_fields(request, obj))
        return given if request.user.is_superuser else (*given, *POWERS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self.is_below(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self.is_below(request, obj)

    def is_below(self, request: HttpRequest, obj: User | None) -> bool:
        """Staff look after customers' users; colleagues are a superuser's business."""
        return request.user.is_superuser or obj is None or not (obj.is_staff or obj.is_superuser)

    @admin.action(description=_("End the sessions of the selected users"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        chosen = [user for user in users if self.is_below(request, user)]
        count = 0
        for user in chosen:
            for session in UserSession.objects.filter(user=user):
                session.end()
                count += 1
            AuditEvent.write(user=request.user, action="end sessions", record=user)
        words = ngettext("%(count)s session was ended.", "%(count)s sessions were ended.", count)
        messages.success(request, words % {"count": count})


@admin.register(Preference)
class PreferenceAdmin(admin.ModelAdmin):
    """What the portal remembers for a user; deleting it puts the page back to how it came."""

    list_display = ("user", "name", "value")
    list_select_related = ("user",)
    search_fields = ("user__username", "name")
    readonly_fields = ("user", "name", "value")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
