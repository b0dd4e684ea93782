"""Tests: a database of their own, fast password hashing, and nothing leaves the machine."""

import base64
import os
from pathlib import Path

os.environ.setdefault("IMS_SECRET_KEY", "test-only-not-a-secret")
os.environ.setdefault(
    "IMS_KEY_ENCRYPTION_KEY", base64.b64encode(b"test-only, and 32 bytes in all..").decode()
)
# Read by ims_config.database, which base.py calls: not the demo's server, and without fsync.
os.environ.setdefault(
    "IMS_LOCALDB_DIR", str(Path(__file__).resolve().parents[3] / ".var" / "pg-test")
)
os.environ.setdefault("IMS_LOCALDB_DURABLE", "0")

from ims_config.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
IMS_HOST_CACHE_SECONDS = 0
# Files are found when asked for: no folder of collected files is needed, nor read for each client.
WHITENOISE_AUTOREFRESH = True
# A provider of single sign-on that a test starts itself.
IMS_LOOPBACK_PROVIDERS = True
IMS_SENDS_EMAIL = True
# What tests of the public host are about is not signing in; those that are set this themselves.
IMS_OPERATORS_NEED_SECOND_FACTOR = False
