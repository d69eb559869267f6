"""The administration, where staff of the telephone company work."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from selfcare.admin import customers, records, users

__all__ = ["customers", "records", "users"]

# One door for everybody: the portal's login with its lock-out, instead of the administration's own form.
admin.site.login = secure_admin_login(admin.site.login)
