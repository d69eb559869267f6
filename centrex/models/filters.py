"""Named lists that rules share: numbers, and times."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare.models import Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned


@tracked()
class NumberFilter(Versioned, CustomerOwned):
    """A named list of numbers and patterns, one a line: digits, "x" for any digit, "%" for any that follow."""

    name = models.CharField(_("Name"), max_length=60)
    patterns = models.TextField(_("Numbers"), max_length=4000, blank=True)
    anonymous = models.BooleanField(_("Callers who hide their number"), default=False)

    class Meta:
        verbose_name = _("number filter")
        verbose_name_plural = _("number filters")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "name"],
                name="number_filter_name_once",
                violation_error_message=_("There is a filter of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Schedule(Versioned, CustomerOwned):
    """Named times, such as business hours, for filters, huntgroups and menus; `period` is Time::Period notation.

    On a day of `ScheduleDay` the period does not count: the day is closed, or has hours of its own.
    """

    name = models.CharField(_("Name"), max_length=60)
    period = models.TextField(_("Time Periods"), max_length=2000, blank=True)
    holidays_country = models.CharField(_("Public holidays of"), max_length=2, blank=True)
    holidays_region = models.CharField(_("Region"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "name"],
                name="schedule_name_once",
                violation_error_message=_("There is a schedule of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ScheduleDay(models.Model):
    """A day on which a schedule differs: closed, or open from `start` until `end` by the clock on the wall."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=60, blank=True)
    start = models.TimeField(_("open from"), null=True, blank=True)
    end = models.TimeField(_("open until"), null=True, blank=True)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "day"], name="special_day_once"),
            models.CheckConstraint(
                condition=models.Q(start__isnull=True, end__isnull=True)
                | models.Q(start__isnull=False, end__isnull=False),
                name="special_day_open_from_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()
