"""Every address of the portal."""

from django.urls import path

from selfcare.pages import health

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]
