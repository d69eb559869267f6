"""Reports of transactions as files: made for each closed period, and when somebody asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from selfcare import formats
from selfcare.tenancy import CustomerOwned

NAME_LENGTH = 200
SECOND = timedelta(seconds=1)


class XdrReport(CustomerOwned):
    """Transactions that started in [period_start, period_end) as CSV, PDF or both, made by a job.

    The language, the time zone and the way of writing dates are those of whoever asked, when he asked. A worker that
    makes it has it until `taken_until`; `turn` counts the workers that had it, so that one who was taken for dead
    cannot write over his successor. `rows_done` of `rows_total` is the progress over all formats. The files' names
    are written only when the files are whole; `reason` says why there are none, or why one of them is missing.
    """

    class Kind(models.TextChoices):
        AUTOMATIC = "automatic", _("Every period")
        REQUESTED = "requested", _("On request")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Whose(models.TextChoices):
        ALL = "all", _("Customer and all phone lines")
        CUSTOMER = "customer", _("Customer only")
        LINE = "line", _("One phone line")

    class Reason(models.TextChoices):
        """Why a report has failed, as its owner reads it."""

        DISK_FULL = "disk_full", _("Our disk for reports is full. Please try again tomorrow, or ask us.")
        LINE_GONE = "line_gone", _("The phone line was deleted before the report was made.")
        NO_PDF = (
            "no_pdf",
            _("A PDF has room for 100,000 transactions, and these are more. The CSV file takes any number."),
        )
        GAVE_UP = "gave_up", _("It could not be made, although we tried several times. Try again, or ask us.")

    OPEN: ClassVar[tuple[str, ...]] = (State.WAITING, State.RUNNING)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)
    period_start = models.DateTimeField(_("from"))
    period_end = models.DateTimeField(_("till"))
    whose = models.CharField(_("records of"), max_length=10, choices=Whose, default=Whose.ALL)
    line = models.ForeignKey(
        Line, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("phone line")
    )
    line_name = models.CharField(_("name of the phone line"), max_length=NAME_LENGTH, blank=True)
    services = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("services"), default=list, blank=True)
    failed_too = models.BooleanField(_("with failed transactions"), default=False)
    wants_csv = models.BooleanField(_("CSV"), default=True)
    wants_pdf = models.BooleanField(_("PDF"), default=True)
    byte_order_mark = models.BooleanField(_("with a byte order mark"), default=True)
    time_zone = models.CharField(_("time zone"), max_length=50)
    language = models.CharField(_("language"), max_length=10, default="en")
    date_format = models.CharField(_("date and time format"), max_length=10, default="language")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested"))
    tell_by_mail = models.BooleanField(_("e-mail when it is ready"), default=False)
    rows = models.PositiveBigIntegerField(_("transactions"), null=True, blank=True)
    rows_done = models.PositiveBigIntegerField(_("rows done"), default=0)
    rows_total = models.PositiveBigIntegerField(_("rows in all"), default=0)
    csv_file = models.CharField(_("CSV file"), max_length=200, blank=True)
    pdf_file = models.CharField(_("PDF file"), max_length=200, blank=True)
    bytes = models.PositiveBigIntegerField(_("size, bytes"), default=0)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    kept_until = models.DateTimeField(_("kept until"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    turn = models.PositiveIntegerField(_("turn"), default=0, editable=False)
    not_before = models.DateTimeField(_("next try"), null=True, blank=True)
    taken_until = models.DateTimeField(_("taken until"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "period_start"],
                condition=models.Q(kind="automatic"),
                name="one_automatic_report_a_period",
            ),
            models.CheckConstraint(
                condition=models.Q(period_start__lt=models.F("period_end")), name="report_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(wants_csv=True) | models.Q(wants_pdf=True), name="report_has_a_format"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-requested_at"], name="reports_by_customer"),
            models.Index(
                fields=["requested_at"], name="reports_open", condition=models.Q(state__in=["waiting", "running"])
            ),
            models.Index(fields=["kept_until"], name="reports_kept"),
        ]

    def __str__(self) -> str:
        with timezone.override(self.time_zone):
            first, last = formats.day(self.period_start), formats.day(self.last_moment)
        return first if first == last else f"{first} – {last}"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its times are written."""
        return ZoneInfo(self.time_zone)

    @property
    def last_moment(self) -> datetime:
        """The last second inside the period."""
        return self.period_end - SECOND

    @property
    def is_open(self) -> bool:
        """Whether a job still has to make it, or is at it."""
        return self.state in self.OPEN

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def percent(self) -> int:
        """How much of it is made; a report without rows has nothing to wait for."""
        return min(100, 100 * self.rows_done // self.rows_total) if self.rows_total else 0
