"""My Profile: General."""

from django.views.generic import TemplateView

from selfcare.crud.views import Page


class General(Page, TemplateView):
    page = "profile:general"
    title = "General"
    template_name = "portal.html"
