"""The pages of IP Centrex: one line a page."""

from django.urls import path

from centrex.pages import lines
from centrex.pages.line import general

app_name = "centrex"
urlpatterns = [
    path("lines/", lines.List.as_view(), name="lines"),
    path("lines/<int:pk>/", general.General.as_view(), name="line"),
]
