"""Settings every place shares. A council's own settings are data in its schema, never here."""

from __future__ import annotations

import re
from typing import Any

from ims_config import apps, env, monitoring
from ims_config.database import database_url, django_settings
from ims_config.logging import LOGGING_CONFIG_DICT, configure_structlog
from ims_kernel.web.middleware import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY

ENV = env.read()
ROOT = env.ROOT

SECRET_KEY = ENV.secret_key
# 32 bytes each: the first protects councils' data keys, all of them open one.
IMS_KEY_ENCRYPTION_KEYS = ENV.key_encryption_keys
DEBUG = False
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
WSGI_APPLICATION = "ims_config.wsgi.application"

# --- councils --------------------------------------------------------------------------------
SHARED_APPS = apps.SHARED_APPS
TENANT_APPS = apps.TENANT_APPS
INSTALLED_APPS = apps.INSTALLED_APPS
TENANT_MODEL = "ims_tenants.Council"
TENANT_DOMAIN_MODEL = "ims_tenants.Domain"
DATABASE_ROUTERS = ("django_tenants.routers.TenantSyncRouter",)
PUBLIC_SCHEMA_NAME = "public"
PUBLIC_SCHEMA_URLCONF = "ims_config.urls_public"
ROOT_URLCONF = "ims_config.urls_council"
IMS_PUBLIC_HOST = ENV.public_host
IMS_PORT = ENV.port
# The host decides the council, so the hosts served are the rows of Domain and the public host:
# ims_tenants.middleware refuses every other before any view runs.
ALLOWED_HOSTS = ["*"]
USE_X_FORWARDED_HOST = False
# Whose X-Forwarded-For is believed (ims_kernel.web.addresses): nobody, unless a proxy is in front.
IMS_TRUSTED_PROXIES: tuple[str, ...] = (
    tuple(each for each in re.split(r"[,\s]+", ENV.forwarded_allow_ips) if each)
    if ENV.behind_https
    else ()
)

# --- database --------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **django_settings(database_url()),
        "ENGINE": "django_tenants.postgresql_backend",
        # Measured: with sync workers, persistent connections beat a pool and gthread, and no
        # reuse at all is ten times slower (docs/explanation/performance.md).
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}

# --- requests --------------------------------------------------------------------------------
MIDDLEWARE = [
    "ims_kernel.web.middleware.RequestId",
    "ims_kernel.web.middleware.SecurityHeaders",
    "ims_config.health.Probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ims_tenants.middleware.CouncilByHost",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ims_tenants.middleware.SessionBelongsToCouncil",
    "allauth.account.middleware.AccountMiddleware",
    "ims_kernel.identity.middleware.ActorOnRequest",
    "ims.backoffice.navigation.SectionsOnRequest",
    "ims.backoffice.banners.BannersOnRequest",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "ims_kernel.web.middleware.ErrorsForPeople",
]

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["ims_kernel.identity.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "ims_kernel.signin.passwords.NotBreached",
        "OPTIONS": {"path": ENV.breached_passwords},
    },
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"

# --- allauth: its tables and its arithmetic, none of its pages (docs/adr/0025) -------------------
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Ours hold across processes (signin.limits); allauth's count in the cache of one.
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "ims_kernel.signin.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
# A phone's clock may be half a minute wrong.
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "ims_kernel.signin.adapters.ProviderAdapter"
# Operators have no council whose setting could ask them for a second factor.
IMS_OPERATORS_NEED_SECOND_FACTOR = True
# A provider of single sign-on on this machine: for tests and development only.
IMS_LOOPBACK_PROVIDERS = False

# Cookies belong to one host. No domain, ever: a council must not receive another's session.
SESSION_ENGINE = "ims_kernel.identity.session_store"
SESSION_COOKIE_DOMAIN = None
CSRF_COOKIE_DOMAIN = None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# An hour after the last page (identity.sessions.renew), unless the council chose another time. The
# cookie goes with the browser, so that a session which timed out can be told from a new visit.
SESSION_COOKIE_AGE = 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_NAME = "ims_session"
CSRF_COOKIE_NAME = "ims_csrf"
CSRF_FAILURE_VIEW = "ims_kernel.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "council",
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    },
    # Public facts only: which host is which council. Listed in ims_tenants.checks.
    "shared": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "shared",
        "KEY_PREFIX": "shared",
        # Several hosts for each of hundreds of councils; Django's 300 would push them out.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
IMS_HOST_CACHE_SECONDS = 10

# Provider kind -> address of a simulator to call instead. Empty: the providers themselves.
IMS_PROVIDER_ADDRESSES = ENV.provider_addresses

# --- pages -----------------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "ims_kernel.web.jinja.environment",
            "context_processors": ["ims_kernel.web.context.page"],
        },
    },
]
STATIC_URL = "/static/"
STATIC_ROOT = ENV.var_dir / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# --- API -------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "ims.api.problems.as_problem",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # Only what a view of ims.api.access.ApiView says itself: nothing opens by default.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "LocalGov IMS",
    "DESCRIPTION": "A council's income management, for its other systems.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# --- files -----------------------------------------------------------------------------------
IMS_FILES_DIR = ENV.var_dir / "files"
IMS_MAX_UPLOAD_BYTES = 150 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- e-mail ------------------------------------------------------------------------------------
IMS_SENDS_EMAIL = bool(ENV.email_url)
vars().update(env.email_settings(ENV.email_url))
DEFAULT_FROM_EMAIL = ENV.email_from

# --- background work ---------------------------------------------------------------------------
PROCRASTINATE_ON_APP_READY = "ims_kernel.jobs.app.on_app_ready"

# --- logs and errors ---------------------------------------------------------------------------
LOGGING_CONFIG = None
LOGGING = LOGGING_CONFIG_DICT
configure_structlog(level=ENV.log_level)
monitoring.configure(ENV)
