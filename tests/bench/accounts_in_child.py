"""`python -m tests.bench.accounts_in_child SCHEMA FILE FOLDER`: refresh, and say the peak."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import django
from django.test import override_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ims_config.settings.dev")
django.setup()

from ims_tenants.current import enter  # noqa: E402 - needs Django set up
from ims_tenants.selectors import get_council  # noqa: E402
from tests.bench.accounts import load_accounts  # noqa: E402

schema, path, folder = sys.argv[1:]
with override_settings(IMS_FILES_DIR=Path(folder)), enter(get_council(schema)):
    read, apply = load_accounts(Path(path))
# Linux counts in kilobytes.
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
sys.stdout.write(json.dumps({"peak_bytes": peak, "read_s": read, "apply_s": apply}))
