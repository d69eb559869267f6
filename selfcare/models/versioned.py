"""Records that two people may edit at once."""

from django.db import models


class Versioned(models.Model):
    """Counts its saves, so that the later of two editors is told instead of overwriting the earlier."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
