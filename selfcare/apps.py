"""The foundation as a Django app, and the packages' apps under names that staff understand."""

from allauth.usersessions.apps import UserSessionsConfig
from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.apps import AuthConfig
from django.utils.translation import gettext_lazy as _


class Selfcare(AppConfig):
    """Customers, their users, and the telephone company itself."""

    name = "selfcare"
    verbose_name = _("Customers")


class Administration(AdminConfig):
    """Django's administration with our order of apps."""

    default_site = "selfcare.admin_site.StaffSite"


class Rights(AuthConfig):
    """Groups of staff."""

    verbose_name = _("Rights of staff")


class Sessions(UserSessionsConfig):
    """Who is signed in."""

    verbose_name = _("Signed-in users")


class LockedOut(AxesConfig):
    """Whose login is locked after wrong passwords."""

    verbose_name = _("Locked logins")
