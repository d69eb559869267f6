"""Sounds that people give us: recorded names, music on hold, prompts."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.sounds.convert import Fault
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned


def stored_as(sound: Sound, filename: str) -> str:
    """A path that nothing a person typed is part of."""
    return f"sounds/{sound.customer_id}/{uuid.uuid4()}"


@tracked(only=["id", "customer", "name", "purpose"])
class Sound(CustomerOwned):
    """A sound as it was given, and as phones play it: 8 and 16 kHz mono WAV, made by a job.

    What was given is kept only until it is converted; nobody ever gets it back. `bytes` is what all its files take.
    A worker that converts it has it until `taken_until`.
    """

    class Purpose(models.TextChoices):
        NAME = "name", _("Recorded name")
        MUSIC = "music", _("Music on hold")
        PROMPT = "prompt", _("Prompt")

    class State(models.TextChoices):
        WAITING = "waiting", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    class Reason(models.TextChoices):
        """Why a sound has failed, as its owner reads it."""

        NO_SOUND = Fault.NO_SOUND.value, _("There is no sound in this file.")
        DAMAGED = Fault.DAMAGED.value, _("This file is damaged, or it is not the kind of sound that it seems to be.")
        TOO_LONG = Fault.TOO_LONG.value, _("It is too long: music may last 10 minutes, a name 30 seconds.")
        TOO_SLOW = Fault.TOO_SLOW.value, _("It took too long to convert. Save it as a plain MP3 or WAV and try again.")
        GAVE_UP = "gave_up", _("It could not be converted, although we tried several times. Try another file.")

    name = models.CharField(_("name"), max_length=100)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=200, choices=Reason, blank=True)
    original = models.FileField(_("file"), upload_to=stored_as, max_length=200, blank=True)
    wav_8k = models.FileField(_("8 kHz"), upload_to=stored_as, max_length=200, blank=True)
    wav_16k = models.FileField(_("16 kHz"), upload_to=stored_as, max_length=200, blank=True)
    seconds = models.DecimalField(_("duration, sec"), max_digits=7, decimal_places=2, null=True, blank=True)
    bytes = models.PositiveBigIntegerField(_("size, bytes"), default=0)
    uploaded_at = models.DateTimeField(_("uploaded"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    taken_until = models.DateTimeField(_("taken until"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("sound")
        verbose_name_plural = _("sounds")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["uploaded_at"], name="sounds_waiting", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ready(self) -> bool:
        """Whether phones can play it."""
        return self.state == self.State.READY
