"""Call queues in front of huntgroups."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.huntgroup import HOUR, Huntgroup
from centrex.models.sound import Sound
from selfcare.models import Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned


@tracked()
class CallQueue(Versioned, CustomerOwned):
    """Callers of a huntgroup wait in line while all its phones are busy; kept by the main office.

    `call_seconds` is how long a call usually takes; `max_connected` empty: as many as the group has extensions.
    """

    huntgroup = models.OneToOneField(
        Huntgroup, on_delete=models.CASCADE, related_name="queue", verbose_name=_("Huntgroup")
    )
    max_waiting = models.PositiveSmallIntegerField(
        _("Maximum Number of Unconnected Calls"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    call_seconds = models.PositiveIntegerField(
        _("Call Duration"), default=180, validators=[MinValueValidator(1), MaxValueValidator(10 * HOUR)]
    )
    max_connected = models.PositiveSmallIntegerField(
        _("Maximum Number of Connected Calls"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    music = models.ForeignKey(
        Sound, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Music on Hold")
    )

    class Meta:
        verbose_name = _("call queue")
        verbose_name_plural = _("call queues")
        ordering = ["huntgroup__number"]

    def __str__(self) -> str:
        return str(self.huntgroup)
