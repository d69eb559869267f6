"""Huntgroups: one call, many extensions."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.dial_target import DialTarget
from centrex.models.extension import DIGITS, Extension
from centrex.models.filters import Schedule
from centrex.models.line import Line
from centrex.models.office import OfficeOwned
from selfcare.models import Versioned
from selfcare.models.history import tracked

HOUR = 3600


@tracked()
class Huntgroup(Versioned, OfficeOwned):
    """A number that delivers one call to the extensions and huntgroups that it includes."""

    class Sequence(models.TextChoices):
        ORDER = "order", _("Order")
        RANDOM = "random", _("Random")
        SIMULTANEOUS = "simultaneous", _("Simultaneous")
        LEAST_USED = "least_used", _("Least used")

    class CallerId(models.TextChoices):
        KEEP = "keep", _("Keep original")
        GROUP = "group", _("Set to name and CLI of the huntgroup")
        GROUP_NAME = "group_name", _("Replace Caller Info with Huntgroup Name, keep Caller CLI")

    class Closed(models.TextChoices):
        """What happens to calls outside the opening hours; a call to a number outside is made by `closed_line`."""

        HANG_UP = "hang_up", _("The call ends")
        GROUP = "group", _("Another huntgroup rings")
        EXTENSION = "extension", _("An extension rings")
        VOICEMAIL = "voicemail", _("The caller can leave a message")
        NUMBER = "number", _("The call goes to a number outside")

    number = models.CharField(_("huntgroup number"), max_length=6, validators=[DIGITS])
    name = models.CharField(_("huntgroup name"), max_length=60)
    sequence = models.CharField(
        _("hunt sequence"),
        max_length=12,
        choices=Sequence,
        default=Sequence.ORDER,
        help_text=_("Least used rings the phone first that has been quiet for the longest time."),
    )
    caller_id = models.CharField(_("caller ID"), max_length=10, choices=CallerId, default=CallerId.KEEP)
    pickup_allowed = models.BooleanField(
        _("call pickup allowed"),
        default=False,
        help_text=_("Members may answer a call that rings on another phone of the group."),
    )

    hours = models.ForeignKey(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("opening hours")
    )
    closed_action = models.CharField(_("outside these hours"), max_length=10, choices=Closed, default=Closed.HANG_UP)
    closed_group = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("other huntgroup")
    )
    closed_extension = models.ForeignKey(
        Extension, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("extension")
    )
    closed_line = models.ForeignKey(
        Line, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("phone line")
    )
    closed_number = DialTarget(_("number outside"), blank=True)

    class Meta:
        verbose_name = _("huntgroup")
        verbose_name_plural = _("huntgroups")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "number"],
                name="huntgroup_number_once",
                deferrable=models.Deferrable.IMMEDIATE,  # two numbers may change places in one statement
                violation_error_message=_("This number is already in use."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


@tracked()
class HuntgroupMember(models.Model):
    """An extension inside a huntgroup; `ring_time` empty rings without end. Times in seconds."""

    huntgroup = models.ForeignKey(Huntgroup, on_delete=models.CASCADE, related_name="members")
    extension = models.ForeignKey(Extension, on_delete=models.CASCADE, related_name="memberships")
    position = models.PositiveSmallIntegerField(_("order"))
    ring_delay = models.PositiveSmallIntegerField(_("ring delay, sec"), default=0, validators=[MaxValueValidator(HOUR)])
    ring_time = models.PositiveSmallIntegerField(
        _("ring time, sec"), null=True, blank=True, validators=[MaxValueValidator(HOUR)]
    )
    ignore_forwarding = models.BooleanField(_("ignore follow-me/voicemail"), default=True)

    class Meta:
        verbose_name = _("included extension")
        verbose_name_plural = _("included extensions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["huntgroup", "extension"], name="extension_once_in_group"),
            models.UniqueConstraint(
                fields=["huntgroup", "position"],
                name="one_member_a_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.extension} ({self.huntgroup})"


@tracked()
class IncludedHuntgroup(models.Model):
    """A huntgroup inside a huntgroup; circles are refused by `centrex.operations.huntgroups`."""

    huntgroup = models.ForeignKey(Huntgroup, on_delete=models.CASCADE, related_name="included_groups")
    included = models.ForeignKey(Huntgroup, on_delete=models.CASCADE, related_name="included_in")
    position = models.PositiveSmallIntegerField(_("order"))
    ignore_forwarding = models.BooleanField(_("ignore follow-me/voicemail"), default=True)

    class Meta:
        verbose_name = _("included huntgroup")
        verbose_name_plural = _("included huntgroups")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["huntgroup", "included"], name="group_once_in_group"),
            models.CheckConstraint(condition=~models.Q(huntgroup=models.F("included")), name="no_group_in_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.included} ({self.huntgroup})"
