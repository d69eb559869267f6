"""Settings of the bench: those of the tests, with what costs time in production and tests do without.

Connections are kept, and requests are logged as in production; the log goes nowhere.
"""

import os

from selfcare import logs
from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

ROOT_URLCONF = "tests.bench.site"
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["OPTIONS"]["options"] = "-c statement_timeout=0"  # filling and proving a ledger takes long
LOGGING = logs.configured(level="INFO", as_json=True)
LOGGING["handlers"]["console"]["stream"] = open(os.devnull, "w")  # noqa: SIM115  # as long as the process lives
