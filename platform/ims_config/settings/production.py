"""A real installation: HTTPS only, host-only cookies with the `__Host-` prefix."""

from django.core.exceptions import ImproperlyConfigured

from ims_config.settings.base import *  # noqa: F403
from ims_config.settings.base import ENV

if len(ENV.secret_key) < 50:  # noqa: PLR2004 - Django's own rule for a strong key
    raise ImproperlyConfigured(
        "IMS_SECRET_KEY must be at least 50 characters. Make one with "
        "`python -c 'import secrets; print(secrets.token_urlsafe(50))'`."
    )

# One made and kept beside the files would lie in the same backup as what it protects.
if not ENV.key_encryption_key_is_named:
    raise ImproperlyConfigured(
        "IMS_KEY_ENCRYPTION_KEY must be set: 32 random bytes as base64, which protect the "
        "councils' stored secrets. Make one with `openssl rand -base64 32` and keep a copy apart "
        "from the backups: without it, every stored secret must be entered again."
    )

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-ims_session"
CSRF_COOKIE_NAME = "__Host-ims_csrf"
# Probes are answered before this (ims_config.health), so they may come by plain HTTP.
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.behind_https else None
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
