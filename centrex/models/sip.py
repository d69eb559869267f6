"""Who a line is to others: the name and password of its phone, and the person who signs in to the portal for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.line import Line
from selfcare.tenancy import CustomerOwned


class SipCredential(CustomerOwned):
    """What a SIP server needs to check a phone: HA1 = H(user:realm:password) by MD5 and SHA-256 (RFC 2617, RFC 8760).

    The password itself is kept nowhere; a new one takes the place of the row.
    """

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="sip")
    user = models.CharField(_("SIP user"), max_length=64)
    realm = models.CharField(_("realm"), max_length=100)
    ha1_md5 = models.CharField(_("HA1 (MD5)"), max_length=32, editable=False)
    ha1_sha256 = models.CharField(_("HA1 (SHA-256)"), max_length=64, editable=False)
    set_at = models.DateTimeField(_("set"))

    class Meta:
        verbose_name = _("SIP password")
        verbose_name_plural = _("SIP passwords")
        constraints = [models.UniqueConstraint(fields=["user", "realm"], name="sip_user_once_a_realm")]

    def __str__(self) -> str:
        return f"{self.user}@{self.realm}"


class LineLogin(CustomerOwned):
    """The line of a login with the role of a phone line's user: the one that this person sees."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="line_login", verbose_name=_("login")
    )
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="logins", verbose_name=_("phone line"))

    class Meta:
        verbose_name = _("login of a phone line")
        verbose_name_plural = _("logins of phone lines")

    def __str__(self) -> str:
        return f"{self.user} ({self.line})"
