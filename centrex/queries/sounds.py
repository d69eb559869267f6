"""Sounds: what plays while a caller is on hold."""

from __future__ import annotations

from django.db.models import QuerySet

from centrex.models import Sound
from selfcare.models import Customer


def music_choices(customer: Customer | None) -> QuerySet[Sound]:
    """The music of `customer` that a call queue can play."""
    music: QuerySet[Sound] = Sound.for_customer(customer).filter(purpose=Sound.Purpose.MUSIC)
    return music.filter(state=Sound.State.READY)
