"""The pages of IP Centrex: one line a page."""

from django.urls import path

from centrex.pages import (
    did_purchase,
    dids,
    extension_name,
    extensions,
    huntgroup_members,
    huntgroups,
    lines,
    music,
    recordings,
    sounds,
)
from centrex.pages.dialing import rules as dialing
from centrex.pages.line import general

app_name = "centrex"
urlpatterns = [
    path("lines/", lines.List.as_view(), name="lines"),
    path("lines/<int:pk>/", general.General.as_view(), name="line"),
    path("recordings/<int:pk>/", recordings.Recording.as_view(), name="recording"),
    path("dids/", dids.List.as_view(), name="dids"),
    path("dids/add/", did_purchase.Countries.as_view(), name="did-add"),
    path("dids/add/cities/", did_purchase.Cities.as_view(), name="did-cities"),
    path("dids/add/numbers/", did_purchase.Numbers.as_view(), name="did-numbers"),
    path("dids/add/reserve/", did_purchase.Reserve.as_view(), name="did-reserve"),
    path("dids/<int:pk>/buy/", did_purchase.Buy.as_view(), name="did-buy"),
    path("dids/<int:pk>/cancel/", did_purchase.Cancel.as_view(), name="did-cancel"),
    path("dids/<int:pk>/assign/", dids.Assign.as_view(), name="did-assign"),
    path("dids/<int:pk>/delete/", dids.Release.as_view(), name="did-release"),
    path("extensions/", extensions.List.as_view(), name="extensions"),
    path("extensions/add/", extensions.Add.as_view(), name="extension-add"),
    path("extensions/<int:pk>/", extensions.Edit.as_view(), name="extension-edit"),
    path("extensions/<int:pk>/rename/", extensions.Rename.as_view(), name="extension-rename"),
    path("extensions/<int:pk>/delete/", extensions.Delete.as_view(), name="extension-delete"),
    path("extensions/<int:pk>/recorded-name/", extension_name.Edit.as_view(), name="extension-name"),
    path("extensions/<int:pk>/recorded-name/remove/", extension_name.Remove.as_view(), name="extension-name-remove"),
    path("huntgroups/", huntgroups.List.as_view(), name="huntgroups"),
    path("huntgroups/add/", huntgroups.Add.as_view(), name="huntgroup-add"),
    path("huntgroups/<int:pk>/", huntgroups.Edit.as_view(), name="huntgroup-edit"),
    path("huntgroups/<int:pk>/members/", huntgroup_members.Configure.as_view(), name="huntgroup-members"),
    path("huntgroups/<int:pk>/delete/", huntgroups.Delete.as_view(), name="huntgroup-delete"),
    path("dialing/", dialing.Rules.as_view(), name="dialing"),
    path("music/", music.Music.as_view(), name="music"),
    path("music/<int:pk>/remove/", music.UseDefault.as_view(), name="music-remove"),
    path("sounds/<int:pk>/", sounds.Listen.as_view(), name="sound"),
    path("sounds/default-tune/", sounds.DefaultTune.as_view(), name="default-tune"),
]
