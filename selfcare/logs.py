"""Logs: one JSON object a line with the request's id, or plain text for a person at the terminal."""

from __future__ import annotations

import re
from typing import Any

import structlog

# What stands in these addresses opens a door by itself.
MAILED_LINKS = re.compile(r"(/accounts/password/reset/key/|/profile/confirm-email/|/billing/payments/confirm/)\S+")


def without_mailed_links(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with the secret part of mailed links cut off, in our lines about a request and in Django's."""
    for name in ("event", "request"):
        if isinstance(entry.get(name), str):
            entry[name] = MAILED_LINKS.sub(r"\1…", entry[name])
    return entry


BEFORE_RENDERING: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    without_mailed_links,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configured(*, level: str, as_json: bool) -> dict[str, Any]:
    """Set structlog up and give Django's LOGGING for the same form; line breaks in values cannot forge a line."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *BEFORE_RENDERING,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    structured = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        "foreign_pre_chain": BEFORE_RENDERING,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": structured},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": ["console"], "level": level, "propagate": False},
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
