"""Settings of the tests: as in production, but without HTTPS and with a cheap password hasher."""

import os
from pathlib import Path

os.environ["SELFCARE_VAR"] = os.environ.get("SELFCARE_TEST_VAR") or str(
    Path(__file__).resolve().parent.parent / "var" / "test"
)
os.environ["DEBUG"] = "1"

from selfcare.settings import *  # noqa: F403

TRIAL = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
