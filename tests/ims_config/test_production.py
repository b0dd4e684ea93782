"""A real installation starts with safe settings, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
SECRET = "an-invented-secret-of-more-than-fifty-characters-for-one-test"
KEY = "dGVzdC1vbmx5LCBhbmQgMzIgYnl0ZXMgaW4gYWxsLi4="


def manage(*arguments: str, tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    facts = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ims_config.settings.production",
        "IMS_SECRET_KEY": SECRET,
        "IMS_KEY_ENCRYPTION_KEY": KEY,
        "IMS_VAR_DIR": str(tmp_path),
        "DATABASE_URL": (
            f"postgresql://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}"
            f"/{facts['NAME']}"
        ),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        **variables,
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("behind_https", ["0", "1"])
def test_the_settings_pass_django_s_own_deployment_checks(
    db: None, tmp_path: Path, behind_https: str
) -> None:
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", "--database", "default",
        tmp_path=tmp_path, IMS_BEHIND_HTTPS=behind_https,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize("secret", ["short", "x" * 49])
def test_a_secret_that_is_too_short_is_refused_in_words(tmp_path: Path, secret: str) -> None:
    done = manage("check", tmp_path=tmp_path, IMS_SECRET_KEY=secret)
    assert done.returncode != 0
    assert "IMS_SECRET_KEY must be at least 50 characters" in done.stderr
    assert "secrets.token_urlsafe(50)" in done.stderr
    assert secret * 2 not in done.stderr


def test_without_a_key_for_stored_secrets_it_does_not_start(tmp_path: Path) -> None:
    done = manage("check", tmp_path=tmp_path, IMS_KEY_ENCRYPTION_KEY="")
    assert done.returncode != 0
    assert "IMS_KEY_ENCRYPTION_KEY must be set" in done.stderr


@pytest.mark.parametrize("key", ["not-base64-at-all!", "c2hvcnQ=", f"{KEY},{KEY[:-4]}"])
def test_a_key_that_is_none_is_refused_in_words(tmp_path: Path, key: str) -> None:
    done = manage("check", tmp_path=tmp_path, IMS_KEY_ENCRYPTION_KEY=key)
    assert done.returncode != 0
    assert "IMS_KEY_ENCRYPTION_KEY must be 32 random bytes as base64" in done.stderr
    assert key not in done.stderr


def test_cookies_belong_to_one_host_and_travel_by_https_only(tmp_path: Path) -> None:
    script = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN, s.DEBUG, "
        "s.SESSION_COOKIE_PATH, s.USE_X_FORWARDED_HOST, s.SECURE_HSTS_SECONDS >= 31536000)"
    )
    done = manage("shell", "--no-imports", "-c", script, tmp_path=tmp_path)
    assert done.stdout.split() == [
        "__Host-ims_session", "__Host-ims_csrf", "True", "True", "None", "False", "/", "False",
        "True",
    ]  # fmt: skip
