"""All settings, read from the environment; see .env.example for each name with its meaning.

Odd values stop the boot. Without DATABASE_URL or REDIS_URL the portal uses servers of its own
(`selfcare.embedded`), which is meant for a trial, not for an ITSP's customers.
"""

from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from selfcare import embedded, environment, logs, payment_providers, schedule, sms_provider
from selfcare.browser_guards import content_security_policy

BASE_DIR = Path(__file__).resolve().parent.parent
environment.read_file(BASE_DIR / ".env")

# A trial on one machine: embedded servers, demo data, mail into files. Never for real customers.
TRIAL = environment.flag("DEBUG")
# Django's own error pages, for developers; a trial shows the portal's pages as customers will see them.
DEBUG = TRIAL and environment.flag("DEBUG_PAGES")
VAR_DIR = embedded.var_dir()

# --- Who may talk to us -------------------------------------------------------------------------------
SECRET_KEY = environment.secret("SECRET_KEY")
if not SECRET_KEY:
    if not TRIAL:
        raise ImproperlyConfigured("SECRET_KEY is empty. Set it, or set DEBUG=1 for a trial on this machine.")
    SECRET_KEY = embedded.trial_secret_key()
elif len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters.")
SECRET_KEY_FALLBACKS = environment.listing("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = environment.listing("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if TRIAL else "")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the portal's host names, without *.")
PORTAL_URL = environment.text("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = environment.listing("CSRF_TRUSTED_ORIGINS")
HTTPS = environment.flag("HTTPS", default=not TRIAL)

# --- What is installed --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "selfcare.apps.Selfcare",
    "centrex",
    "billing",
    "tickets",
    "selfcare.apps.Administration",
    "selfcare.apps.Rights",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "selfcare.apps.Sessions",
    "selfcare.apps.LockedOut",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_countries",
    "django_structlog",
    "django_tables2",
    "pghistory",
    "pgtrigger",
    "phonenumber_field",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "selfcare.middleware.PrivacyMiddleware",
    "csp.middleware.CSPMiddleware",
    "selfcare.middleware.CleanMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "selfcare.middleware.RequestLogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "selfcare.tenancy.CustomerMiddleware",
    "selfcare.middleware.LineUserMiddleware",
    "selfcare.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "selfcare.urls"
WSGI_APPLICATION = "selfcare.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "selfcare.pages.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "selfcare.templatetags.portal",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Where the data is --------------------------------------------------------------------------------
DATABASES = {"default": environ.Env.db_url_config(environment.secret("DATABASE_URL") or embedded.database_url())}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must be a postgres:// address; other databases have no partitions.")
DATABASES["default"] |= {
    "CONN_MAX_AGE": environment.integer("CONN_MAX_AGE", 60, low=1, high=3600),
    "CONN_HEALTH_CHECKS": True,
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DATABASES["default"]["OPTIONS"]["options"] = (
    "-c idle_in_transaction_session_timeout=30s -c lock_timeout=10s -c statement_timeout="
    f"{environment.integer('STATEMENT_TIMEOUT', 15, low=0, high=3600)}s"
)
PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"  # the moment itself, not when its transaction began
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)  # nothing else changes a tracked row
# Rate limits must hold while Redis is down, so the cache lives beside the data.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "selfcare_cache"}}
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT") or VAR_DIR / "media")
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o640

STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT") or BASE_DIR / "staticfiles")
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [BASE_DIR / "static"] + [
    (f"vendor/{name}", NODE_MODULES / path)
    for name, path in {
        "bootstrap": "bootstrap/dist",
        "bootstrap-icons": "bootstrap-icons/font",
        "htmx": "htmx.org/dist",
        "sortablejs": "sortablejs",
    }.items()
    if (NODE_MODULES / path).is_dir()
]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TRIAL  # no collectstatic in a trial
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TRIAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Signing in ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "selfcare.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first, so that a locked-out login reaches no other backend
    "selfcare.backends.WithCustomer",
    "selfcare.backends.ByNameOrMail",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "selfcare.pages.signing_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # users are made by staff or by an owner, never by signing up
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # Django keeps this session and ends the others
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger cannot have us send mail to anybody
ACCOUNT_SESSION_REMEMBER = False
# For signing in axes locks earlier, per login and address.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,10/15m/key", "password_again": "5/15m/user"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
TRUSTED_PROXIES = environment.integer("TRUSTED_PROXIES", 0, low=0, high=5)
USERSESSIONS_TRACK_ACTIVITY = False
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = ["password"]
AXES_LOCKOUT_CALLABLE = "selfcare.pages.signing_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "selfcare.middleware.client_ip"
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-sid" if HTTPS else "sid"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- Browser's guards ---------------------------------------------------------------------------------
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # the load balancer asks over plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "selfcare.pages.errors.csrf_failure"

# --- Language and time --------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

# --- Neighbours: mail, tasks, payment provider --------------------------------------------------------
EMAIL_TIMEOUT = 10
if environment.secret("EMAIL_URL"):
    vars().update(environ.Env.email_url_config(environment.secret("EMAIL_URL")))
elif TRIAL:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
else:
    raise ImproperlyConfigured("EMAIL_URL is empty; example: smtp+tls://user:password@mail.example.net:587")
SMS = sms_provider.from_environment()
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("MAIL_FROM", "selfcare@localhost")

CELERY_BROKER_URL = environment.secret("REDIS_URL") or embedded.redis_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
BROKER_SECONDS = {"visibility_timeout": 3 * 3600, "socket_timeout": 2, "socket_connect_timeout": 2}
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER_SECONDS | {"max_retries": 1}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_PUBLISH_RETRY = False  # a page must not wait for a broker that is down, or that hangs
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")  # only when what ran last; it may be lost
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # the worker logs like the rest of the portal
CELERY_BEAT_SCHEDULE = schedule.SCHEDULE

STRIPE = payment_providers.stripe_from_environment(trial=TRIAL)
STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET = STRIPE.secret_key, STRIPE.webhook_secret
STRIPE_PUBLISHABLE_KEY, STRIPE_API_BASE = STRIPE.publishable_key, STRIPE.api
PAYMENT_ELEMENT = environment.flag("PAYMENT_ELEMENT")
PAYNEARME = payment_providers.paynearme_from_environment(stripe_api=STRIPE.api)
PAYNEARME_SITE, PAYNEARME_SECRET, PAYNEARME_URL = PAYNEARME.site, PAYNEARME.secret, PAYNEARME.url
PAYMENT_PAGE = STRIPE.page
CONTENT_SECURITY_POLICY = content_security_policy(form_goes_to=PAYMENT_PAGE)

# --- Logs: one JSON object a line, with the request's id ----------------------------------------------
LOG_LEVEL = environment.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"})
LOG_FORMAT = environment.choice("LOG_FORMAT", "text" if TRIAL else "json", {"json", "text"})
LOGGING = logs.configured(level=LOG_LEVEL, as_json=LOG_FORMAT == "json")
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20

# --- What the ITSP promises ---------------------------------------------------------------------------
MINIMUM_PAYMENT = environment.integer("MINIMUM_PAYMENT", 5, low=1, high=1000)
MAXIMUM_PAYMENT = environment.integer("MAXIMUM_PAYMENT", 10_000, low=1, high=10_000_000)
REFUND_APPROVAL_ABOVE = environment.integer("REFUND_APPROVAL_ABOVE", 100, low=0, high=10_000_000)
RETURN_FEE = environment.integer("RETURN_FEE", 0, low=0, high=1000)  # for a debit that the bank took back
COLLECTION_THRESHOLD = environment.integer("COLLECTION_THRESHOLD", 0, low=0, high=1000)
HISTORY_DAYS = environment.integer("HISTORY_DAYS", 400, low=1, high=10_000)  # after that an act cannot be undone
ATTACHMENT_MAX_BYTES = environment.integer("ATTACHMENT_MAX_MB", 10, low=1, high=100) * 1024 * 1024
SOUND_MAX_BYTES = environment.integer("SOUND_MAX_MB", 10, low=1, high=30) * 1024 * 1024
SOUND_QUOTA_BYTES = environment.integer("SOUND_QUOTA_MB", 200, low=1, high=100_000) * 1024 * 1024
VOICE_LANGUAGES = environment.listing("VOICE_LANGUAGES", "en,de,es,fr")  # in which the switch has announcements
# What no customer's call may reach, and the domains at which calls would come back to us.
DENIED_DESTINATIONS = environment.listing("DENIED_DESTINATIONS")
CALLS_ABROAD = environment.choice("CALLS_ABROAD", "home", {"home", "everywhere"})
HIGH_RISK_COUNTRIES = environment.listing(
    "HIGH_RISK_COUNTRIES", "001,AC,BI,CU,ER,FK,GM,GN,GW,IO,KI,KM,KP,LR,MV,NR,PG,SB,SL,SO,TD,TL,TV,VU,WF,ZW"
)
EMERGENCY_VALIDATOR = environment.text("EMERGENCY_VALIDATOR", "centrex.operations.emergency.validators.ByStaff")
SIP_DOMAINS = [domain.lower() for domain in environment.listing("SIP_DOMAINS")]
# What phones sign in with: the realm is a part of every kept password.
SIP_REALM = environment.text("SIP_REALM", SIP_DOMAINS[0] if SIP_DOMAINS else "sip.localhost")
SIP_SERVER = environment.text("SIP_SERVER", SIP_REALM)
SIP_TRANSPORT = environment.choice("SIP_TRANSPORT", "udp", {"udp", "tcp", "tls"})
