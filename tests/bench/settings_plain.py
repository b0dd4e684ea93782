"""Plain Django, for comparison: the same view, no tenancy, no middleware, one fixed schema."""

import os

import environ

SECRET_KEY = "bench"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.bench.hosted_view"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
USE_TZ = True
DATABASES = {
    "default": {
        **environ.Env().db_url("DATABASE_URL"),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": int(os.environ.get("BENCH_CONN_MAX_AGE", "600")),
        "OPTIONS": {"options": f"-c search_path={os.environ['BENCH_SCHEMA']}"},
    }
}
