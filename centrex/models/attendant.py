"""Auto attendants: menus that answer a line's calls."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.dial_target import DialTarget
from centrex.models.filters import Schedule
from centrex.models.huntgroup import Huntgroup
from centrex.models.line import Line
from centrex.models.sound import Sound
from selfcare.models import Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned

ROOT = "ROOT"


def spoken_languages() -> list[tuple[str, Any]]:
    """The languages in which the ITSP's switch speaks to callers, by their codes; empty: as the company has it."""
    named = [(code, LANG_INFO.get(code, {}).get("name", code)) for code in settings.VOICE_LANGUAGES]
    return [("", _("Your company's")), *((code, _(name)) for code, name in named)]


class Act(models.TextChoices):
    """What an event of a menu leads to."""

    REPEAT = "repeat", _("Play the menu again")
    TRANSFER = "transfer", _("Transfer to a number")
    HUNTGROUP = "huntgroup", _("Huntgroup")
    QUEUE = "queue", _("Call queue")
    VOICEMAIL = "voicemail", _("Voicemail")
    FAX = "fax", _("Fax box")
    MENU = "menu", _("Go to menu")
    DIRECTORY = "directory", _("Dial by name")
    EXTENSION = "extension", _("Dial an extension directly")
    DISA = "disa", _("Call outside (DISA)")
    HANG_UP = "hang_up", _("Hang up")


@tracked()
class Menu(Versioned, CustomerOwned):
    """A menu of a line's auto attendant; the one called ROOT is entered first and always there."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="menus", verbose_name=_("phone line"))
    name = models.CharField(_("Name"), max_length=40)
    schedule = models.ForeignKey(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Active")
    )
    intro = models.ForeignKey(
        Sound, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Intro")
    )
    prompt = models.ForeignKey(
        Sound, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Menu prompt")
    )
    on_timeout = models.ForeignKey(
        Sound, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Prompt on timeout")
    )
    on_unavailable = models.ForeignKey(
        Sound,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Prompt on wrong choice"),
    )
    first_digit_seconds = models.PositiveSmallIntegerField(
        _("First digit"), default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    next_digit_seconds = models.PositiveSmallIntegerField(
        _("Next digit"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    max_loops = models.PositiveSmallIntegerField(
        _("Times it is played"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    dial_extensions = models.BooleanField(_("Callers may dial an extension they know"), default=True)
    max_extension_digits = models.PositiveSmallIntegerField(
        _("Longest extension"), default=4, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )

    language = models.CharField(_("Language"), max_length=10, blank=True, default="", choices=spoken_languages)

    class Meta:
        verbose_name = _("menu")
        verbose_name_plural = _("menus")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "name"],
                name="menu_name_once",
                violation_error_message=_("There is a menu of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_root(self) -> bool:
        return self.name == ROOT


@tracked()
class MenuChoice(models.Model):
    """What a menu does at an event: a key, a timeout, a wrong choice, a fax tone, or while it is not active."""

    class Event(models.TextChoices):
        ZERO, ONE, TWO, THREE, FOUR = "0", "1", "2", "3", "4"
        FIVE, SIX, SEVEN, EIGHT, NINE = "5", "6", "7", "8", "9"
        STAR, HASH = "*", "#"
        TIMEOUT = "timeout", _("Nothing pressed")
        UNAVAILABLE = "unavailable", _("Wrong choice")
        FAX_TONE = "fax", _("Fax tone")
        NOT_ACTIVE = "not_active", _("Not active")

    menu = models.ForeignKey(Menu, on_delete=models.CASCADE, related_name="events")
    event = models.CharField(_("Event"), max_length=12, choices=Event)
    act = models.CharField(_("Action"), max_length=12, choices=Act, default=Act.REPEAT)
    number = DialTarget(_("Number"), blank=True)
    huntgroup = models.ForeignKey(Huntgroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Not PROTECT: menus that lead to each other go together with their line.
    next_menu = models.ForeignKey(Menu, on_delete=models.RESTRICT, null=True, blank=True, related_name="led_to_by")
    play = models.ForeignKey(Sound, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("menu event")
        verbose_name_plural = _("menu events")
        ordering = ["event"]
        constraints = [
            models.UniqueConstraint(fields=["menu", "event"], name="event_once_a_menu"),
            models.CheckConstraint(
                condition=~models.Q(act="transfer") | ~models.Q(number=""), name="transfer_has_a_number"
            ),
            models.CheckConstraint(
                condition=~models.Q(act__in=["huntgroup", "queue"]) | models.Q(huntgroup__isnull=False),
                name="event_has_a_huntgroup",
            ),
            models.CheckConstraint(
                condition=~models.Q(act="menu") | models.Q(next_menu__isnull=False), name="event_has_a_menu"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.menu} {self.get_event_display()}"
