"""The address book of the portal: one line a page."""

from allauth.account import views as account
from allauth.usersessions import views as sessions
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from billing.gateways import webhooks
from selfcare.pages import activity, brand, dashboard, health, preferences, profile, profile_undo, signing_in, view_as

profile_urls = (
    [
        path("", profile.General.as_view(), name="general"),
        path("activity/", activity.List.as_view(), name="activity"),
        path("undo/<int:pk>/", profile_undo.Undo.as_view(), name="undo"),
        path("confirm-email/<str:token>/", profile.confirm_email, name="confirm-email"),
    ],
    "profile",
)

urlpatterns = [
    path("", dashboard.Dashboard.as_view(), name="dashboard"),
    path("windows/", dashboard.keep_windows, name="dashboard-windows"),
    path("profile/", include(profile_urls)),
    path("centrex/", include("centrex.urls")),
    path("billing/", include("billing.urls")),
    path("tickets/", include("tickets.urls")),
    path("payments/webhooks/stripe/", webhooks.stripe_webhook, name="stripe-webhook"),
    path(
        "payments/webhooks/paynearme/authorization/",
        webhooks.paynearme_authorization,
        name="paynearme-authorization",
    ),
    path("payments/webhooks/paynearme/confirmation/", webhooks.paynearme_notice, name="paynearme-confirmation"),
    path("payments/webhooks/paynearme/reverse/", webhooks.paynearme_notice, name="paynearme-reverse"),
    path("admin/view-as/<int:pk>/", view_as.begin, name="view-as"),
    path("admin/", admin.site.urls),
    path("view-as/end/", view_as.end, name="view-as-end"),
    path("preferences/", preferences.keep_preference, name="preference"),
    path("preferences/tables/<str:name>/", preferences.keep_table, name="table-preference"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", signing_in.SignOut.as_view(), name="account_logout"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/password/reset/", account.password_reset, name="account_reset_password"),
    path("accounts/password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("accounts/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    # Not static(): it asks for the collected files, and this module is read before they are collected.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}img/icon.svg"), name="favicon"),
    path("brand.css", brand.brand_css, name="brand-css"),
    path("brand/logo/", brand.brand_logo, name="brand-logo"),
]

handler400 = "selfcare.pages.errors.bad_request"
handler403 = "selfcare.pages.errors.forbidden"
handler404 = "selfcare.pages.errors.not_found"
handler500 = "selfcare.pages.errors.server_error"
