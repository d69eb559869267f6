"""Lists of a line: where it forwards to, and which calls it treats in another way."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.dial_target import DialTarget
from centrex.models.filters import NumberFilter, Schedule
from centrex.models.line import Line
from centrex.models.sound import Sound
from selfcare.models.history import tracked

RING_SECONDS = [MinValueValidator(5), MaxValueValidator(600)]


class Transport(models.TextChoices):
    """How SIP messages travel."""

    UDP = "udp", _("UDP")
    TCP = "tcp", _("TCP")


class SipProxy(models.Model):
    """A SIP server that the ITSP lets customers forward to."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    address = models.CharField(_("address"), max_length=100, help_text=_("Host name or IP address, with port."))

    class Meta:
        verbose_name = _("SIP proxy")
        verbose_name_plural = _("SIP proxies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class ForwardNumber(models.Model):
    """A number in a line's follow-me or advanced list. `number` is E.164 without the plus, or an extension."""

    class Display(models.TextChoices):
        CALLER = "caller", _("Caller Number and Name")
        CALLER_FORWARDER = "caller_forwarder", _("Caller Number and Forwarder Name")
        FORWARDER = "forwarder", _("Forwarder Number and Name")

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="forward_numbers")
    position = models.PositiveSmallIntegerField(_("order"))
    enabled = models.BooleanField(_("Enable Rule"), default=True)
    description = models.CharField(_("Description"), max_length=60, blank=True)
    number = DialTarget(_("Number"))
    ring_seconds = models.PositiveSmallIntegerField(_("Ring for"), default=20, validators=RING_SECONDS)
    display = models.CharField(_("Calling Party Display"), max_length=20, choices=Display, default=Display.CALLER)
    period = models.TextField(_("Ring Schedule"), max_length=2000, blank=True)
    must_accept = models.BooleanField(_("Answer counts after pressing a key"), default=False)
    proxy = models.ForeignKey(
        SipProxy, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("SIP Proxy")
    )
    keep_cld = models.BooleanField(_("Keep Original CLD"), default=False)
    transport = models.CharField(_("Transport Protocol"), max_length=3, choices=Transport, default=Transport.UDP)

    class Meta:
        verbose_name = _("forwarding number")
        verbose_name_plural = _("forwarding numbers")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "position"],
                name="one_forward_a_position",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.description}".strip()


@tracked()
class ScreeningRule(models.Model):
    """When caller, called number and time all match, `action` is done and no further rule is looked at."""

    class Action(models.TextChoices):
        RING = "ring", _("Ring only")
        RING_FORWARD = "ring_forward", _("Ring, then forward")
        RING_VOICEMAIL = "ring_voicemail", _("Ring, then voicemail")
        ALL = "all", _("Ring, forward, voicemail")
        FORWARD = "forward", _("Forward only")
        FORWARD_VOICEMAIL = "forward_voicemail", _("Forward, then voicemail")
        VOICEMAIL = "voicemail", _("Voicemail only")
        REJECT = "reject", _("Reject")
        NUMBER = "number", _("Forward to a number")
        PLAY = "play", _("Play a message, then hang up")

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="screening_rules")
    position = models.PositiveSmallIntegerField(_("order"))
    enabled = models.BooleanField(_("Enable Rule"), default=True)
    name = models.CharField(_("Description"), max_length=60, blank=True)
    callers = models.ForeignKey(
        NumberFilter, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("From")
    )
    called = models.ForeignKey(
        NumberFilter, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("To")
    )
    times = models.ForeignKey(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Time")
    )
    action = models.CharField(_("Action"), max_length=20, choices=Action, default=Action.RING)
    number = DialTarget(_("Number"), blank=True)
    message = models.ForeignKey(
        Sound, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Message")
    )

    class Meta:
        verbose_name = _("screening rule")
        verbose_name_plural = _("screening rules")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "position"],
                name="one_screening_rule_a_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=~models.Q(action="number") | ~models.Q(number=""), name="screening_number_is_there"
            ),
            models.CheckConstraint(
                condition=~models.Q(action="play") | models.Q(message__isnull=False), name="screening_message_is_there"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.Action(self.action).label)
