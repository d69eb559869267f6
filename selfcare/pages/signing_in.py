"""Signing in: what differs from allauth's own ways."""

import uuid

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from selfcare import mail
from selfcare.middleware import client_ip


def is_own_address(url: str) -> bool:
    """Whether `url` is a path of this host; whatever else stands in a "next" leads nowhere."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


class AccountAdapter(DefaultAccountAdapter):
    """No signing up by oneself, and mails go through the outbox, so that a mail server that is down costs nothing."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        return is_own_address(url or "")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        message = self.render_mail(template_prefix, email, context)
        mail.put(to=[email], subject=message.subject, body=message.body, key=f"account:{uuid.uuid4()}")


class SignOut(LogoutView):
    """Ends the session, and has the browser forget the pages that it kept."""

    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def locked_out(request: HttpRequest, credentials: dict, *args: object, **kwargs: object) -> HttpResponse:
    """429: too many wrong passwords for this login from this address; says how long to wait."""
    return render(request, "account/locked_out.html", status=429)
