"""The pages of IP Centrex: one line a page."""

from django.urls import path

from centrex.pages import extensions, huntgroup_members, huntgroups, lines, recordings, undo
from centrex.pages.dialing import rules as dialing
from centrex.pages.line import general

app_name = "centrex"
urlpatterns = [
    path("lines/", lines.List.as_view(), name="lines"),
    path("lines/<int:pk>/", general.General.as_view(), name="line"),
    path("recordings/<int:pk>/", recordings.Recording.as_view(), name="recording"),
    path("extensions/", extensions.List.as_view(), name="extensions"),
    path("extensions/add/", extensions.Add.as_view(), name="extension-add"),
    path("extensions/<int:pk>/", extensions.Edit.as_view(), name="extension-edit"),
    path("extensions/<int:pk>/rename/", extensions.Rename.as_view(), name="extension-rename"),
    path("extensions/<int:pk>/delete/", extensions.Delete.as_view(), name="extension-delete"),
    path("huntgroups/", huntgroups.List.as_view(), name="huntgroups"),
    path("huntgroups/add/", huntgroups.Add.as_view(), name="huntgroup-add"),
    path("huntgroups/<int:pk>/", huntgroups.Edit.as_view(), name="huntgroup-edit"),
    path("huntgroups/<int:pk>/members/", huntgroup_members.Configure.as_view(), name="huntgroup-members"),
    path("huntgroups/<int:pk>/delete/", huntgroups.Delete.as_view(), name="huntgroup-delete"),
    path("dialing/", dialing.Rules.as_view(), name="dialing"),
    path("undo/<int:pk>/", undo.Undo.as_view(), name="undo"),
]
