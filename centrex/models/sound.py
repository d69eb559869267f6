"""Sounds that people give us: recorded names, music on hold, prompts."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned


def stored_as(sound: Sound, filename: str) -> str:
    """A path that nothing a person typed is part of."""
    return f"sounds/{sound.customer_id}/{uuid.uuid4()}"


@tracked(only=["id", "customer", "name", "purpose", "original", "uploaded_at"])
class Sound(CustomerOwned):
    """A sound as it was given, and as phones play it: 8 and 16 kHz mono WAV, made by a job."""

    class Purpose(models.TextChoices):
        NAME = "name", _("Recorded name")
        MUSIC = "music", _("Music on hold")
        PROMPT = "prompt", _("Prompt")

    class State(models.TextChoices):
        WAITING = "waiting", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    name = models.CharField(_("name"), max_length=100)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    original = models.FileField(_("file"), upload_to=stored_as, max_length=200)
    wav_8k = models.FileField(_("8 kHz"), upload_to=stored_as, max_length=200, blank=True)
    wav_16k = models.FileField(_("16 kHz"), upload_to=stored_as, max_length=200, blank=True)
    seconds = models.DecimalField(_("duration, sec"), max_digits=7, decimal_places=2, null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("sound")
        verbose_name_plural = _("sounds")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["uploaded_at"], name="sounds_waiting", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.name
