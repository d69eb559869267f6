"""Settings of the tests: as in production, but without HTTPS and with a cheap password hasher.

Nothing of this machine's own configuration reaches a test: not the environment, not `.env`. The data lies in
an embedded PostgreSQL under `var/test`, unless SELFCARE_TEST_DATABASE_URL names another server.
"""

import os
import re
from pathlib import Path

from selfcare import embedded

ROOT = Path(__file__).resolve().parent.parent
for name in re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE):
    os.environ.pop(name, None)
os.environ["SELFCARE_VAR"] = os.environ.get("SELFCARE_TEST_VAR") or str(ROOT / "var" / "test")
# Test data need not survive a power failure.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
os.environ |= {
    "SELFCARE_ENV_FILE": os.devnull,
    "SECRET_KEY": "only for tests, and as long as the settings want it to be",
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "DATABASE_URL": os.environ.get("SELFCARE_TEST_DATABASE_URL") or embedded.database_url(**NOT_DURABLE),
    "REDIS_URL": "memory://",
    "EMAIL_URL": "memorymail://",
    "HTTPS": "0",
    "PAYMENT_SANDBOX": "1",
    "CALLS_ABROAD": "everywhere",  # most tests are about something else than the countries
    "LOG_LEVEL": "WARNING",
}

from selfcare.settings import *  # noqa: E402, F403  # reads the environment that is set above
from selfcare.settings import DATABASES, MEDIA_ROOT, STORAGES  # noqa: E402

# The threads of a live server end with their connection, or the test database could not be dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Files are served from where they lie: no test waits for collectstatic.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# Parallel tests keep their files apart.
MEDIA_ROOT = MEDIA_ROOT / os.environ.get("PYTEST_XDIST_WORKER", "alone")
