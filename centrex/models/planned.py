"""Changes of the telephone system that begin, and may end, at a time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from selfcare.models import Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned


@tracked()
class PlannedChange(Versioned, CustomerOwned):
    """The difference that somebody planned for one part of a record: a line's section, a huntgroup, and so on.

    `part` names an entry of `centrex.operations.planned.parts`; `new` maps its fields to their values from `starts_at`
    on. `before` and `after` are the whole part just before and just after that, from which the end works out what goes
    back. `changes` and `labels` are the same in words, as the planner read them.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ACTIVE = "active", _("In force")
        DONE = "done", _("Done")
        MISSED = "missed", _("Missed")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    part = models.CharField(_("part"), max_length=20)
    record_type = models.CharField(_("record type"), max_length=60)
    record_id = models.BigIntegerField(_("record id"))
    record_name = models.CharField(_("record"), max_length=200)
    planned_on = models.PositiveIntegerField(_("version it was planned on"))
    new = models.JSONField(_("new values"))
    changes = models.JSONField(_("changes"), default=dict)
    labels = models.JSONField(_("labels"), default=dict, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    reason = models.TextField(_("reason"), blank=True)
    confirmed = models.BooleanField(_("password given"), default=False)
    before = models.JSONField(_("values before it"), null=True, blank=True)
    after = models.JSONField(_("values after it"), null=True, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("planned by"),
    )

    class Meta:
        verbose_name = _("planned change")
        verbose_name_plural = _("planned changes")
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["starts_at"], name="planned_to_start", condition=models.Q(state="planned")),
            models.Index(fields=["ends_at"], name="planned_to_end", condition=models.Q(state="active")),
            models.Index(fields=["record_type", "record_id"], name="planned_of_record"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="planned_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="active")
                | models.Q(ends_at__isnull=False, before__isnull=False, after__isnull=False),
                name="planned_active_knows_its_way_back",
            ),
        ]

    def __str__(self) -> str:
        return __("Planned change of %(record)s") % {"record": self.record_name}
