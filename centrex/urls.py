"""The pages of IP Centrex: one line a page."""

from django.urls import path

from centrex.pages import (
    extension_name,
    extensions,
    huntgroup_members,
    huntgroups,
    lines,
    music,
    queues,
    recordings,
    sites,
    sounds,
)
from centrex.pages.dialing import rules as dialing
from centrex.pages.line import general, site

app_name = "centrex"
urlpatterns = [
    path("lines/", lines.List.as_view(), name="lines"),
    path("lines/<int:pk>/", general.General.as_view(), name="line"),
    path("lines/<int:pk>/site/", site.Choose.as_view(), name="line-site"),
    path("recordings/<int:pk>/", recordings.Recording.as_view(), name="recording"),
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
    path("sites/", sites.List.as_view(), name="sites"),
    path("sites/add/", sites.Add.as_view(), name="site-add"),
    path("sites/<int:pk>/", sites.Edit.as_view(), name="site-edit"),
    path("sites/<int:pk>/lines/", sites.Lines.as_view(), name="site-lines"),
    path("sites/<int:pk>/delete/", sites.Delete.as_view(), name="site-delete"),
    path("queues/", queues.List.as_view(), name="queues"),
    path("queues/add/", queues.Add.as_view(), name="queue-add"),
    path("queues/<int:pk>/", queues.Edit.as_view(), name="queue-edit"),
    path("queues/<int:pk>/delete/", queues.Delete.as_view(), name="queue-delete"),
    path("dialing/", dialing.Rules.as_view(), name="dialing"),
    path("music/", music.Music.as_view(), name="music"),
    path("music/<int:pk>/remove/", music.UseDefault.as_view(), name="music-remove"),
    path("sounds/<int:pk>/", sounds.Listen.as_view(), name="sound"),
    path("sounds/default-tune/", sounds.DefaultTune.as_view(), name="default-tune"),
]
