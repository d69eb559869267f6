"""What happens around every request: where it came from, what the log keeps of it, who may keep the answer."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_structlog.middlewares import RequestMiddleware
from pghistory import middleware as pghistory

from selfcare import access
from selfcare.logs import MAILED_LINKS
from selfcare.tenancy import SAFE_METHODS

HEALTH = "/health/"
# What a page of ours may ask the browser for: the microphone, to record a name or music. Nothing else, and no frame.
DEVICES = "camera=(), display-capture=(), geolocation=(), microphone=(self), midi=(), payment=(), usb=()"


def client_ip(request: HttpRequest) -> str:
    """The address that the request came from; X-Forwarded-For counts as far as TRUSTED_PROXIES wrote it."""
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    count = settings.TRUSTED_PROXIES
    heard = hops[-count].strip() if 0 < count <= len(hops) else ""
    try:
        return str(ip_address(heard))
    except ValueError:  # nothing trusted was said: whoever holds the connection
        return str(request.META.get("REMOTE_ADDR", ""))


class PrivacyMiddleware:
    """No cache keeps an answer unless it says so, pages reach no device but DEVICES, and health pages are nobody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(HEALTH):
            request.COOKIES = {}  # so that no session is looked up in a database that may be away
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", DEVICES)
        return response


class CleanMiddleware:
    """400 for a NUL in the address or in a cookie: PostgreSQL takes none, and no browser sends one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or any("\0" in value for value in request.COOKIES.values()):
            raise BadRequest("NUL in the address or in a cookie")
        return self.get_response(request)


class RequestLogMiddleware(RequestMiddleware):
    """One line when a request begins and one when it ends; queries are left out, for they name people and numbers."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=client_ip(request))

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """The user's id, unless the database is away; then the page finds that out by itself."""
        try:
            RequestMiddleware.bind_user_id(request)
        except Error:
            structlog.contextvars.bind_contextvars(user_id=None)


class LineUserMiddleware:
    """403 for every address that the user of one phone line was not given (`access.LINE_USER_MAY`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not getattr(request.user, "is_line_user", False) or not getattr(view, "login_required", True):
            return None
        act = access.VIEW if request.method in SAFE_METHODS else access.CHANGE
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not access.may(request, act, name):
            raise PermissionDenied(_("Your login is for your own phone line only."))
        if request.customer.only_line == 0 and name.startswith(("dashboard", "centrex:")):
            raise PermissionDenied(_("Your login has no phone line yet. Ask whoever keeps the telephones."))
        return None


class HistoryMiddleware(pghistory.HistoryMiddleware):
    """The states of rows that a request makes name its user and its address, without the secret of a mailed link."""

    def get_context(self, request: HttpRequest) -> dict[str, object]:
        return super().get_context(request) | {"url": MAILED_LINKS.sub(r"\1…", request.path)}
