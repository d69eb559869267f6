"""The password once more: a form field and its check, for acts that thieves of telephone time would begin with."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selfcare.errors import Refused

ACTION = "password_again"  # its limit is in the settings


class PasswordAgain(forms.CharField):
    """Empty unless somebody is asked for it; what was typed is never sent back."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "form-control"})
        usual = {"label": gettext_lazy("Your password"), "required": False, "strip": False, "max_length": 200}
        super().__init__(**(usual | {"widget": widget} | kwargs))


def given_again(request: Any, typed: str) -> bool:
    """Whether the user's own password stands there; Refused at the field "password" when it is wrong.

    After five wrong ones nobody may try again for 15 minutes. While a form is only tried out, nobody has to prove
    anything: nothing is kept.
    """
    if getattr(request, "tries_only", False):
        return True
    if not typed:
        return False
    if not ratelimit.consume(request, action=ACTION, user=request.user):
        raise Refused(_("This was tried too often. Try again in 15 minutes."), field="password")
    if not request.user.check_password(typed):
        raise Refused(_("This is not your password."), field="password")
    ratelimit.clear(request, action=ACTION, user=request.user)
    return True
