"""The pages of IP Centrex: one line a page."""

from django.urls import path

from centrex.pages import (
    abbreviated,
    extensions,
    general,
    huntgroup_members,
    huntgroups,
    identity,
    incoming,
    lines,
    outgoing,
    recordings,
    sheets,
)
from centrex.pages.dialing import rules as dialing
from centrex.pages.line import general as line_general

app_name = "centrex"
urlpatterns = [
    path("general/", general.General.as_view(), name="general"),
    path("incoming/", incoming.Incoming.as_view(), name="incoming"),
    path("outgoing/", outgoing.Outgoing.as_view(), name="outgoing"),
    path("identity/", identity.Identity.as_view(), name="identity"),
    path("abbreviated/", abbreviated.List.as_view(), name="abbreviated"),
    path("abbreviated/length/", abbreviated.Length.as_view(), name="abbreviated-length"),
    path("abbreviated/add/", abbreviated.Add.as_view(), name="abbreviated-add"),
    path("abbreviated/spreadsheet/", sheets.Abbreviated.as_view(), name="abbreviated-sheet"),
    path("abbreviated/spreadsheet/<int:pk>/", sheets.AbbreviatedCheck.as_view(), name="abbreviated-sheet-check"),
    path("abbreviated/<int:pk>/", abbreviated.Edit.as_view(), name="abbreviated-edit"),
    path("abbreviated/<int:pk>/delete/", abbreviated.Delete.as_view(), name="abbreviated-delete"),
    path("lines/", lines.List.as_view(), name="lines"),
    path("lines/<int:pk>/", line_general.General.as_view(), name="line"),
    path("recordings/<int:pk>/", recordings.Recording.as_view(), name="recording"),
    path("extensions/", extensions.List.as_view(), name="extensions"),
    path("extensions/add/", extensions.Add.as_view(), name="extension-add"),
    path("extensions/spreadsheet/", sheets.Extensions.as_view(), name="extensions-sheet"),
    path("extensions/spreadsheet/<int:pk>/", sheets.ExtensionsCheck.as_view(), name="extensions-sheet-check"),
    path("extensions/<int:pk>/", extensions.Edit.as_view(), name="extension-edit"),
    path("extensions/<int:pk>/rename/", extensions.Rename.as_view(), name="extension-rename"),
    path("extensions/<int:pk>/delete/", extensions.Delete.as_view(), name="extension-delete"),
    path("huntgroups/", huntgroups.List.as_view(), name="huntgroups"),
    path("huntgroups/add/", huntgroups.Add.as_view(), name="huntgroup-add"),
    path("huntgroups/spreadsheet/", sheets.Huntgroups.as_view(), name="huntgroups-sheet"),
    path("huntgroups/spreadsheet/<int:pk>/", sheets.HuntgroupsCheck.as_view(), name="huntgroups-sheet-check"),
    path("huntgroups/<int:pk>/", huntgroups.Edit.as_view(), name="huntgroup-edit"),
    path("huntgroups/<int:pk>/members/", huntgroup_members.Configure.as_view(), name="huntgroup-members"),
    path("huntgroups/<int:pk>/delete/", huntgroups.Delete.as_view(), name="huntgroup-delete"),
    path("dialing/", dialing.Rules.as_view(), name="dialing"),
]
