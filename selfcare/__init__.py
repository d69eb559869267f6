"""The portal's ground floor and roof."""

# Tasks are sent to the broker of the settings only when the application is there.
from selfcare.celery import app as celery_app

__all__ = ["celery_app"]
