"""The administration as a whole: its door, the order of its parts, and what it leaves out."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

# As often as staff need them; what is not named comes last.
ORDER = ("selfcare", "tickets", "billing", "centrex", "auth", "usersessions", "axes")
# Of the packages' models staff need three: groups for rights, sessions to end, and access attempts to unlock a login.
# E-mail addresses are the users' own field here, and the other two are logs that nothing is ever decided by.
LEFT_OUT = {"account.emailaddress", "axes.accesslog", "axes.accessfailurelog"}


class StaffSite(AdminSite):
    """One door for everybody: the portal's login with its lock-out, instead of the administration's own form."""

    index_title = _("Administration")

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return secure_admin_login(super().login)(request, extra_context)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple | set) else [model_or_iterable]
        super().register([one for one in models if one._meta.label_lower not in LEFT_OUT], admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = super().get_app_list(request, app_label)
        last = len(ORDER)
        return sorted(apps, key=lambda app: ORDER.index(app["app_label"]) if app["app_label"] in ORDER else last)
