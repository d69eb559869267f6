"""The app's name in the administration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Billing(AppConfig):
    """What calls cost, what was invoiced, and what was paid."""

    name = "billing"
    verbose_name = _("Billing")
