"""The Dashboard."""

from django.views.generic import TemplateView

from selfcare.crud.views import Page


class Dashboard(Page, TemplateView):
    page = "dashboard"
    title = "Dashboard"
    template_name = "portal.html"
