"""The app's name in the administration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Tickets(AppConfig):
    """What customers report, and what staff answer."""

    name = "tickets"
    verbose_name = _("Tickets")
