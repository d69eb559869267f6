"""A new SIP password for a line: made after the user's own password was given again, and shown once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from centrex.operations.sip import renew_password
from centrex.pages.line.section import LineForm
from centrex.queries.sip import sip_account
from selfcare.crud.forms import ActForm
from selfcare.crud.password import PasswordAgain, given_again
from selfcare.errors import Outdated, Refused


class RenewForm(ActForm):
    password = PasswordAgain(help_text=_("The one with which you signed in here."))

    class Meta:
        model = Line
        fields: ClassVar[list[str]] = []


class Renew(LineForm):
    """Asks; a press of the button answers with the password itself, not with a redirect, so that nothing keeps it."""

    section = "centrex:line"
    intro = _("The password with which the phone of this line signs in. We keep none, so we can only make a new one.")
    form_class = RenewForm
    template_name = "centrex/line/sip_password.html"
    save_label = _("Make a new password")
    always_changes = True

    def has_panel(self) -> bool:
        """A password decides about no call."""
        return False

    def form_valid(self, form: RenewForm) -> HttpResponse:
        try:
            password = renew_password(
                user=self.request.user,
                line=self.object,
                version=form.cleaned_data.get("version"),
                confirmed=given_again(self.request, form.cleaned_data["password"]),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Outdated):
                form.take_current_version()
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, shown=password, history=None))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"title": _("New SIP password"), "account": sip_account(self.object)}
        return super().get_context_data(**(words | {"back": self.get_success_url()} | kwargs))
