"""Asking for the password again before an act that frauds begin with: an open session alone must not be enough."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class AsksPassword:
    """Mixed into a form, before its other bases: `ask_password()` in `clean` puts the field into the form.

    A wrong password counts as one at the sign-in: after as many of them the login is locked for a while (429).
    """

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = forms.CharField(
            label=_("Your password"),
            required=False,
            strip=False,
            max_length=4096,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )

    def ask_password(self: Any, why: str) -> bool:
        """Whether the password of who is signed in was typed; if not, the field stands in the form and says `why`."""
        self.helper.layout.append("password")
        typed = self.cleaned_data.get("password", "")
        if not typed:
            self.add_error("password", why)
            return False
        user = self.request.user
        if authenticate(self.request, username=user.get_username(), password=typed) != user:
            self.add_error("password", gettext("This is not your password. Nothing was changed."))
            return False
        return True
