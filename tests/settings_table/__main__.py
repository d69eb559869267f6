"""`make settings`: writes docs/settings.md."""

from __future__ import annotations

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from tests.settings_table.write import FILE, written  # noqa: E402  # Django must be set up before its models are imported

FILE.write_text(written())
