"""The pages of IP Centrex: one line a page."""

from django.urls import path

from centrex.pages import extensions, huntgroup_members, huntgroups, lines, queues, recordings, sites
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
]
