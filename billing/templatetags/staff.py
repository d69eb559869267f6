"""What the administration's own templates ask of billing."""

from django import template
from django.utils import timezone

from billing.queries.open_ends import open_counts

register = template.Library()


@register.simple_tag
def open_ends_total() -> int:
    """How much about money has not ended."""
    return sum(open_counts(now=timezone.now()).values())
