"""Tests: fast password hashing and nothing leaves the machine."""

import os

os.environ.setdefault("IMS_SECRET_KEY", "test-only-not-a-secret")

from ims_config.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
IMS_HOST_CACHE_SECONDS = 0
