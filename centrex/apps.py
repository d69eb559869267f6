"""The app's name in the administration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Centrex(AppConfig):
    """Lines, numbers, extensions and huntgroups."""

    name = "centrex"
    verbose_name = _("Telephone system")
