"""What the portal remembers for a user: table columns, the arrangement of windows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Preference(models.Model):
    """One remembered choice of one user: `name` such as `table:extensions`, `value` a small JSON object."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    name = models.CharField(_("name"), max_length=60)
    value = models.JSONField(_("value"), default=dict)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_value_a_preference")]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"

    @classmethod
    def recall(cls, user, name: str) -> dict:
        """The remembered value, or an empty dictionary."""
        return cls.objects.filter(user=user, name=name).values_list("value", flat=True).first() or {}

    @classmethod
    def remember(cls, user, name: str, value: dict) -> None:
        """Keep `value` under `name` for `user`."""
        cls.objects.update_or_create(user=user, name=name, defaults={"value": value})
